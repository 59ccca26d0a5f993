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
    std::vector<InstanceId> ids = watched();
    report.claimed = static_cast<int>(ids.size());
    co_await m_desk.gather(ids, stop);
    m_stormed = 0;
    for (const InstanceId& id : ids) {
        if (stop.stop_requested())
            break;
        co_await judge(id, report);
    }
    tellStorms();
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

Task<> WorkerWatchdogJob::judge(InstanceId id, JobReport& report) {
    const InstanceEvidence evidence = m_desk.of(id);
    const WatcherEvidence watcher = m_desk.watcherFor(id);
    const Clock& clock = m_context.clock;
    Judgement judgement =
        assess(evidence, watcher, m_settings.policy, clock.now(), clock.wallNow());
    const Judged judged = judgedNow(m_context.plane, id);
    Assessment& said = judgement.assessment;
    ++report.processed;
    m_stormed += said.rule == u"storm" ? 1 : 0;
    report.blockedByGuard += said.blockedBy.isEmpty() ? 0 : 1;

    const auto cause = causeOf(*m_context.plane.find(id), evidence, judgement);
    if (cause) {
        const Outcome<void> written = co_await writeVerdict(m_context.plane, judged, *cause, said);
        if (!written) {
            ++report.errors;
            logWarning(category, QStringLiteral("%1: %2").arg(id.value(), written.error().message));
        }
    }
    const Recovery::Decision decision = m_recovery.decide(id, judgement, m_tick);
    if (!decision.blockedBy.isEmpty())
        said.blockedBy = decision.blockedBy;
    // Who was sent away meanwhile keeps no verdict, unless it is the one that sent it.
    const InstanceStatus status = m_context.plane.find(id)->instance.status;
    if (isServing(status) || isStarting(status) || said.verdict == Verdict::Gone)
        m_context.plane.setAssessment(id, said);
    if (decision.journal) {
        ++report.blockedByGuard;
        co_await m_recovery.journal(id, said);
    }
    if (decision.act) {
        const Outcome<void> begun = co_await m_recovery.reinstall(judged, said);
        if (!begun)
            logWarning(category, QStringLiteral("%1: %2").arg(id.value(), begun.error().message));
        report.errors += begun ? 0 : 1;
    }
}

} // namespace vigie::jobs::workerwatchdog
