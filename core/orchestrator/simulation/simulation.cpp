#include "core/orchestrator/simulation/simulation.h"

#include "core/base/timeformat.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/jobs/watchercheck.h"
#include "core/orchestrator/jobs/workerwatchdog/workerwatchdog.h"
#include "core/orchestrator/simulation/simclock.h"
#include "core/orchestrator/simulation/simprovider.h"
#include "core/orchestrator/simulation/simstore.h"

#include <memory>

namespace vigie {

namespace {

using jobs::workerwatchdog::EvidenceOptions;
using jobs::workerwatchdog::WorkerWatchdogJob;

WatchdogSettings simulatedSettings(const Scenario& scenario) {
    WatchdogSettings settings;
    settings.mode = QStringLiteral("act");
    settings.policy.expectedBeatInterval = scenario.tick;
    return settings;
}

constexpr Duration probeCache = std::chrono::seconds(30);

QUrl nowhere() {
    return QUrl(QStringLiteral("http://127.0.0.1:9"));
}

/// One life of the orchestrator, from its start to its end or its crash.
class Orchestrator {
public:
    Orchestrator(SimClock& clock, Store& store, Provider& provider, const Scenario& scenario)
        : m_settings(simulatedSettings(scenario)), m_plane(clock, store), m_http(clock),
          m_check(clock, m_http, nowhere(), m_watcher), m_reinstaller(m_plane, provider, nowhere()),
          m_automation(m_plane, provider.code(), m_settings), m_context{clock,        m_none,
                                                                        m_plane,      provider,
                                                                        m_http,       m_watcher,
                                                                        m_probes,     m_reinstaller,
                                                                        m_automation, nowhere()},
          m_job(m_context, EvidenceOptions{}, m_settings) {
        m_watcher.startedAt = clock.now();
        m_scope.spawn(load());
    }
    ~Orchestrator() {
        m_scope.requestStop();
        m_reinstaller.stop();
    }

    ControlPlane& plane() { return m_plane; }
    ProbeBoard& probes() { return m_probes; }
    WatcherState& watcher() { return m_watcher; }
    void spawn(Task<> task) { m_scope.spawn(std::move(task)); }
    void flush() { m_scope.spawn(m_plane.flushBeats()); }
    void release() {
        Asker person;
        person.actor = QStringLiteral("operator");
        person.reason = QStringLiteral("the outage is over");
        m_scope.spawn(releaseAs(std::move(person)));
    }
    /// As the JobRunner does: never twice at once.
    void tick(Duration interval) {
        m_check.ticked(interval);
        if (!m_running)
            m_scope.spawn(cycle());
    }

private:
    Task<> load() { co_await m_plane.load(); }
    Task<> releaseAs(Asker person) { co_await m_automation.release(std::move(person)); }
    Task<> cycle() {
        m_running = true;
        co_await m_job.run(m_scope.token());
        m_running = false;
    }

    WatchdogSettings m_settings;
    Settings m_none;
    ControlPlane m_plane;
    HttpClient m_http;
    WatcherState m_watcher;
    ProbeBoard m_probes;
    WatcherCheck m_check;
    Reinstaller m_reinstaller;
    Automation m_automation;
    JobContext m_context;
    WorkerWatchdogJob m_job;
    bool m_running = false;
    TaskScope m_scope;
};

/// Steps the health check and the API would take for an instance that starts.
Task<> followStart(ControlPlane& plane, InstanceId id, bool ready) {
    for (int steps = 0; steps < 3; ++steps) {
        const InstanceStatus status = plane.find(id)->instance.status;
        ControlPlane::Change change;
        if (status == InstanceStatus::Booting) {
            change.cause = TransitionCause::AgentSeen;
        } else if (status == InstanceStatus::Installing) {
            change.cause = TransitionCause::InstallFinished;
        } else if (status == InstanceStatus::Starting && ready) {
            change.cause = TransitionCause::BecameReady;
            change.logStarts = {
                actionLog(actiontype::instanceReady, ActionLogStatus::Success, Asker{})};
        } else {
            co_return;
        }
        change.reason = QStringLiteral("its worker was heard");
        const auto changed = co_await plane.apply(id, std::move(change));
        if (!changed)
            co_return;
    }
}

class Run {
public:
    Run(const Scenario& scenario, quint32 seed)
        : m_scenario(scenario), m_world(scenario, m_clock, seed), m_provider(m_clock, m_world),
          m_scorer(scenario, m_world, simulatedSettings(scenario).policy.heartbeatThreshold,
                   simulatedSettings(scenario).guards.holdTicks) {
        m_world.onCommand = [this](const SimMachine& machine, MachineCommandKind kind) {
            m_scorer.commanded(machine, kind, m_clock.now());
        };
        ChangeSet fleet;
        for (const SimMachine& machine : m_world.machines())
            fleet.inserts.push_back(recordOf(machine));
        m_fill.spawn(fill(std::move(fleet)));
        start();
    }

