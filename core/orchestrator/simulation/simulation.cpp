#include "core/orchestrator/simulation/simulation.h"

#include "core/base/timeformat.h"
#include "core/orchestrator/jobs/jobrunner.h"
#include "core/orchestrator/secrets.h"
#include "core/orchestrator/simulation/simclock.h"
#include "core/orchestrator/simulation/simorchestrator.h"
#include "core/orchestrator/simulation/simprovider.h"
#include "core/orchestrator/simulation/simstore.h"

#include <algorithm>
#include <memory>

namespace vigie {

namespace {

WatchdogSettings simulatedSettings(const Settings& defaults, const Scenario& scenario) {
    WatchdogSettings settings = readWatchdogSettings(defaults);
    settings.mode = QStringLiteral("act");
    settings.policy.expectedBeatInterval = scenario.tick;
    return settings;
}

constexpr Duration probeCache = std::chrono::seconds(30);
// Volumes that nobody wants may lie about for so long before they count as leaked.
constexpr Duration volumeGrace = std::chrono::hours(1);

class Run {
public:
    Run(const Scenario& scenario, quint32 seed, const Settings& settings)
        : m_scenario(scenario), m_settings(settings),
          m_watchdog(simulatedSettings(settings, scenario)), m_world(scenario, m_clock, seed),
          m_cloud(m_world, m_clock), m_provider(m_clock, m_world, m_cloud),
          m_scorer(scenario, m_world, m_watchdog.policy.heartbeatThreshold,
                   m_watchdog.guards.holdTicks) {
        ChangeSet fleet;
        for (SimMachine& machine : m_world.machines()) {
            const Secret secret = newSecret();
            machine.secret = secret.plain;
            fleet.inserts.push_back(recordOf(machine));
            fleet.inserts.back().bootstrapSecretHash = secret.hash;
            std::ranges::move(m_cloud.volumesOf(machine), std::back_inserter(fleet.volumes));
        }
        m_fill.spawn(fill(std::move(fleet)));
        m_cloud.onCommand = [this](const SimMachine& machine, MachineCommandKind kind) {
            // A machine beside the one that its instance is known by is nobody's.
            if (isWanted(machine) || !isKnown(machine))
                m_scorer.commanded(machine, kind, m_clock.now());
        };
        m_store.onInsert = [this](const Instance& instance) { ordered(instance.id); };
        start();
    }

    std::optional<Score> play(const std::stop_token& stop) {
        const MonotonicTime end = m_clock.now() + m_scenario.length;
        while (m_clock.now() < end && !stop.stop_requested())
            tick();
        if (stop.stop_requested())
            return std::nullopt;
        Score score = m_scorer.end(m_clock.now(),
                                   m_cloud.account(volumeGrace, [this](const SimMachine& machine) {
                                       return isWanted(machine);
                                   }));
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
    void ordered(const InstanceId& id) {
        for (const SimMachine& machine : m_world.machines()) {
            const InstanceRecord* record = machine.gone ? nullptr : m_store.find(machine.instance);
            if (record && record->workInHand == replaceWork &&
                replacementOf(record->workLogId) == id)
                m_scorer.replaced(machine, m_clock.now());
        }
    }
    bool isKnown(const SimMachine& machine) const {
        const InstanceRecord* record = m_store.find(machine.instance);
        return record && !record->instance.providerInstanceId.isEmpty();
    }
    bool isWanted(const SimMachine& machine) const {
        const InstanceRecord* record = m_store.find(machine.instance);
        return record && record->instance.providerInstanceId == machine.id.value() &&
               !isOver(record->instance.status);
    }
    Task<> fill(ChangeSet fleet) { co_await m_store.commit(std::move(fleet)); }

    void start() {
        m_orchestrator.reset(); // crashes
        m_store.away = false;
        m_orchestrator =
            std::make_unique<SimOrchestrator>(m_clock, m_store, m_provider, m_settings, m_watchdog);
        m_entries.clear();
        for (SimMachine& machine : m_world.machines())
            machine.probed.reset();
        m_world.noteDisturbed(m_clock.now());
    }

    void tick() {
        const Duration tick = m_scenario.tick;
        m_clock.advanceTo(m_clock.now() + tick - std::chrono::seconds(1));
        m_world.live();
        m_cloud.live();
        if (m_world.takeRestart())
            start();
        if (const auto step = m_world.takeClockStep()) {
            m_clock.stepWall(*step);
            // A leap forward looks like a suspended machine: everybody's silence counts anew.
            if (*step > 3 * tick)
                m_world.noteDisturbed(m_clock.now() + tick);
        }
        if (m_world.takeRelease()) {
            m_scorer.released(m_clock.now());
            m_orchestrator->release();
        }
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
        const auto& brakes = m_orchestrator->automation().brake().all();
        m_scorer.seeOutage(
            std::ranges::any_of(brakes,
                                [](const StormBrake::On& on) { return !on.cause.isEmpty(); }),
            m_clock.now());
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

    static bool holdsToken(const SimMachine& machine, const InstanceRecord& record) {
        return !machine.tokenHash.isEmpty() && machine.tokenHash == record.workerTokenHash;
    }

    /// What of a machine gets through to the orchestrator: its beats and the answers to probes.
    void hear(SimMachine& machine, const FleetEntry& entry) {
        if (machine.gone)
            return;
        ControlPlane& plane = m_orchestrator->plane();
        const MonotonicTime now = m_clock.now();
        const InstanceRecord* record = &entry.record;
        const bool due = !machine.lastBeat || now - *machine.lastBeat >= machine.beatEvery;
        const bool lost = machine.beatEvery == Duration{} && m_world.uniform() < 0.01;
        const bool heard = machine.beats() && due && !lost && m_world.ownAddressAnswers();
        if (heard && !holdsToken(machine, *record)) {
            machine.tokenHash = newSecret().hash;
            m_orchestrator->enroll(machine.instance, machine.secret, machine.tokenHash);
        }
        if (heard && holdsToken(machine, *record)) {
            machine.lastBeat = now;
            Heartbeat beat;
            beat.instanceId = machine.instance;
            beat.workerId = QStringLiteral("w");
            beat.status = machine.model ? WorkerStatus::Ready : WorkerStatus::Starting;
            plane.beat(beat);
        }
        probe(machine, now);
        const InstanceStatus status = record->instance.status;
        if (isStarting(status) || status == InstanceStatus::StartupFailed)
            m_orchestrator->advance(machine.instance);
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
    const Settings& m_settings;
    WatchdogSettings m_watchdog;
    SimClock m_clock;
    SimStore m_store;
    SimWorld m_world;
    SimCloud m_cloud;
    SimProvider m_provider;
    Scorer m_scorer;
    quint64 m_ticks = 0;
    std::vector<const FleetEntry*> m_entries; ///< by the place of the machine
    TaskScope m_fill;
    std::unique_ptr<SimOrchestrator> m_orchestrator;
};

} // namespace

Score simulate(const Scenario& scenario, quint32 seed) {
    return *simulate(scenario, seed, std::stop_token());
}

std::optional<Score> simulate(const Scenario& scenario, quint32 seed, const std::stop_token& stop) {
    const Outcome<Settings> settings = Settings::read(jobSettings(), {});
    if (!settings)
        qFatal("the defaults of the jobs contradict each other");
    Run run(scenario, seed, *settings);
    std::optional<Score> score = run.play(stop);
    if (score)
        score->seed = seed;
    return score;
}

} // namespace vigie
