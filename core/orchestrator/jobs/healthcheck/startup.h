#pragma once

#include "core/orchestrator/jobs/job.h"

namespace vigie::jobs::healthcheck {

/// Leads an instance from booting to ready by what its worker and its probes tell. Start-ups that
/// take too long are ended by the recovery job.
class Startup {
public:
    explicit Startup(JobContext& context) : m_context(context) {}

    /// One step or several; true when something was written.
    Task<bool> advance(InstanceId id);

private:
    Task<bool> step(InstanceId id, TransitionCause cause, QString reason,
                    std::vector<ActionLog> logs);
    /// Serving without beating is not ready: the watchdog would call it silent.
    Task<> sayWaiting(InstanceId id);
    Task<bool> becomeReady(InstanceId id, QString why);
    /// Why it may be called ready; nothing while it may not.
    std::optional<QString> whyReady(const InstanceRecord& record, const LiveState& live) const;

    JobContext& m_context;
};

} // namespace vigie::jobs::healthcheck
