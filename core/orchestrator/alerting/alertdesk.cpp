#include "core/orchestrator/alerting/alertdesk.h"

#include "core/base/log.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/standingorder.h"

#include <algorithm>
#include <iterator>

namespace vigie {

namespace {

using namespace std::chrono_literals;

const QString logName = QStringLiteral("alerts");
const SourceId self(QStringLiteral("vigied"));
constexpr auto expiredFor = 120h; ///< Alertmanager's own retention
constexpr std::size_t mostStanding = 500;
constexpr int mostListed = 1000;

std::vector<AlertRule> allRules(const std::function<const DaemonFacts&()>& facts) {
    std::vector<AlertRule> all = rules::registry();
    for (AlertRule& rule : daemonRules(facts))
        all.push_back(std::move(rule));
    return all;
}

Failure noSuchSilence(const QString& id) {
    return {FailureKind::NotFound,
            QStringLiteral("no silence \"%1\" stands; GET /silences lists them").arg(id.left(80)),
            0,
            {},
            QStringLiteral("silence_not_found"),
            {}};
}

/// How long an instance may stay in a state; nothing: as long as it likes.
std::optional<Duration> stateLimit(InstanceStatus status, const WatchdogSettings& settings) {
    if (isStarting(status))
        return settings.limitOf(status);
    switch (status) {
    case InstanceStatus::Provisioning:
        return 30min;
    case InstanceStatus::Draining:
        return 1h;
    case InstanceStatus::Terminating:
        return 10min;
    default:
        return std::nullopt;
    }
}

std::optional<Silence> silenceOf(const ActionLog& row) {
    if (!isSilence(row))
        return std::nullopt;
    auto silence = readSilence(row.requestPayload);
    if (silence)
        silence->id = row.id.value();
    return silence;
}

} // namespace

AlertDesk::AlertDesk(Parts parts)
    : m_parts(std::move(parts)),
      m_engine(allRules([this]() -> const DaemonFacts& { return m_facts; })) {}

void AlertDesk::start() {
    const auto begin = [this] {
        if (!m_looking)
            m_scope.spawn(look());
    };
    m_ticker = std::make_unique<Ticker>(m_parts.plane.clock(), lookEvery, begin);
    begin();
}

void AlertDesk::stop() {
    m_ticker.reset();
    m_scope.drain();
}

Task<> AlertDesk::look() {
    m_looking = true;
    const Outcome<void> read = co_await readSilences(); // while the store fails the known ones stay
    m_looking = false;
    if (!read)
        logDebug(logName, read.error().message); // told by an alert of its own
    evaluate();
    tellChanges();
}

Task<Outcome<void>> AlertDesk::readSilences() {
    const auto open = co_await m_parts.plane.store().openActions();
    if (!open)
        co_return fail(open.error());
    const WallTime now = m_parts.plane.clock().wallNow();
    std::vector<Silence> standing;
    QStringList over;
    for (const ActionLog& row : *open) {
        auto silence = silenceOf(row);
        if (!silence)
            continue;
        if (silence->state(now) == SilenceState::Expired)
            over.append(silence->id);
        else
            standing.push_back(std::move(*silence));
    }
    m_silences = std::move(standing);
    for (const QString& id : std::as_const(over))
        co_await finish(id, QStringLiteral("its time was over"));
    co_return Outcome<void>();
}

Task<Outcome<void>> AlertDesk::finish(QString id, QString why) {
    ActionLogFinish end = finished(ActionLogId(id));
    end.errorMessage = std::move(why);
    auto written = co_await m_parts.plane.finishLog(std::move(end));
    co_return written;
}

/// Only those that a rule may have something to say about: a look must not copy a whole fleet.
std::vector<std::shared_ptr<const InstanceView>> AlertDesk::views() const {
    const WatchdogSettings settings = m_parts.jobs.policy().watchdog();
    const MonotonicTime now = m_parts.plane.clock().now();
    const WallTime wall = m_parts.plane.clock().wallNow();
    std::vector<std::shared_ptr<const InstanceView>> views;
    for (const FleetEntry* entry : m_parts.plane.entries()) {
        const Instance& instance = entry->record.instance;
        if (instance.isArchived || isOver(instance.status))
            continue;
        const bool dead =
            instance.status == InstanceStatus::WorkerDead ||
            (entry->live.testimony && entry->live.testimony->verdict() == Verdict::Dead);
        const std::optional<Duration> limit = stateLimit(instance.status, settings);
        const std::optional<WallTime> since = instance.stateSince;
        const bool stuck = limit && since && wall - *since > *limit;
        if (!dead && !stuck && !isFailed(instance.status))
            continue;
        auto view = std::make_shared<InstanceView>();
        view->instance = instance;
        view->source = self;
        view->freshness = Freshness::Live;
        view->stateLimit = limit;
        if (since)
            view->timeInState = wall - *since;
        if (const auto assessment = entry->live.assessment())
            view->assessment = *assessment;
        if (entry->live.lastBeat)
            view->assessment.heartbeatAge = now - *entry->live.lastBeat;
        views.push_back(std::move(view));
    }
    return views;
}

void AlertDesk::evaluate() {
    const Clock& clock = m_parts.plane.clock();
    m_facts.writesWaiting = m_parts.plane.laterWrites().waiting;
    m_facts.storeFailure = m_parts.plane.storeFailure();
    m_facts.automation = m_parts.jobs.automation().view();
    m_facts.jobs = m_parts.jobs.stats();
    m_facts.stuckVolumes.clear();
    if (const VolumeBoard* volumes = m_parts.jobs.volumes())
        std::ranges::copy_if(volumes->findings, std::back_inserter(m_facts.stuckVolumes),
                             &VolumeFinding::retriesUsedUp);
    const MachineBoard* machines = m_parts.jobs.machines();
    m_facts.stuckMachines = machines ? machines->retriesUsedUp : 0;
    m_facts.massAbsence = !machines                         ? QString()
                          : machines->massAbsence.isEmpty() ? machines->denied
                                                            : machines->massAbsence;
    if (m_parts.failingTasks)
        m_facts.failingTasks = m_parts.failingTasks();
    m_facts.chaos = m_parts.chaos ? m_parts.chaos() : QStringList();
    m_facts.now = clock.wallNow();
    SourceStatus own;
    own.id = self;
    own.name = QStringLiteral("this orchestrator");
    own.kind = QStringLiteral("orchestrator");
    // Without its store it does not know how its instances are: nothing resolves meanwhile.
    own.freshness = m_facts.storeFailure ? Freshness::Stale : Freshness::Live;
    own.remoteBreakers = m_parts.breakers();
    const auto seen = views();
    m_engine.evaluate(AlertFacts{{&own, 1}, seen}, clock.now(), clock.wallNow());
}

QStringList AlertDesk::silencing(const Alert& alert) const {
    const WallTime now = m_parts.plane.clock().wallNow();
    QStringList ids;
    for (const Silence& silence : m_silences) {
        if (silence.state(now) == SilenceState::Active && silence.covers(alert.labels))
            ids.append(silence.id);
    }
    return ids;
}

void AlertDesk::tellChanges() {
    std::map<QString, QStringList> firing;
    for (const ToldAlert& told : alerts())
        firing.emplace(fingerprintOf(told.alert.labels), told.silencedBy);
    QStringList changed;
    for (const auto& [fingerprint, silenced] : firing) {
        const auto known = m_told.find(fingerprint);
        if (known == m_told.end() || known->second != silenced)
            changed.append(fingerprint);
    }
    for (const auto& [fingerprint, silenced] : m_told) {
        if (!firing.contains(fingerprint))
            changed.append(fingerprint);
    }
    m_told = std::move(firing);
    if (!changed.isEmpty() && m_changed)
        m_changed(changed);
}

std::vector<ToldAlert> AlertDesk::alerts() const {
    std::vector<ToldAlert> firing;
    for (Alert& alert : m_engine.alerts()) {
        if (alert.state != AlertState::Firing)
            continue;
        ToldAlert told{std::move(alert), {}, {}};
        told.silencedBy = silencing(told.alert);
        firing.push_back(std::move(told));
    }
    return firing;
}

QByteArray AlertDesk::mark() const {
    QByteArray mark;
    for (const auto& [fingerprint, silenced] : m_told)
        mark += fingerprint.toLatin1() + (silenced.isEmpty() ? '+' : '-');
    return mark;
}

Task<Outcome<std::vector<Silence>>> AlertDesk::silences() const {
    ActionLogQuery query;
    query.actionType = QString::fromUtf16(actiontype::silence);
    query.limit = mostListed;
    const auto rows = co_await m_parts.plane.store().actionLogs(std::move(query));
    if (!rows)
        co_return fail(rows.error());
    const WallTime now = m_parts.plane.clock().wallNow();
    std::vector<Silence> listed;
    for (const ActionLog& row : *rows) {
        auto silence = silenceOf(row);
        if (!silence)
            continue;
        if (row.completedAt && *row.completedAt < silence->endsAt)
            silence->endsAt = *row.completedAt; // a person ended it
        if (silence->endsAt > now - expiredFor)
            listed.push_back(std::move(*silence));
    }
    co_return listed;
}

Task<Outcome<QString>> AlertDesk::silence(Silence wanted, Asker asker) {
    const QString before = wanted.id;
    const auto read = co_await readSilences();
    if (!read)
        co_return fail(read.error());
    if (!before.isEmpty() &&
        std::ranges::find(m_silences, before, &Silence::id) == m_silences.end())
        co_return fail(noSuchSilence(before));
    if (m_silences.size() >= mostStanding)
        co_return fail(
            FailureKind::Overloaded,
            QStringLiteral("%1 silences stand already; end some of them first").arg(mostStanding));
    wanted.createdBy = asker.actor; // who it was is not for the caller to say
    asker.reason = wanted.comment;
    ActionLog row = actionLog(actiontype::silence, ActionLogStatus::InProgress, asker);
    row.createdAt = m_parts.plane.clock().wallNow();
    wanted.id = row.id.value();
    row.requestPayload = encodeSilence(wanted, row.createdAt);
    const auto written = co_await m_parts.plane.writeLog(row);
    if (!written)
        co_return fail(written.error());
    if (!before.isEmpty()) {
        const auto ended = co_await finish(before, QStringLiteral("replaced by ") + wanted.id);
        if (!ended)
            co_return fail(ended.error());
    }
    const auto known = co_await readSilences();
    if (!known)
        co_return fail(known.error());
    tellChanges();
    co_return wanted.id;
}

Task<Outcome<void>> AlertDesk::expire(QString id, Asker asker) {
    const auto before = co_await readSilences();
    if (!before)
        co_return fail(before.error());
    if (std::ranges::find(m_silences, id, &Silence::id) == m_silences.end())
        co_return fail(noSuchSilence(id));
    const auto ended = co_await finish(id, QStringLiteral("ended by ") + asker.actor);
    if (!ended)
        co_return fail(ended.error());
    auto read = co_await readSilences();
    tellChanges();
    co_return read;
}

} // namespace vigie
