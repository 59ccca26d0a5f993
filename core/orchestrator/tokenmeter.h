#pragma once

#include "core/orchestrator/controlplane.h"

namespace vigie {

/// Writes down what the model servers of the fleet use: once a minute an event for each instance
/// whose counters, as its worker's beats tell them, went on. Of several orchestrators the one that
/// leads does; the counters of the newest events are in the store, so that neither a restart nor
/// another leader loses or doubles any.
class TokenMeter {
public:
    explicit TokenMeter(ControlPlane& plane) : m_plane(plane) {}

    /// To be called every second.
    Task<> tick();

    static constexpr Duration every = std::chrono::seconds(60);

private:
    Task<bool> begin();

    ControlPlane& m_plane;
    bool m_knows = false;  ///< the counters of the newest events
    bool m_warned = false; ///< that they cannot be read
    MonotonicTime m_begun{};
    /// Of the beat whose counter was looked at.
    QHash<InstanceId, MonotonicTime> m_seen;
    QHash<InstanceId, TokenCount> m_counters;
    std::optional<MonotonicTime> m_last;
};

} // namespace vigie
