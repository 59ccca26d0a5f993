#include "core/orchestrator/jobs/jobrunner.h"

#include "core/base/log.h"
#include "core/orchestrator/actions/forgotten.h"
#include "core/orchestrator/jobs/jobspec.h"
#include "core/orchestrator/jobs/watchercheck.h"
#include "core/orchestrator/samplebook.h"
#include "core/orchestrator/tokenmeter.h"
#include "core/orchestrator/watchdogsettings.h"
#include "core/telemetry/windowedlatency.h"

#include <algorithm>

namespace vigie {

namespace {

const QString watchdogName = QStringLiteral("worker-watchdog");
const QString runnerLog = QStringLiteral("jobs");
constexpr Duration secondly = std::chrono::seconds(1);
constexpr Duration sweepEvery = std::chrono::seconds(5);
// With others who must see within a second what was heard here.
constexpr Duration sharedFlushInterval = std::chrono::milliseconds(400);

} // namespace

class JobRunner::Private {
public:
    struct Slot {
        std::unique_ptr<Job> job;
        JobStats stats; ///< without the durations, which are here
        WindowedLatency durations;
        std::unique_ptr<Ticker> ticker;
        bool again = false;  ///< run once more when the running cycle is over
        bool shares = false; ///< see JobDescriptor
    };

    explicit Private(Parts p)
        : parts(p), reinstaller(p.plane, p.provider, p.url),
          automation(p.plane, p.provider.code(), readWatchdogSettings(p.settings)),
          context{p.clock,    p.settings,   p.plane,
                  p.provider, p.http,       watcher,
                  probes,     volumes,      machines,
                  cleanUps,   reinstaller,  automation,
                  p.url,      p.probeCalls, [this](Task<> task) { scope->spawn(std::move(task)); }},
          operations({p.plane, p.provider, reinstaller, automation,
                      [this](const QString& job) { runNow(job); }},
                     readActionSettings(p.settings)),
          commands({p.plane, p.provider, [this](const QString& job) { return runCounted(job); },
                    [this](const QString& job) { return cyclesOf(job); },
                    [this](Task<> task) { scope->spawn(std::move(task)); }}),
          policy(p.plane, p.settings,
                 [this](const WatchdogSettings& settings) { reconfigure(settings); }),
          check(p.clock, p.http, p.url, watcher, p.asleep) {
        watcher.startedAt = p.clock.now();
    }

    void tick(Slot& slot);
    Run runNow(const QString& name);
    std::optional<quint64> runCounted(const QString& name);
    quint64 cyclesOf(const QString& name) const;
    Slot* slotOf(const QString& name) const;
    Task<> everySecond();
    void reconfigure(const WatchdogSettings& settings);
    void begin(Slot& slot);
    bool runsHere(const Slot& slot) const;
    Task<> tend();
    Task<> beginAnew();
    Task<> cycle(Slot& slot, std::stop_token stop);

