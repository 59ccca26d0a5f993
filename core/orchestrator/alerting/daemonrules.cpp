#include "core/orchestrator/alerting/daemonrules.h"

#include "core/base/timeformat.h"

#include <memory>

namespace vigie {

namespace {

using namespace std::chrono_literals;

constexpr int failingCycles = 3; ///< in a row

WantedAlert wantedOf(QMap<QString, QString> labels, QString summary, QString description) {
    WantedAlert alert;
    alert.labels = std::move(labels);
    alert.summary = std::move(summary);
    alert.description = std::move(description);
    alert.needsSight = false; // about the daemon, which always sees itself
    return alert;
}

std::vector<WantedAlert> storeAway(const DaemonFacts& facts) {
    if (!facts.storeFailure)
        return {};
    auto alert = wantedOf({}, QStringLiteral("The store does not answer."),
                          QStringLiteral("%1 Heartbeats are taken and remembered; nothing is "
                                         "judged dead and nothing is done until it is back.%2")
                              .arg(facts.storeFailure->message,
                                   facts.writesWaiting == 0
                                       ? QString()
                                       : QStringLiteral(" Rows of the action log that wait to be "
                                                        "written: %1.")
                                             .arg(facts.writesWaiting)));
    alert.holdFor = 5s;
    return {alert};
}

std::vector<WantedAlert> stormBraked(const DaemonFacts& facts) {
    std::vector<WantedAlert> wanted;
    for (const StormBrake::On& brake : facts.automation.brakes) {
        if (brake.grace)
            continue; // the first minutes of every start
        const QString where = brake.scope.isEmpty() ? QStringLiteral("the whole fleet")
                                                    : QStringLiteral("pool ") + brake.scope;
        wanted.push_back(wantedOf(
            {{QStringLiteral("pool"), brake.scope}},
            QStringLiteral("The storm brake holds automation still for %1: %2")
                .arg(where, brake.cause),
            QStringLiteral("%1 Nothing is recovered by itself until enough of them are back, or a "
                           "person releases it (POST /automation).")
                .arg(facts.automation.brakeSays.value(brake.scope))));
    }
    return wanted;
}

std::vector<WantedAlert> silentAfterRelease(const DaemonFacts& facts) {
    std::vector<WantedAlert> wanted;
    if (!facts.automation.tick)
        return wanted;
    const QMap<QString, int>& pools = facts.automation.tick->silentAfterRelease;
    for (auto pool = pools.begin(); pool != pools.end(); ++pool)
        wanted.push_back(wantedOf(
            {{QStringLiteral("pool"), pool.key()}},
            QStringLiteral("%1 of pool %2 are silent since a storm that was released, and are left "
                           "alone.")
                .arg(QString::number(*pool), pool.key()),
            QStringLiteral(
                "As long as so many are silent together, a failing probe can't tell dead "
                "machines from a broken network. Whoever knows that they are dead "
                "recovers them by hand, or releases again with \"silent_are_dead\": "
                "true (POST /automation).")));
    return wanted;
}

std::vector<WantedAlert> paused(const DaemonFacts& facts) {
    std::vector<WantedAlert> wanted;
    for (const PauseReason& pause : facts.automation.pausedBy) {
        if (pause.id.isEmpty())
            continue; // nobody's: the orders of before the start are not read yet
        wanted.push_back(wantedOf(
            {{QStringLiteral("by"), pause.actor}},
            QStringLiteral("Automation is paused by %1: %2").arg(pause.actor, pause.reason),
            QStringLiteral("Nothing is recovered by itself since %1.").arg(toRfc3339(pause.at))));
    }
    return wanted;
}

std::vector<WantedAlert> machinesDenied(const DaemonFacts& facts) {
    if (facts.massAbsence.isEmpty())
        return {};
    return {
        wantedOf({}, QStringLiteral("Not believed: %1.").arg(facts.massAbsence),
                 QStringLiteral("Its answers may be those of another account, or wrong. Whoever "
                                "knows that the machines are gone terminates their instances."))};
}

std::vector<WantedAlert> chaosOn(const DaemonFacts& facts) {
    if (facts.chaos.isEmpty())
        return {};
    return {wantedOf({},
                     QStringLiteral("Trouble is made on purpose: %1.")
                         .arg(facts.chaos.join(QLatin1String("; "))),
                     QStringLiteral("POST /chaos {\"off\": true, \"reason\": ...} ends it; the "
                                    "action log (CHAOS_CHANGED) tells who asked."))};
}

/// Watches cycles go by: a job fails when each of its last few had errors.
class FailingJobs {
public:
    std::vector<WantedAlert> look(const DaemonFacts& facts) {
        std::vector<WantedAlert> wanted;
        for (const JobStats& job : facts.jobs) {
            if (job.elsewhere) {
                m_seen.remove(job.name); // that orchestrator tells of it
                continue;
            }
            Seen& seen = m_seen[job.name];
            if (job.runs != seen.runs) {
                // Of several cycles between two looks, how many failed is not known: one counts.
                seen.badInARow = job.errors > seen.errors ? seen.badInARow + 1 : 0;
                seen.runs = job.runs;
                seen.errors = job.errors;
            }
            if (seen.badInARow >= failingCycles)
                wanted.push_back(wantedOf(
                    {{QStringLiteral("job"), job.name}},
                    QStringLiteral("Each of the last %1 cycles of job %2 had errors.")
                        .arg(seen.badInARow)
                        .arg(job.name),
                    QStringLiteral("GET /jobs shows its figures; the log and the action log name "
                                   "what failed.")));
        }
        return wanted;
    }

private:
    struct Seen {
        quint64 runs = 0, errors = 0;
        int badInARow = 0;
    };
    QHash<QString, Seen> m_seen;
};

std::vector<WantedAlert> failingTasks(const DaemonFacts& facts) {
    std::vector<WantedAlert> wanted;
    for (const TaskFigures::Failing& each : facts.failingTasks) {
        QMap<QString, QString> labels{{QStringLiteral("engine"), each.engine}};
        if (!each.model.isEmpty())
            labels.insert(QStringLiteral("model"), each.model);
        wanted.push_back(wantedOf(
            std::move(labels),
            QStringLiteral("Only %1 % of the last %2 tasks of engine %3%4 succeeded.")
                .arg(100 * each.rate, 0, 'f', 1)
                .arg(each.tasks)
                .arg(each.engine, each.model.isEmpty()
                                      ? QString()
                                      : QStringLiteral(" with model ") + each.model),
            QStringLiteral("GET /dead_letters lists those that failed for good, with why.")));
    }
    return wanted;
}

std::vector<WantedAlert> stuckVolumes(const DaemonFacts& facts) {
    std::vector<WantedAlert> wanted;
    for (const VolumeFinding& each : facts.stuckVolumes) {
        QMap<QString, QString> labels{{QStringLiteral("volume"), each.resource()}};
        if (!each.instance.isEmpty())
            labels.insert(QStringLiteral("instance"), each.instance.value());
        wanted.push_back(wantedOf(
            std::move(labels),
            QStringLiteral("Volume %1 could not be deleted in %2 tries and is still paid for.")
                .arg(each.resource())
                .arg(each.attempts),
            each.lastError));
    }
    return wanted;
}

std::vector<WantedAlert> stuckMachines(const DaemonFacts& facts) {
    if (facts.stuckMachines == 0)
        return {};
    return {wantedOf({},
                     QStringLiteral("Machines that nobody wants could not be deleted and are still "
                                    "paid for: %1.")
                         .arg(facts.stuckMachines),
                     QStringLiteral("GET /orphan_machines names them. Their deletion is tried on, "
                                    "slowly."))};
}

std::vector<WantedAlert> overdueJobs(const DaemonFacts& facts) {
    std::vector<WantedAlert> wanted;
    for (const JobStats& job : facts.jobs) {
        if (!job.lastRunAt || job.elsewhere)
            continue;
        const Duration since = facts.now - *job.lastRunAt;
        const Duration limit = std::max<Duration>(3 * job.interval, 60s) + job.lastDuration;
        if (since > limit)
            wanted.push_back(
                wantedOf({{QStringLiteral("job"), job.name}},
                         QStringLiteral("Job %1 has finished no cycle for %2; it is due every %3.")
                             .arg(job.name, humanDuration(since), humanDuration(job.interval)),
                         QStringLiteral("Whatever it calls may hang. What it does is not done "
                                        "meanwhile.")));
    }
    return wanted;
}

} // namespace

std::vector<AlertRule> daemonRules(const std::function<const DaemonFacts&()>& facts) {
    const auto rule = [&facts](const char* name, Severity severity, auto look) {
        return AlertRule{QLatin1String(name), severity,
                         [facts, look](const AlertFacts&) { return look(facts()); }};
    };
    const auto failing = std::make_shared<FailingJobs>();
    return {
        rule("StoreAway", Severity::Critical, storeAway),
        rule("StormBrakeOn", Severity::Critical, stormBraked),
        rule("SilentAfterRelease", Severity::Critical, silentAfterRelease),
        rule("AutomationPaused", Severity::Warning, paused),
        rule("MachinesDenied", Severity::Critical, machinesDenied),
        rule("ChaosOn", Severity::Warning, chaosOn),
        rule("JobFailing", Severity::Warning,
             [failing](const DaemonFacts& known) { return failing->look(known); }),
        rule("JobOverdue", Severity::Warning, overdueJobs),
        rule("TasksFailing", Severity::Warning, failingTasks),
        rule("VolumeNotDeleted", Severity::Warning, stuckVolumes),
        rule("MachineNotDeleted", Severity::Warning, stuckMachines),
    };
}

} // namespace vigie
