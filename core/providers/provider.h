#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/config/settings.h"
#include "core/providers/calltoken.h"

#include <QHash>
#include <QStringList>
#include <QUrl>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace vigie {

class TroubleDesk;

enum class MachineState {
    Unknown, ///< no answer, or one that proves nothing
    Running,
    Stopped, ///< exists and does not run
    Absent,  ///< a typed not-found for this very id
};
QString toString(MachineState state);

struct MachineVolume {
    QString id, name, type;
    int sizeGb = 0;
    bool boot = false;
    MachineId attachedTo; ///< empty when detached
    QStringList tags;
    std::optional<WallTime> createdAt;
};

struct Machine {
    MachineId id;
    MachineState state = MachineState::Unknown;
    QString address; ///< the only address probes go to; empty while none is known
    QStringList tags;
    std::optional<WallTime> createdAt;
    std::vector<MachineVolume> volumes;
    /// Its creation was cut off before it knew how to start a worker; create() with the same tag
    /// completes it.
    bool unfinished = false;
};

/// What a machine needs to start its worker: becomes its environment or its user-data.
struct WorkerBoot {
    InstanceId instanceId;
    QUrl controlPlaneUrl;
    QString bootstrapSecret; ///< WORKER_AUTH_TOKEN; never logged
    QString modelId;
    QString correlationId{}; ///< of the order that starts it; its worker's log carries it on
};

struct CreateMachine {
    QString tag;        ///< "vigie-instance:<id>", looked up before any retry
    QString clusterTag; ///< "vigie-cluster:<id>"
    QString zone, instanceType;
    WorkerBoot boot;
};

enum class MachineCommandKind { Start, Stop, Reboot, Reinstall, Delete };
QString toString(MachineCommandKind kind);

struct MachineCommand {
    MachineCommandKind kind = MachineCommandKind::Start;
    MachineId machine;
    std::optional<WorkerBoot> boot; ///< required for Reinstall
    QString correlationId{};        ///< of the order that it is part of
};

/// Starts and ends machines. Failures: NotFound (typed, that very id), RateLimited with retryAfter,
/// Unauthorized/Forbidden, Invalid and Unsupported (permanent), anything else is worth a retry.
/// Commands are idempotent: repeating one that took effect succeeds.
class MachineControl {
public:
    virtual ~MachineControl() = default;
    /// Returns as soon as the machine has an id; it may still be starting.
    virtual Task<Outcome<Machine>> create(CreateMachine request, std::stop_token stop) = 0;
    virtual Task<Outcome<void>> command(MachineCommand command, std::stop_token stop) = 0;
    /// `Absent` is an answer here, not a failure; every doubt is a failure, never Absent.
    virtual Task<Outcome<Machine>> describe(MachineId id, CallToken stop) = 0;
};

/// What exists at the provider, whoever wants it.
class MachineInventory {
public:
    virtual ~MachineInventory() = default;
    virtual Task<Outcome<std::vector<Machine>>> machines(QString tag, CallToken stop) = 0;
    virtual Task<Outcome<std::vector<MachineVolume>>> volumes(QString clusterTag,
                                                              CallToken stop) = 0;
    /// Asks for that very volume: false when the provider says that it has none of that id. A list
    /// that lacks it proves nothing; every doubt is a failure, never false.
    virtual Task<Outcome<bool>> hasVolume(QString volumeId, CallToken stop) = 0;
    virtual Task<Outcome<void>> deleteVolume(QString volumeId, CallToken stop) = 0;
};

struct ProviderZone {
    QString zone, region;
};
struct ProviderType {
    QString name;
    double costPerHour = 0; ///< EUR
    int cpuCount = 0, ramGb = 0, gpuCount = 0, gpuVramGb = 0;
    /// By zone: "available", "scarce" or "shortage"; a zone that is not in it sells none or does
    /// not tell.
    QHash<QString, QString> stock{};
};

class Provider : public MachineControl, public MachineInventory {
public:
    virtual QString code() const = 0; ///< "mock", "process", ...
    /// Whether probes may go to loopback addresses (mock and process only).
    virtual bool loopbackProbesAllowed() const = 0;
    /// "vigie-cluster:<id>": what all machines and volumes of this fleet carry. Two daemons with
    /// stores of their own must not share one where they share a provider.
    virtual QString clusterTag() const { return QStringLiteral("vigie-cluster:default"); }
    /// For how long its lists may not show a machine that was made; zero: they are exact.
    virtual Duration listLag() const { return {}; }
    virtual std::vector<ProviderZone> zones() const = 0;
    virtual std::vector<ProviderType> types() const = 0;
    /// Reads zones, types, prices and stock anew, for a provider that keeps them for a while.
    virtual Task<Outcome<void>> syncCatalog(CallToken stop);
    /// `whyNot` is asked right before an order leaves, after all that was waited for on the way to
    /// it; the failure it answers becomes the call's, and nothing was sent.
    void askBeforeEachOrder(std::function<std::optional<Failure>()> whyNot) {
        m_whyNot = std::move(whyNot);
    }
    /// Where it is told what to do wrong; null for one that does not pretend.
    virtual TroubleDesk* troubleDesk() { return nullptr; }

protected:
    /// Why an order must not leave now.
    std::optional<Failure> whyNot() const { return m_whyNot ? m_whyNot() : std::nullopt; }

private:
    std::function<std::optional<Failure>()> m_whyNot;
};

/// What a provider is built from.
struct ProviderContext {
    Clock& clock;
    const Settings& settings;
    QString stateDirectory; ///< where a provider may keep files
    bool shared = false;    ///< others like us may use the same files at the same time
};

struct ProviderDescriptor {
    QString code;
    QString summary;
    std::vector<SettingSpec> settings; ///< section "providers.<code>"
    std::function<Outcome<std::unique_ptr<Provider>>(const ProviderContext&)> create;
};

namespace providers {
/// All providers of this build; generated from the sub-folders.
std::vector<ProviderDescriptor> registry();
} // namespace providers

} // namespace vigie