    Parts parts;
    WatcherState watcher;
    ProbeBoard probes;
    VolumeBoard volumes;
    MachineBoard machines;
    CleanUpBoard cleanUps;
    Reinstaller reinstaller;
    Automation automation;
    JobContext context;
    OperationDesk operations;
    CommandDesk commands;
    TokenMeter tokens{parts.plane};
    StoreKeeper keeper{parts.plane, parts.kept};
    PolicyDesk policy;
    WatcherCheck check;
    std::vector<std::unique_ptr<Slot>> slots;
    std::unique_ptr<Ticker> flusher, tender; ///< where others share the store
    std::unique_ptr<Ticker> mover;
    Timer first;
    bool tending = false;
    QString noLease;                    ///< why the last try to begin one failed
    std::optional<MonotonicTime> swept; ///< of what others left open
    TaskScope upkeep;
    std::unique_ptr<TaskScope> scope = std::make_unique<TaskScope>();
};

bool JobRunner::Private::runsHere(const Slot& slot) const {
    const Replica& replica = parts.plane.replica();
    return slot.shares ? replica.holds() : replica.leads();
}

Task<> JobRunner::Private::tend() {
    if (tending)
        co_return;
    tending = true;
    Replica& replica = parts.plane.replica();
    if (replica.lost())
        co_await beginAnew();
    else
        co_await replica.tend();
    const MonotonicTime now = parts.clock.now();
    if (replica.leads() && (!swept || now - *swept >= sweepEvery)) {
        swept = now;
        co_await failForgottenActions(parts.plane);
    }
    if (!replica.leads()) {
        swept.reset(); // at once after a takeover
        // Another one looks from now on: what we saw is old when we lead again.
        probes.results.clear();
        cleanUps.held.clear();
        volumes.forget();
        machines.forget();
    }
    tending = false;
}

// What still runs was begun under the old lease and must not write under a new one.
Task<> JobRunner::Private::beginAnew() {
    Replica& replica = parts.plane.replica();
    scope->requestStop();
    reinstaller.requestStop();
    operations.requestStop();
    if (!scope->idle() || !reinstaller.idle() || !operations.idle() ||
        upkeep.token().stop_requested())
        co_return;
    const Outcome<void> joined = co_await replica.join(
        replica.name(), std::chrono::duration_cast<std::chrono::milliseconds>(parts.lease));
    if (!joined && joined.error().message != noLease) {
        noLease = joined.error().message;
        logError(runnerLog,
                 QStringLiteral("no lease at the store, so nothing is done here: ") + noLease);
    }
    if (!joined || upkeep.token().stop_requested())
        co_return;
    noLease.clear();
    scope = std::make_unique<TaskScope>();
    commands.forget();
    reinstaller.restart();
    operations.restart();
    co_await parts.plane.load();
}

void JobRunner::Private::tick(Slot& slot) {
    if (slot.stats.name == watchdogName)
        check.ticked(slot.stats.interval);
    if (!slot.stats.running && runsHere(slot))
        begin(slot);
}

void JobRunner::Private::begin(Slot& slot) {
    if (scope->token().stop_requested())
        return;
    slot.stats.running = true;
    scope->spawn(cycle(slot, scope->token()));
}

Task<> JobRunner::Private::cycle(Slot& slot, std::stop_token stop) {
    do {
        slot.again = false;
        const WallTime beganAt = parts.clock.wallNow();
        const MonotonicTime began = parts.clock.now();
        if (slot.stats.name == watchdogName)
            co_await check.askOwnAddress(stop);
        const JobReport report = co_await slot.job->run(stop);
        JobStats& stats = slot.stats;
        stats.lastRunAt = beganAt;
        stats.lastDuration = parts.clock.now() - began;
        slot.durations.record(stats.lastDuration, parts.clock.now());
        stats.add(report);
    } while (slot.again && !stop.stop_requested());
    slot.stats.running = false;
}

JobRunner::Private::Slot* JobRunner::Private::slotOf(const QString& name) const {
    const auto slot =
        std::ranges::find_if(slots, [&](const auto& one) { return one->stats.name == name; });
    return slot == slots.end() ? nullptr : slot->get();
}

JobRunner::Run JobRunner::Private::runNow(const QString& name) {
    Slot* slot = slotOf(name);
    if (!slot)
        return Run::NoSuchJob;
    if (!runsHere(*slot))
        return Run::LedElsewhere;
    if (!slot->job->switchedOffBy().isEmpty())
        return Run::SwitchedOff;
    if (slot->stats.running)
        slot->again = true;
    else
        begin(*slot);
    return Run::Accepted;
}

std::optional<quint64> JobRunner::Private::runCounted(const QString& name) {
    const Slot* slot = slotOf(name);
    // A cycle that runs already saw the world of before.
    const quint64 wanted = slot ? slot->stats.runs + (slot->stats.running ? 2 : 1) : 0;
    if (runNow(name) != Run::Accepted)
        return std::nullopt;
    return wanted;
}

quint64 JobRunner::Private::cyclesOf(const QString& name) const {
    const Slot* slot = slotOf(name);
    return slot ? slot->stats.runs : 0;
}

void JobRunner::Private::reconfigure(const WatchdogSettings& settings) {
    automation.reconfigure(settings, parts.provider.code());
    for (const auto& slot : slots)
        slot->job->reconfigure(settings);
}

Task<> JobRunner::Private::everySecond() {
    const std::stop_token stop = scope->token();
    if (!flusher)
        co_await parts.plane.flushBeats();
    if (stop.stop_requested())
        co_return;
    co_await policy.refresh();
    if (!stop.stop_requested())
        co_await commands.tick(stop);
    if (!stop.stop_requested())
        co_await operations.tick();
    if (!stop.stop_requested())
        co_await tokens.tick();
    if (!stop.stop_requested())
        co_await parts.plane.samples().tick();
    if (!stop.stop_requested())
        co_await keeper.tick();
}

JobRunner::JobRunner(Parts parts) : JobRunner(parts, jobs::registry()) {}

JobRunner::JobRunner(Parts parts, const std::vector<JobDescriptor>& jobs)
    : d(std::make_unique<Private>(parts)) {
    for (const JobDescriptor& job : jobs) {
        auto slot = std::make_unique<Private::Slot>();
        slot->job = job.create(d->context);
        slot->stats.name = job.name;
        slot->shares = job.shares;
        slot->stats.interval = parts.settings.seconds(
            jobs::jobPath(QStringLiteral("jobs.") + job.name, u"interval_seconds"));
        d->slots.push_back(std::move(slot));
    }
}

JobRunner::~JobRunner() {
    stop();
}

void JobRunner::start() {
    for (const auto& slot : d->slots) {
        slot->ticker = std::make_unique<Ticker>(d->parts.clock, slot->stats.interval,
                                                [this, one = slot.get()] { d->tick(*one); });
    }
    if (d->parts.plane.store().shared()) {
        d->flusher = std::make_unique<Ticker>(d->parts.clock, sharedFlushInterval, [this] {
            d->upkeep.spawn(d->parts.plane.flushBeats());
        });
        d->tender = std::make_unique<Ticker>(d->parts.clock, d->parts.lease / 5,
                                             [this] { d->upkeep.spawn(d->tend()); });
        d->upkeep.spawn(d->tend());
    }
    d->mover = std::make_unique<Ticker>(d->parts.clock, secondly, [this] {
        if (!d->scope->token().stop_requested())
            d->scope->spawn(d->everySecond());
    });
    d->first = d->parts.clock.schedule(Duration::zero(), [this] {
        for (const auto& slot : d->slots)
            d->tick(*slot);
    });
}

void JobRunner::stop() {
    d->first.cancel();
    d->flusher.reset();
    d->tender.reset();
    d->mover.reset();
    for (const auto& slot : d->slots)
        slot->ticker.reset();
    d->scope->requestStop();
    d->operations.stop();
    d->reinstaller.stop();
    d->scope->drain();
    d->upkeep.spawn(d->parts.plane.flushBeats());
    d->upkeep.spawn(d->parts.plane.samples().flush());
    d->upkeep.drain();
    // Last, when nothing of ours runs any more: now others may take over.
    d->upkeep.spawn(d->parts.plane.replica().leave());
    d->upkeep.drain();
}

JobRunner::Run JobRunner::runNow(const QString& name) {
    return d->runNow(name);
}

void JobRunner::moveOperations() {
    if (!d->scope->token().stop_requested())
        d->scope->spawn(d->operations.tick());
}

void JobRunner::deliverCommands() {
    if (!d->scope->token().stop_requested())
        d->scope->spawn(d->commands.tick(d->scope->token()));
}

const CommandDesk::Figures& JobRunner::commands() const {
    return d->commands.figures();
}

const StoreKeeper::Figures& JobRunner::store() const {
    return d->keeper.figures();
}

std::vector<JobStats> JobRunner::stats() const {
    std::vector<JobStats> all;
    const Replica& replica = d->parts.plane.replica();
    for (const auto& slot : d->slots) {
        all.push_back(slot->stats);
        all.back().owner = slot->shares ? replica.name() : replica.leader();
        all.back().switchedOffBy = slot->job->switchedOffBy();
        all.back().elsewhere = !slot->shares && !replica.leads();
        all.back().duration = slot->durations.total();
    }
    return all;
}

std::optional<Histogram> JobRunner::durations(const QString& name, Duration window) const {
    for (const auto& slot : d->slots) {
        if (slot->stats.name == name)
            return slot->durations.window(window, d->parts.clock.now());
    }
    return std::nullopt;
}

const ProbeBoard& JobRunner::probes() const {
    return d->probes;
}

const VolumeBoard* JobRunner::volumes() const {
    return d->parts.plane.replica().leads() ? &d->volumes : nullptr;
}

const MachineBoard* JobRunner::machines() const {
    return d->parts.plane.replica().leads() ? &d->machines : nullptr;
}

const CleanUpBoard* JobRunner::cleanUps() const {
    return d->parts.plane.replica().leads() ? &d->cleanUps : nullptr;
}

const WatcherState& JobRunner::watcher() const {
    return d->watcher;
}

Reinstaller& JobRunner::reinstaller() {
    return d->reinstaller;
}

PolicyDesk& JobRunner::policy() {
    return d->policy;
}

const PolicyDesk& JobRunner::policy() const {
    return d->policy;
}

OperationDesk& JobRunner::operations() {
    return d->operations;
}

const OperationDesk& JobRunner::operations() const {
    return d->operations;
}

Automation& JobRunner::automation() {
    return d->automation;
}

const Automation& JobRunner::automation() const {
    return d->automation;
}

} // namespace vigie
