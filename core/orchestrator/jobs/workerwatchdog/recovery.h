#pragma once

#include "core/orchestrator/automation.h"
#include "core/orchestrator/jobs/workerwatchdog/verdictwriter.h"

namespace vigie::jobs::workerwatchdog {

/// One instance of a tick, judged.
struct Case {
    const FleetEntry* entry = nullptr;
    Judged judged;
    Testimony said;
};

/// Puts what was judged before the guards and does what they let pass: begins the next rung of the
/// ladder, or in observe mode says once what it would have done.
class Recovery {
public:
    Recovery(JobContext& context, const WatchdogSettings& settings)
        : m_context(context), m_settings(settings) {}

    void setSettings(const WatchdogSettings& settings) { m_settings = settings; }

    struct Result {
        std::vector<Case> cases;        ///< with what holds each back in `said.blockedBy`
        std::map<QString, int> blocked; ///< by the guard's name
        int errors = 0;
    };
    Task<Result> tend(std::vector<Case> cases, quint64 tick);

private:
    /// Since when a remedy is due.
    struct Standing {
        std::optional<WallTime> recoveryBegunAt;
        int incarnation = 0;
        quint64 tick = 0;
        MonotonicTime at{};
    };
    struct Memory {
        qint64 version = 0; ///< of the record; each change of it comes with rows of the log
        RemedyPast past;
    };
    struct Begun {
        std::optional<WallTime> at;
        MonotonicTime seen{};
        Duration before{}; ///< what had passed when it was first seen
    };

    Task<Outcome<void>> recall(InstanceId id);
    GuardedInstance describe(const Case& one, quint64 tick);
    bool mayBeDue(const Case& one) const;
    bool isDue(const Case& one, const RemedyPast& past);
    Duration sinceBegin(const InstanceRecord& record);
    void noteEnds();
    void forget(const std::vector<Case>& cases);
    Task<Outcome<void>> begin(Case one, PlannedStep step);
    Task<Outcome<void>> tell(Case one, PlannedStep step);

    JobContext& m_context;
    WatchdogSettings m_settings;
    QHash<InstanceId, Standing> m_standing;
    QHash<InstanceId, Memory> m_memory;
    QHash<InstanceId, Begun> m_begun;
    QHash<InstanceId, QString> m_running; ///< automatic recoveries, by zone
    QSet<InstanceId> m_replacing;         ///< of these, those for which another one is made
};

} // namespace vigie::jobs::workerwatchdog
