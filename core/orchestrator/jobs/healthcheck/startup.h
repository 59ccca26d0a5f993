#pragma once

#include "core/orchestrator/jobs/job.h"
#include "core/orchestrator/watchdogsettings.h"

namespace vigie::jobs::healthcheck {

/// Leads an instance from booting to ready by what its worker and its probes tell, and ends
/// start-ups that exceed the limit of their state.
class Startup {
public:
    Startup(JobContext& context, const WatchdogSettings& settings)
        : m_context(context), m_settings(settings) {}
    void setSettings(const WatchdogSettings& settings) { m_settings = settings; }

    /// One step or several; true when something was written.
    Task<bool> advance(InstanceId id);
    void forget(const InstanceId& id) { m_seen.remove(id); }

private:
    /// How long an instance was in its state, or since the newest step of its recovery if that is
    /// newer, already when this process first saw it there. From
    /// then on monotonic time counts, so that a step of the wall clock ends no start-up.
    struct Seen {
        std::optional<WallTime> since;
        MonotonicTime at{};
        Duration before{};
    };
    Duration timeInState(const InstanceRecord& record);
    Task<bool> step(InstanceId id, TransitionCause cause, QString reason,
                    std::vector<ActionLog> logs);
    Task<bool> failStartup(InstanceId id, Duration elapsed, Duration limit);
    /// Serving without beating is not ready: the watchdog would call it silent.
    Task<> sayWaiting(InstanceId id);
    Task<bool> becomeReady(InstanceId id, QString why);
    /// Why it may be called ready; nothing while it may not.
    std::optional<QString> whyReady(const InstanceRecord& record, const LiveState& live) const;

    JobContext& m_context;
    WatchdogSettings m_settings;
    QHash<InstanceId, Seen> m_seen;
};

} // namespace vigie::jobs::healthcheck