    Score play() {
        const MonotonicTime end = m_clock.now() + m_scenario.length;
        while (m_clock.now() < end)
            tick();
        Score score = m_scorer.end();
        score.workerHours = m_scenario.workers * toSeconds(m_scenario.length) / 3600;
        return score;
    }

private:
    InstanceRecord recordOf(const SimMachine& machine) const {
        InstanceRecord record;
        Instance& instance = record.instance;
        instance.id = machine.instance;
        instance.status = InstanceStatus::Ready;
        instance.zone = machine.zone;
        instance.pool = QStringLiteral("mock/%1/model").arg(machine.zone);
        instance.providerInstanceId = machine.id.value();
        instance.stateSince = instance.readyAt = m_clock.wallNow();
        return record;
    }
    Task<> fill(ChangeSet fleet) { co_await m_store.commit(std::move(fleet)); }

    void start() {
        m_orchestrator.reset(); // crashes
        m_store.away = false;
        m_orchestrator = std::make_unique<Orchestrator>(m_clock, m_store, m_provider, m_scenario);
        m_entries.clear();
        for (SimMachine& machine : m_world.machines())
            machine.probed.reset();
        m_world.noteDisturbed(m_clock.now());
    }

    void tick() {
        const Duration tick = m_scenario.tick;
        m_clock.advanceTo(m_clock.now() + tick - std::chrono::seconds(1));
        m_world.live();
        if (m_world.takeRestart())
            start();
        if (const auto step = m_world.takeClockStep()) {
            m_clock.stepWall(*step);
            // A leap forward looks like a suspended machine: everybody's silence counts anew.
            if (*step > 3 * tick)
                m_world.noteDisturbed(m_clock.now() + tick);
        }
        if (m_world.takeRelease())
            m_orchestrator->release();
        m_store.away = m_world.storeAway();
        m_orchestrator->watcher().ownAddressAnswers = m_world.ownAddressAnswers();
        for (SimMachine& machine : m_world.machines()) {
            if (const FleetEntry* entry = entryOf(machine))
                hear(machine, *entry);
        }
        if (++m_ticks % 3 == 0 || m_store.away)
            m_orchestrator->flush();
        m_clock.advanceTo(m_clock.now() + std::chrono::seconds(1));
        m_orchestrator->tick(tick);
        for (const SimMachine& machine : m_world.machines()) {
            if (const FleetEntry* entry = entryOf(machine))
                see(machine, *entry);
        }
    }

    /// What this life of the orchestrator knows of a machine's instance; nothing: it knows of none.
    const FleetEntry* entryOf(const SimMachine& machine) {
        while (m_entries.size() <= machine.place) {
            const SimMachine& next = m_world.machines()[m_entries.size()];
            const FleetEntry* entry = m_orchestrator->plane().entry(next.instance);
            if (!entry)
                return nullptr;
            m_entries.push_back(entry);
        }
        return m_entries[machine.place];
    }

    /// What of a machine gets through to the orchestrator: its beats and the answers to probes.
    void hear(SimMachine& machine, const FleetEntry& entry) {
        ControlPlane& plane = m_orchestrator->plane();
        const MonotonicTime now = m_clock.now();
        const InstanceRecord* record = &entry.record;
        const bool due = !machine.lastBeat || now - *machine.lastBeat >= machine.beatEvery;
        const bool lost = machine.beatEvery == Duration{} && m_world.uniform() < 0.01;
        const bool current = machine.bootedIncarnation == record->instance.incarnation;
        if (machine.beats() && due && !lost && current && m_world.ownAddressAnswers()) {
            machine.lastBeat = now;
            Heartbeat beat;
            beat.instanceId = machine.instance;
            beat.workerId = QStringLiteral("w");
            beat.status = machine.model ? WorkerStatus::Ready : WorkerStatus::Starting;
            plane.beat(beat);
            if (isStarting(record->instance.status) && record->workInHand.isEmpty())
                m_orchestrator->spawn(followStart(plane, machine.instance, machine.model));
        }
        probe(machine, now);
    }

    /// A good answer stands for a while, as it does in the health check.
    void probe(SimMachine& machine, MonotonicTime now) {
        if (machine.probed && now - *machine.probed < probeCache)
            return;
        const bool ok = machine.serves() && machine.reachable;
        machine.probed = ok ? std::optional(now) : std::nullopt;
        auto& results = m_orchestrator->probes().results;
        auto result = results.find(machine.instance);
        if (result == results.end())
            result = results.insert(machine.instance, {});
        result->ok = ok;
        result->failuresInRow = ok ? 0 : result->failuresInRow + 1;
        result->says = ok ? QStringLiteral("it serves") : QStringLiteral("no answer");
        result->at = now;
    }

    void see(const SimMachine& machine, const FleetEntry& entry) {
        const auto& said = entry.live.testimony;
        const bool blocked = said && said->isBlocked();
        m_scorer.see(machine, {entry.status(), blocked ? said->assessment().blockedBy : QString()},
                     m_clock.now());
    }

    Scenario m_scenario;
    SimClock m_clock;
    SimStore m_store;
    SimWorld m_world;
    SimProvider m_provider;
    Scorer m_scorer;
    quint64 m_ticks = 0;
    std::vector<const FleetEntry*> m_entries; ///< by the place of the machine
    TaskScope m_fill;
    std::unique_ptr<Orchestrator> m_orchestrator;
};

} // namespace

Score simulate(const Scenario& scenario, quint32 seed) {
    Run run(scenario, seed);
    Score score = run.play();
    score.seed = seed;
    return score;
}

} // namespace vigie
