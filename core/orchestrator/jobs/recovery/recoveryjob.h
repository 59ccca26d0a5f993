#pragma once

#include "core/orchestrator/jobs/job.h"
#include "core/orchestrator/statetimer.h"

namespace vigie::jobs::recovery {

struct RecoveryOptions {
    Duration provisioningLimit = std::chrono::hours(1);
    Duration terminatingLimit = std::chrono::minutes(2);
    Duration cleanUpAfter{}; ///< of what failed; zero: never, a person does it
};

/// What is done about an instance that stays in a state past its limit.
enum class Overdue {
    Nothing,
    FailStartup,
    Tell,    ///< whoever works on it goes on; it is said that it takes too long
    CleanUp, ///< terminated
};

/// One row of the table of limits.
struct StateLimit {
    InstanceStatus status;
    Duration limit; ///< zero: none
    Overdue then;
};

/// Ends start-ups past their limit, says what is late, cleans up what failed.
class RecoveryJob final : public Job {
public:
    RecoveryJob(JobContext& context, RecoveryOptions options, const WatchdogSettings& settings)
        : m_context(context), m_options(options), m_settings(settings), m_timer(context.clock) {}
    Task<JobReport> run(std::stop_token stop) override;
    void reconfigure(const WatchdogSettings& settings) override { m_settings = settings; }

    /// Every state that has a limit; the others end by their watchers.
    std::vector<StateLimit> limits() const;

private:
    /// After a start or a stall nobody could have gone on in time.
    bool inGrace() const;
    QString whyKept(const InstanceRecord& record) const;
    /// What keeps a start-up from being judged by its time, as the watchdog found in its newest
    /// tick: nobody could hear it, or the next step of its recovery waits for a guard.
    QString whyWaiting(const InstanceId& id) const;
    /// Whether its worker beats, so that its start-up is none that nobody hears of.
    bool isHeard(const InstanceId& id) const;
    Task<Outcome<void>> act(InstanceId id, StateLimit limit, Duration elapsed);

    JobContext& m_context;
    RecoveryOptions m_options;
    WatchdogSettings m_settings;
    StateTimer m_timer;
    QHash<InstanceId, std::optional<WallTime>> m_told; ///< by the begin of that state
};

} // namespace vigie::jobs::recovery
