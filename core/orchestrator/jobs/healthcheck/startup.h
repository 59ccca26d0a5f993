#pragma once

#include "core/orchestrator/jobs/job.h"

#include <utility>

namespace vigie::jobs::healthcheck {

/// How far a start has come, as a probe shows it.
struct StartSigns {
    bool modelAnswers = false; ///< /v1/models answered 200
    bool modelLoaded = false;  ///< /readyz answered 200: its worker says so
    bool gaveTokens = false;   ///< the synthetic probe got real ones
};

/// Leads an instance from booting to ready by what its worker and its probes tell. Start-ups that
/// take too long are ended by the recovery job.
class Startup {
public:
    explicit Startup(JobContext& context) : m_context(context) {}

    /// What a probe showed of a start for the first time: its rows in the log, and its progress.
    Task<> note(InstanceId id, ProbeResult seen, StartSigns shown);
    /// The provider told the address that it had not told at the creation.
    Task<> noteAddress(InstanceId id, QString address);
    /// One step or several; true when something was written.
    Task<bool> advance(InstanceId id);
    /// Writes that failed since the last call.
    int takeErrors() { return std::exchange(m_errors, 0); }

private:
    void failed(const InstanceId& id, const Failure& failure);
    Task<> sayFailing(InstanceId id, ProbeResult seen);
    Task<bool> step(InstanceId id, TransitionCause cause, QString reason,
                    std::vector<ActionLog> logs);
    /// Serving without beating is not ready: the watchdog would call it silent.
    Task<> sayWaiting(InstanceId id);
    Task<bool> becomeReady(InstanceId id, QString why);
    /// Why it may be called ready; nothing while it may not.
    std::optional<QString> whyReady(const InstanceRecord& record, const LiveState& live) const;

    JobContext& m_context;
    int m_errors = 0;
};

} // namespace vigie::jobs::healthcheck
