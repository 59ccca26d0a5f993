#pragma once

#include "core/model/instance.h"
#include "core/model/jsonwriter.h"
#include "core/orchestrator/controlplane.h"

#include <vector>

namespace vigie {

/// Instances as the API tells them, encoded once per revision and shared by every call.
class InstanceTeller {
public:
    explicit InstanceTeller(const ControlPlane& plane) : m_plane(plane) {}

    /// The stored instance with the newest verdict of the watchdog. Precondition: the plane knows
    /// `id`; so for encoded().
    Instance instance(const InstanceId& id) const;

    const QByteArray& encoded(const InstanceId& id);
    const QByteArray& encoded(const FleetEntry& entry);

private:
    struct Encoded {
        quint64 revision = 0;
        QByteArray bytes;
    };

    std::optional<double> costOf(const FleetEntry& entry) const;
    std::optional<Assessment> assessmentOf(const FleetEntry& entry) const;

    const ControlPlane& m_plane;
    JsonWriter m_writer;
    std::vector<Encoded> m_encoded; ///< by their places in the fleet
};

} // namespace vigie
