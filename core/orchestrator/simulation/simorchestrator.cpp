#include "core/orchestrator/simulation/simorchestrator.h"

#include "core/orchestrator/jobs/jobspec.h"
#include "core/orchestrator/workerproof.h"

namespace vigie {

namespace {

const QString watchdogName = QStringLiteral("worker-watchdog");
const QString played = QStringLiteral("health-check"); // probes go over a network

QUrl nowhere() {
    return QUrl(QStringLiteral("http://127.0.0.1:9"));
}

} // namespace

SimOrchestrator::SimOrchestrator(Clock& clock, Store& store, Provider& provider,
                                 const Settings& settings, const WatchdogSettings& watchdog)
    : m_clock(clock), m_plane(clock, store), m_http(clock),
      m_check(clock, m_http, nowhere(), m_watcher, [] { return Duration{}; }),
      m_reinstaller(m_plane, provider, nowhere()), m_automation(m_plane, provider.code(), watchdog),
      m_context{clock,     settings,   m_plane,    provider,      m_http,       m_watcher, m_probes,
                m_volumes, m_machines, m_cleanUps, m_reinstaller, m_automation, nowhere()},
      m_startup(m_context) {
    m_watcher.startedAt = clock.now();
    for (const JobDescriptor& descriptor : jobs::registry()) {
        if (descriptor.name == played)
            continue;
        auto slot = std::make_unique<Slot>();
        slot->job = descriptor.create(m_context);
        slot->job->reconfigure(watchdog);
        slot->watchdog = descriptor.name == watchdogName;
        slot->interval = settings.seconds(
            jobs::jobPath(QStringLiteral("jobs.") + descriptor.name, u"interval_seconds"));
        slot->due = clock.now();
        m_slots.push_back(std::move(slot));
    }
    m_scope.spawn(load());
}

SimOrchestrator::~SimOrchestrator() {
    m_scope.requestStop();
    m_reinstaller.stop();
}

void SimOrchestrator::release() {
    Asker person;
    person.actor = QStringLiteral("operator");
    person.reason = QStringLiteral("the outage is over");
    m_scope.spawn(releaseAs(std::move(person)));
}

void SimOrchestrator::tick(Duration interval) {
    m_check.ticked(interval);
    for (const auto& slot : m_slots) {
        // The watchdog goes by the tick, whatever its length.
        if (slot->running || (!slot->watchdog && slot->due > m_clock.now()))
            continue;
        slot->due = m_clock.now() + slot->interval;
        m_scope.spawn(cycle(*slot));
    }
}

Task<> SimOrchestrator::load() {
    co_await m_plane.load();
}

Task<> SimOrchestrator::take(InstanceId id, QString secret, QString tokenHash) {
    const InstanceRecord* record = m_plane.find(id);
    const auto proof = record ? proofOf(*record, secret) : std::nullopt;
    if (!proof || isOver(record->instance.status))
        co_return;
    ControlPlane::Change change;
    change.edit = [proof = *proof, tokenHash](InstanceRecord& edited) {
        vigie::enroll(edited, proof, QStringLiteral("w"), tokenHash);
    };
    co_await m_plane.apply(id, std::move(change));
}

Task<> SimOrchestrator::follow(InstanceId id) {
    co_await m_startup.advance(id);
}

Task<> SimOrchestrator::releaseAs(Asker person) {
    co_await m_automation.release(std::move(person));
}

Task<> SimOrchestrator::cycle(Slot& slot) {
    slot.running = true;
    co_await slot.job->run(m_scope.token());
    slot.running = false;
}

} // namespace vigie
