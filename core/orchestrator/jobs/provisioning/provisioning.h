#pragma once

#include "core/orchestrator/jobs/provisioning/opencreates.h"
#include "core/orchestrator/workline.h"

namespace vigie::jobs::provisioning {

struct ProvisioningOptions {
    int maxAttempts = 5; ///< calls of create
    Duration firstDelay = std::chrono::seconds(5);
    Duration maxDelay = std::chrono::seconds(300);
    Duration callLimit = std::chrono::minutes(5); ///< of one call to the provider
    /// After a create whose outcome is unknown, its tag is looked up only then: lists lag behind,
    /// and a second create would rotate the secret that the machine was given.
    Duration settle = std::chrono::seconds(30);
    int parallel = 4;
};

/// Makes a machine for every instance that waits in `provisioning`. The machine carries the
/// instance's tag, which is looked up before each create: no crash and no lost answer leaks one.
class ProvisioningJob final : public Job {
public:
    ProvisioningJob(JobContext& context, ProvisioningOptions options)
        : m_context(context), m_options(options), m_open(context),
          m_line(
              context.clock, options.parallel,
              [this](InstanceId id, std::stop_token stop) {
                  return claimed(std::move(id), std::move(stop));
              },
              context.carryOn) {}
    Task<JobReport> run(std::stop_token stop) override;

private:
    bool isDue(const InstanceRecord* record) const;
    Task<> claimed(InstanceId id, std::stop_token stop);
    /// Ends a machine that we made for an instance which another orchestrator took over meanwhile.
    Task<> dropSpare(InstanceId id, MachineId machine, std::stop_token stop);
    Task<> provision(InstanceId id, std::stop_token stop);
    /// Writes that the work is in hand; the id of its action-log row.
    Task<Outcome<InstanceRecord>> begin(InstanceId id);
    /// The machine that carries the instance's tag, or a new one. Nothing: wait for the next cycle.
    Task<Outcome<Machine>> findOrCreate(InstanceId id, std::stop_token stop);
    Task<Outcome<Machine>> create(InstanceId id, std::stop_token stop);
    Task<Outcome<InstanceRecord>> persist(InstanceId id, Machine machine);
    Task<Outcome<void>> startMachine(InstanceId id, Machine machine, bool again,
                                     std::stop_token stop);
    Task<> finish(InstanceId id);
    Task<> retryOrFail(InstanceId id, Failure failure);
    Task<> giveBack(InstanceId id);

    JobContext& m_context;
    ProvisioningOptions m_options;
    OpenCreates m_open;
    JobReport m_report; ///< since the end of the newest cycle
    WorkLine m_line;    // last: what it runs uses the rest
};

} // namespace vigie::jobs::provisioning
