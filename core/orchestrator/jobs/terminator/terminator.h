#pragma once

#include "core/orchestrator/jobs/job.h"
#include "core/orchestrator/workline.h"

namespace vigie::jobs::terminator {

/// Its work in hand, as the store names it.
inline const QString terminateWork = QStringLiteral("terminate");

struct TerminatorOptions {
    int maxAttempts = 20; ///< failures in a row before the instance is `failed`
    Duration firstDelay = std::chrono::seconds(5);
    Duration maxDelay = std::chrono::seconds(300);
    Duration slowRetry = std::chrono::minutes(15); ///< how often a failed deletion is tried again
    Duration callLimit = std::chrono::minutes(5);  ///< of one call to the provider
    int parallel = 4;
    int volumeAttempts = 5; ///< failures in a row of deleting its volumes
    Duration volumeFirstDelay = std::chrono::seconds(60);
};

/// Ends every instance in `terminating`: deletes its machine, waits until the provider itself says
/// that it is absent, deletes the volumes that go with it. An error is never taken for absence.
class TerminatorJob final : public Job {
public:
    TerminatorJob(JobContext& context, TerminatorOptions options)
        : m_context(context), m_options(options),
          m_line(
              context.clock, options.parallel,
              [this](InstanceId id, std::stop_token stop) {
                  return claimed(std::move(id), std::move(stop));
              },
              context.carryOn) {}
    Task<JobReport> run(std::stop_token stop) override;

private:
    /// What came of one try.
    enum class Progress {
        Gone,    ///< the machine is absent and its volumes are dealt with
        Waiting, ///< deletion was accepted; the machine still exists
    };

    /// What has to be done for an instance now.
    enum class Duty { None, Terminate, AskAgain };

    Duty dutyFor(const InstanceRecord* record) const;
    Task<> claimed(InstanceId id, std::stop_token stop);
    Task<> askAgain(InstanceId id);
    Task<> terminate(InstanceId id, std::stop_token stop);
    Task<Outcome<InstanceRecord>> begin(InstanceId id);
    Task<bool> cameBack(InstanceId id);
    Task<> takeBack(InstanceId id);
    Task<Outcome<Progress>> tryOnce(InstanceId id, std::stop_token stop);
    /// The machine's id by the instance's tag when none was written down; empty: there is none.
    Task<Outcome<MachineId>> machineOf(InstanceId id, std::stop_token stop);
    /// Asks the provider to delete the machine; the first time that it agrees is logged.
    Task<Outcome<void>> deleteMachine(InstanceId id, MachineId machine, std::stop_token stop);
    Task<Outcome<void>> sayPending(InstanceId id, Machine machine);
    /// What the log has of this work already.
    Task<Outcome<void>> recall(InstanceId id);
    Task<Outcome<void>> deleteVolumes(InstanceId id, std::stop_token stop);
    Task<> finish(InstanceId id);
    Task<> retryOrFail(InstanceId id, Failure failure);

    /// Asked again each cycle until the machine is absent; the log tells it once.
    struct Told {
        ActionLogId work;
        bool agreed = false, pending = false;
    };

    JobContext& m_context;
    TerminatorOptions m_options;
    QHash<InstanceId, Told> m_told; ///< of the works in hand
    JobReport m_report;             ///< since the end of the newest cycle
    WorkLine m_line;                // last: what it runs uses the rest
};

} // namespace vigie::jobs::terminator
