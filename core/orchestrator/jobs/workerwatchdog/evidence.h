#pragma once

#include "core/orchestrator/jobs/job.h"
#include "core/watchdog/stormbrake.h"
#include "core/watchdog/stormcohort.h"

namespace vigie::jobs::workerwatchdog {

struct EvidenceOptions {
    Duration callLimit = std::chrono::seconds(30); ///< of one describe
    int parallel = 8;                              ///< describes at once
};

/// Collects what all witnesses say about the instances of one tick: heartbeats, probes, the
/// provider, and how the watcher itself and the rest of the fleet are.
class EvidenceDesk {
public:
    EvidenceDesk(JobContext& context, EvidenceOptions options, WatchdogPolicy policy)
        : m_context(context), m_options(options), m_policy(policy) {}

    /// Asks the provider about every instance that its beats or probes leave in doubt.
    Task<> gather(std::vector<const FleetEntry*> watched, std::stop_token stop);

    InstanceEvidence of(const FleetEntry& entry) const;
    WatcherEvidence watcherFor(const FleetEntry& entry) const;
    /// Why no machine is believed to be gone now: too many are called absent at once, by what this
    /// tick was told or by the list that watch-dog reads; empty otherwise.
    QString massAbsence() const;
    QStringList storms() const { return m_storm ? m_storm->all() : QStringList(); }

    // What the storm brake is told, after gather().
    const Storm& storm() const { return *m_storm; }
    const std::vector<StormBrake::Member>& members() const { return m_members; }
    /// How many of each pool stay unknown only because the storm in which they fell silent was
    /// released while they were still away.
    QMap<QString, int> silentAfterRelease() const;
    StormBrake::Watcher health() const;

    void setPolicy(const WatchdogPolicy& policy) { m_policy = policy; }

private:
    struct Told {
        ProviderFinding finding = ProviderFinding::Unknown;
        QString says;
    };
    /// A first not-found, which only a second one on a later tick confirms.
    struct FirstAbsent {
        QString machine;
        quint64 tick = 0;
    };

    Task<> describe(const FleetEntry* entry, std::stop_token stop);
    Told read(const InstanceId& id, const QString& machine, const Outcome<Machine>& answer);
    bool inDoubt(const FleetEntry& entry, const InstanceEvidence& evidence) const;
    InstanceEvidence collect(const FleetEntry& entry) const;
    WatcherEvidence watcher() const;
    Storm::Member member(const FleetEntry& entry, const WatcherEvidence& watcher) const;
    bool probeFails(const FleetEntry& entry) const;
    /// Why an instance that fell silent in a storm which a person released is still not judged by
    /// its silence; empty when it may be.
    QString unproven(const FleetEntry& entry) const;
    void surveyFleet(const std::vector<const FleetEntry*>& watched);

    JobContext& m_context;
    EvidenceOptions m_options;
    WatchdogPolicy m_policy;
    quint64 m_tick = 0;
    QHash<const FleetEntry*, Told> m_told; ///< of this tick
    QHash<InstanceId, FirstAbsent> m_firstAbsent;
    std::optional<Storm> m_storm;
    StormCohort m_cohort;
    QHash<QString, int> m_failingTogether; ///< by pool: of the cohort, those whose probes fail
    std::vector<StormBrake::Member> m_members;
    int m_machines = 0, m_calledAbsent = 0; ///< of this tick, also those called so for once
    int m_expectedToBeat = 0;               ///< instances whose worker should be heard
    /// What was known before the provider was asked, by the place of the instance; good as long as
    /// no time passes.
    std::vector<InstanceEvidence> m_collected;
    MonotonicTime m_collectedAt{};
};

/// Whether the watchdog writes the status of an instance: ready, unavailable, draining,
/// worker_dead.
bool isServing(InstanceStatus status);

} // namespace vigie::jobs::workerwatchdog
