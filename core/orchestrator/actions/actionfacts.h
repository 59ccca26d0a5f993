#pragma once

#include "core/model/instance.h"
#include "core/model/volume.h"
#include "core/orchestrator/automation.h"
#include "core/orchestrator/controlplane.h"

#include <QHash>

namespace vigie {

/// What guards and plan need to know of one target: an instance, or with a volume one of its.
struct TargetFacts {
    QString id; ///< as it was asked for
    bool known = false;
    InstanceId instance;
    std::optional<Volume> volume;
    InstanceStatus status = InstanceStatus::Unknown;
    int incarnation = 0;
    bool hasMachine = false;
    QString pool;
    double costPerHour = 0;
    int volumes = 0; ///< that go with its machine
    std::optional<Held> held;
    QString workInHand;

    bool serves() const { return status == InstanceStatus::Ready; }
};

/// How full one pool is.
struct PoolFacts {
    int instances = 0; ///< neither over nor on the way there
    int ready = 0;
    int inRecovery = 0;
    double costPerHour = 0;
    std::optional<MonotonicTime> lastStart; ///< of a recovery
};

/// The fleet at one moment, as manual actions see it.
struct FleetFacts {
    QHash<QString, PoolFacts> pools;
    int inRecovery = 0;
    /// Scope (a pool; empty: everything) to why. A watcher that only just started is none: people
    /// need not wait for it.
    QHash<QString, QString> brakes;
    MonotonicTime now{};
    WallTime wallNow{};
};

FleetFacts fleetFacts(const ControlPlane& plane, const Automation& automation);
/// Of an instance, or of a volume for DeleteVolume; `known` is false for an id that does not exist.
TargetFacts targetFacts(const ControlPlane& plane, Action action, const QString& id);

} // namespace vigie
