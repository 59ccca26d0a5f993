#pragma once

#include "core/orchestrator/jobs/job.h"
#include "core/orchestrator/orphanbook.h"

namespace vigie::jobs::watchdog {

struct WatchDogOptions {
    OrphanLimits limits;  ///< of what is deleted
    int absentCycles = 2; ///< typed not-founds, one a cycle, that prove an absence
    Duration callLimit = std::chrono::seconds(60); ///< of one call to the provider
    int parallel = 8;                              ///< questions at once
};

/// Brings the machines at the provider and the store together: what the provider proves absent is
/// written down, what nobody wants is deleted in two phases.
class WatchDogJob final : public Job {
public:
    WatchDogJob(JobContext& context, WatchDogOptions options, const WatchdogSettings& settings);
    Task<JobReport> run(std::stop_token stop) override;
    void reconfigure(const WatchdogSettings& settings) override { m_settings = settings; }

private:
    /// One whose machine was not found, and in how many cycles in a row.
    struct Absence {
        QString machine;
        int cycles = 0;
    };

    std::vector<InstanceId> unlisted(int& withMachine);
    /// Whether the provider says "absent" to that very id; no answer says nothing.
    Task<> ask(InstanceId id, JobReport& report, std::stop_token stop);
    Task<> writeAbsent(int withMachine, JobReport& report);
    Task<Outcome<void>> writeOne(InstanceId id, QString machine);
    Task<> tendOrphans(JobReport& report, std::stop_token stop);
    /// Why a machine of ours is wanted by nobody; empty when it is wanted.
    QString whyUnwanted(const Machine& machine) const;
    Task<> deleteOne(OrphanMark mark, JobReport& report, std::stop_token stop);
    Task<Outcome<std::vector<Machine>>> list(std::stop_token stop);
    void describe();

    JobContext& m_context;
    WatchDogOptions m_options;
    WatchdogSettings m_settings;
    OrphanBook m_book;
    std::vector<Machine> m_listed;          ///< in this cycle, with our tag
    std::vector<bool> m_wanted;             ///< of those: by the instance that they are tagged with
    std::vector<const Machine*> m_unwanted; ///< of those
    QHash<InstanceId, Absence> m_absent;
    QHash<QString, QString> m_blocked; ///< by machine
};

} // namespace vigie::jobs::watchdog
