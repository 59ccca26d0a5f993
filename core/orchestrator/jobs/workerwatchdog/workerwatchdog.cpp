#include "core/orchestrator/jobs/workerwatchdog/workerwatchdog.h"

#include "core/base/log.h"

namespace vigie::jobs::workerwatchdog {

namespace {

const QString category = QStringLiteral("jobs.worker-watchdog");

} // namespace

std::vector<const FleetEntry*> WorkerWatchdogJob::watched() const {
    std::vector<const FleetEntry*> watched = m_context.plane.entries();
    std::erase_if(watched, [](const FleetEntry* entry) {
        return !isServing(entry->status()) && !isStarting(entry->status());
    });
    return watched;
}

Task<JobReport> WorkerWatchdogJob::run(std::stop_token stop) {
    ++m_tick;
    JobReport report;
    m_context.reinstaller.resume();
    const Outcome<void> orders = co_await m_context.automation.refresh();
    if (!orders)
        ++report.errors; // what is known stays in force
    const std::vector<const FleetEntry*> entries = watched();
    report.claimed = static_cast<int>(entries.size());
    co_await m_desk.gather(entries, stop);
    m_stormed = 0;
    const QString massAbsence = m_desk.massAbsence();
    m_context.machines.denied = massAbsence;
    std::vector<Case> cases;
    cases.reserve(entries.size());
    for (const FleetEntry* entry : entries) {
        if (stop.stop_requested())
            co_return report;
        cases.push_back({entry, judgedNow(*entry), judge(*entry, massAbsence)});
        Testimony& said = cases.back().said;
        ++report.processed;
        m_stormed += said.rule() == u"storm" ? 1 : 0;
        if (!said.blockedBy.isEmpty())
            report.block(QStringLiteral("mass-absence"));
        else if (said.isBlocked())
            report.block(said.rule() == u"storm" ? QStringLiteral("storm")
                                                 : QStringLiteral("watcher"));
        if (said.verdict() == Verdict::Dead && !said.blockedBy.isEmpty())
            continue; // nor is a machine remedied that its provider denies
        if (const auto cause = causeOf(entry->record, said))
            co_await write(cases.back().judged, *cause, said.assessment(), report);
    }
    tellStorms();
    co_await m_context.automation.tendBrake(m_desk.members(), m_desk.storm(), m_desk.health());
    m_context.automation.noteSilentAfterRelease(m_desk.silentAfterRelease());

    Recovery::Result recovered = co_await m_recovery.tend(std::move(cases), m_tick);
    for (const auto& [guard, count] : recovered.blocked)
        report.block(guard, count);
    report.errors += recovered.errors;
    for (Case& one : recovered.cases) {
        // Who was sent away meanwhile keeps no verdict, unless it is the one that sent it.
        const InstanceStatus status = one.entry->status();
        if (isServing(status) || isStarting(status) || one.said.verdict() == Verdict::Gone)
            m_context.plane.setTestimony(*one.entry, std::move(one.said));
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

Testimony WorkerWatchdogJob::judge(const FleetEntry& entry, const QString& massAbsence) const {
    const Clock& clock = m_context.clock;
    Testimony said;
    said.instance = m_desk.of(entry);
    if (!massAbsence.isEmpty() && said.instance.provider == ProviderFinding::Absent) {
        // So answers a provider that is broken, or that is asked with another account's key: its
        // word is no evidence, the others' is.
        said.instance.provider = ProviderFinding::Unknown;
        said.instance.providerSays += QStringLiteral(", which is not believed: ") + massAbsence;
        said.blockedBy = QStringLiteral("mass-absence: ") + massAbsence;
    }
    said.watcher = m_desk.watcherFor(entry);
    said.policy = m_settings.policy;
    said.at = clock.now();
    said.wallAt = clock.wallNow();
    said.judgement = assess(said.instance, said.watcher, said.policy, said.at);
    return said;
}

Task<> WorkerWatchdogJob::write(Judged judged, TransitionCause cause, Assessment said,
                                JobReport& report) {
    const InstanceId id = judged.id;
    const Outcome<void> written =
        co_await writeVerdict(m_context.plane, std::move(judged), cause, std::move(said));
    if (written)
        co_return;
    ++report.errors;
    logWarning(category, QStringLiteral("%1: %2").arg(id.value(), written.error().message));
}

} // namespace vigie::jobs::workerwatchdog
