#include "core/orchestrator/jobs/workerwatchdog/workerwatchdog.h"

#include "core/base/log.h"

namespace vigie::jobs::workerwatchdog {

namespace {

const QString category = QStringLiteral("jobs.worker-watchdog");

} // namespace

std::vector<InstanceId> WorkerWatchdogJob::watched() const {
    std::vector<InstanceId> ids;
    for (const InstanceId& id : m_context.plane.ids()) {
        const InstanceStatus status = m_context.plane.find(id)->instance.status;
        if (isServing(status) || isStarting(status))
            ids.push_back(id);
    }
    return ids;
}

Task<JobReport> WorkerWatchdogJob::run(std::stop_token stop) {
    ++m_tick;
    JobReport report;
    m_context.reinstaller.resume();
    const Outcome<void> orders = co_await m_context.automation.refresh();
    if (!orders)
        ++report.errors; // what is known stays in force
    std::vector<InstanceId> ids = watched();
    report.claimed = static_cast<int>(ids.size());
    co_await m_desk.gather(ids, stop);
    m_stormed = 0;
    std::vector<Case> cases;
    for (const InstanceId& id : ids) {
        if (stop.stop_requested())
            co_return report;
        Case one = co_await judge(id, report);
        cases.push_back(std::move(one));
    }
    tellStorms();
    co_await m_context.automation.tendBrake(m_desk.members(), m_desk.storm(), m_desk.health());

    Recovery::Result recovered = co_await m_recovery.tend(std::move(cases), m_tick);
    report.blockedByGuard += recovered.blocked;
    report.errors += recovered.errors;
    for (Case& one : recovered.cases) {
        // Who was sent away meanwhile keeps no verdict, unless it is the one that sent it.
        const InstanceRecord* record = m_context.plane.find(one.judged.id);
        const InstanceStatus status = record ? record->instance.status : InstanceStatus::Terminated;
        if (isServing(status) || isStarting(status) || one.said.verdict == Verdict::Gone)
            m_context.plane.setAssessment(one.judged.id, std::move(one.said));
    }
    co_return report;
}

void WorkerWatchdogJob::tellStorms() {
    const bool storming = m_stormed > 0;
    if (storming && !m_storming)
        logWarning(category, QStringLiteral("storm, nothing automatic is done: ") +
                                 m_desk.storms().join(QLatin1String("; ")));
    else if (!storming && m_storming)
        logInfo(category, QStringLiteral("the storm is over"));
    m_storming = storming;
}

Task<Case> WorkerWatchdogJob::judge(InstanceId id, JobReport& report) {
    const InstanceEvidence evidence = m_desk.of(id);
    const WatcherEvidence watcher = m_desk.watcherFor(id);
    const Clock& clock = m_context.clock;
    Judgement judgement =
        assess(evidence, watcher, m_settings.policy, clock.now(), clock.wallNow());
    Case one{judgedNow(m_context.plane, id), std::move(judgement.assessment)};
    ++report.processed;
    m_stormed += one.said.rule == u"storm" ? 1 : 0;
    report.blockedByGuard += one.said.blockedBy.isEmpty() ? 0 : 1;

    judgement.assessment = one.said;
    const auto cause = causeOf(*m_context.plane.find(id), evidence, judgement);
    if (cause) {
        const Outcome<void> written =
            co_await writeVerdict(m_context.plane, one.judged, *cause, one.said);
        if (!written) {
            ++report.errors;
            logWarning(category, QStringLiteral("%1: %2").arg(id.value(), written.error().message));
        }
    }
    co_return one;
}

} // namespace vigie::jobs::workerwatchdog
