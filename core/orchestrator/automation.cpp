#include "core/orchestrator/automation.h"

#include "core/base/log.h"
#include "core/orchestrator/actionlogs.h"

#include <algorithm>

namespace vigie {

namespace {

const QString automationLog = QStringLiteral("automation");
using Kind = StandingOrder::Kind;

} // namespace

Automation::Automation(ControlPlane& plane, const QString& providerCode, WatchdogSettings settings)
    : m_plane(plane), m_settings(std::move(settings)),
      m_configuredMode(m_settings.modeFor(providerCode)) {
    for (const QStringView name : guardNames())
        m_guards[name.toString()].name = name.toString();
    derive();
}

void Automation::reconfigure(WatchdogSettings settings, const QString& providerCode) {
    m_settings = std::move(settings);
    m_configuredMode = m_settings.modeFor(providerCode);
    derive();
}

/// The guards' view of the orders; what a person ordered goes before what is configured, and of two
/// orders the newer one. Who orders all to observe means all; who orders all to act leaves alone
/// what was set apart to be observed.
void Automation::derive() {
    m_state.mode = m_configuredMode;
    m_state.poolModes.clear();
    for (const QString& pool : m_settings.actPools)
        m_state.poolModes.insert(pool, AutomationMode::Act);
    for (const QString& pool : m_settings.observePools)
        m_state.poolModes.insert(pool, AutomationMode::Observe);
    m_state.pausedBy.clear();
    for (const auto& [order, row] : m_orders) {
        if (order.kind == Kind::Pause)
            m_state.pausedBy.push_back({row.id.value(), order.reason, row.userId, row.createdAt});
        else if (order.kind == Kind::Mode && order.scope.isEmpty()) {
            m_state.mode = order.mode;
            if (order.mode == AutomationMode::Observe)
                m_state.poolModes.clear();
        } else if (order.kind == Kind::Mode)
            m_state.poolModes.insert(order.scope, order.mode);
    }
    if (const QString why = m_plane.whyUntouched(); !why.isEmpty())
        m_state.pausedBy.push_back({m_plane.storeId(), why, QStringLiteral("vigied store restore"),
                                    m_plane.restored()->at});
    // What was ordered before the start is not known: nothing is touched until it is.
    if (!m_read)
        m_state.pausedBy.push_back({{},
                                    QStringLiteral("the standing orders are not read yet"),
                                    QStringLiteral("automation"),
                                    m_plane.clock().wallNow()});
}

Task<Outcome<void>> Automation::refresh() {
    const auto open = co_await m_plane.store().openActions();
    if (!open)
        co_return fail(open.error());
    if (m_plane.store().shared() && !m_plane.whyUntouched().isEmpty()) {
        // Somebody may have released it through another orchestrator.
        const Outcome<void> read = co_await m_plane.refresh({});
        if (!read)
            co_return fail(read.error());
    }
    m_orders.clear();
    for (const ActionLog& row : *open) {
        if (auto order = decodeStandingOrder(row))
            m_orders.push_back({std::move(*order), row});
    }
    m_read = true;
    const bool leads = m_plane.replica().leads();
    const bool takesOver = leads && !m_led;
    m_led = leads;
    if (!leads || takesOver) {
        m_brake = StormBrake();
        restoreBrakes();
        m_pools.reset(); // ticks of a lead of before say nothing about now
        m_silentAfterRelease.clear();
        for (auto& [name, guard] : m_guards)
            guard.blockedNow = 0;
    }
    if (takesOver || m_plane.store().shared())
        restorePace(); // a person's starts, asked at another one, count too
    derive();
    if (leads && m_plane.store().shared())
        co_await heedReleases(takesOver);
    co_return Outcome<void>{};
}

Task<> Automation::follow() {
    const Outcome<void> read = co_await refresh();
    if (!read)
        logWarning(automationLog, read.error().message);
}

/// Starts of another leader, or of before our own start, count for the pace too.
void Automation::restorePace() {
    const MonotonicTime now = m_plane.clock().now();
    const WallTime wallNow = m_plane.clock().wallNow();
    for (const InstanceId& id : m_plane.ids()) {
        const InstanceRecord* record = m_plane.find(id);
        if (!record->recoveryBegunAt)
            continue;
        const Duration ago = std::max<Duration>(wallNow - *record->recoveryBegunAt, {});
        auto& last = m_state.lastStart[record->instance.pool];
        last = std::max(last, now - ago);
    }
}

/// A person released through an orchestrator that does not lead.
Task<> Automation::heedReleases(bool first) {
    ActionLogQuery newest;
    newest.actionType = QStringView(actiontype::automationReleased).toString();
    newest.limit = 1;
    const auto rows = co_await m_plane.store().actionLogs(std::move(newest));
    if (!rows || rows->empty() || rows->front().id == m_newestRelease)
        co_return;
    m_newestRelease = rows->front().id;
    if (!first)
        m_brake.release(m_plane.clock().now(), decodeRelease(rows->front()));
}

void Automation::restoreBrakes() {
    for (const auto& [order, row] : m_orders) {
        if (order.kind != Kind::StormBrake)
            continue;
        QSet<InstanceId> expected;
        for (const InstanceId& id : m_plane.ids()) {
            const Instance& instance = m_plane.find(id)->instance;
            const bool fellIn = instance.status == InstanceStatus::WorkerDead &&
                                instance.stateSince >= row.createdAt;
            if (fellIn && (order.scope.isEmpty() || instance.pool == order.scope))
                expected.insert(id);
        }
        m_brake.restore(order.scope, order.reason, std::move(expected));
    }
}

Task<Outcome<void>> Automation::give(StandingOrder order, Asker asker) {
    asker.reason = order.reason;
    ActionLog row = actionLog(actionTypeOf(order.kind), ActionLogStatus::InProgress, asker);
    row.createdAt = m_plane.clock().wallNow();
    row.requestPayload = encodeStandingOrder(order);
    const Outcome<void> written = co_await m_plane.writeLog(row);
    if (!written)
        co_return fail(written.error());
    m_orders.push_back({std::move(order), std::move(row)});
    derive();
    co_return Outcome<void>{};
}

Task<Outcome<void>> Automation::takeBack(ActionLogId id) {
    const Outcome<void> written = co_await m_plane.finishLog(finished(id));
    if (!written)
        co_return fail(written.error());
    std::erase_if(m_orders, [&id](const Order& one) { return one.row.id == id; });
    derive();
    co_return Outcome<void>{};
}

Task<Outcome<void>> Automation::setMode(AutomationMode mode, QString pool, Asker asker) {
    std::vector<ActionLogId> older;
    for (const auto& [order, row] : m_orders) {
        if (order.kind == Kind::Mode && order.scope == pool)
            older.push_back(row.id);
    }
    StandingOrder order{Kind::Mode, pool, asker.reason, mode};
    const Outcome<void> given = co_await give(std::move(order), std::move(asker));
    if (!given)
        co_return fail(given.error());
    for (const ActionLogId& id : older) {
        const Outcome<void> ended = co_await takeBack(id);
        if (!ended)
            logWarning(automationLog, ended.error().message); // the newer one wins all the same
    }
    co_return Outcome<void>{};
}

Task<Outcome<void>> Automation::pause(Asker asker) {
    StandingOrder order{Kind::Pause, {}, asker.reason, {}};
    const Outcome<void> given = co_await give(std::move(order), std::move(asker));
    co_return given;
}

Task<Outcome<void>> Automation::release(Asker asker, StormBrake::SilentAre silent) {
    ActionLog row = actionLog(actiontype::automationReleased, ActionLogStatus::Success, asker);
    row.requestPayload = encodeRelease(silent);
    const ActionLogId releaseId = row.id;
    Outcome<void> written;
    if (m_plane.whyUntouched().isEmpty())
        written = co_await m_plane.writeLog(std::move(row));
    else
        written = co_await m_plane.releaseRestored(std::move(row));
    if (!written)
        co_return fail(written.error());
    m_newestRelease = releaseId;
    derive();
    std::vector<ActionLogId> pauses;
    for (const auto& [order, held] : m_orders) {
        if (order.kind == Kind::Pause)
            pauses.push_back(held.id);
    }
    for (const ActionLogId& id : pauses) {
        const Outcome<void> ended = co_await takeBack(id);
        if (!ended)
            co_return fail(ended.error());
    }
    m_brake.release(m_plane.clock().now(), silent);
    co_return Outcome<void>{};
}

void Automation::noteSilentAfterRelease(QMap<QString, int> pools) {
    m_silentAfterRelease = std::move(pools);
}

Task<> Automation::tendBrake(std::vector<StormBrake::Member> members, const Storm& storm,
                             StormBrake::Watcher watcher) {
    const MonotonicTime now = m_plane.clock().now();
    const auto change = m_brake.advance(members, storm, watcher, policy(), now);
    m_state.brakes = m_brake.says(policy(), now);
    for (const StormBrake::On& on : change.engaged) {
        if (!on.grace)
            logWarning(automationLog,
                       QStringLiteral("storm brake, nothing automatic is done: ") + on.cause);
    }
    for (const StormBrake::On& on : change.released) {
        if (!on.grace)
            logInfo(automationLog, QStringLiteral("the storm brake is off again: ") + on.cause);
    }
    // The rows follow the brakes; what the store refuses now is written in a later tick.
    std::vector<StormBrake::On> missing;
    for (const StormBrake::On& on : m_brake.all()) {
        const bool noted = std::ranges::any_of(m_orders, [&on](const Order& one) {
            return one.order.kind == Kind::StormBrake && one.order.scope == on.scope;
        });
        if (!on.grace && !noted)
            missing.push_back(on);
    }
    std::vector<ActionLogId> over;
    for (const auto& [order, row] : m_orders) {
        const bool on = std::ranges::find(m_brake.all(), order.scope, &StormBrake::On::scope) !=
                        m_brake.all().end();
        if (order.kind == Kind::StormBrake && !on)
            over.push_back(row.id);
    }
    if (!m_read || m_plane.storeFailure())
        co_return;
    for (const StormBrake::On& on : missing) {
        StandingOrder order{Kind::StormBrake, on.scope, on.cause, {}};
        co_await give(std::move(order), Asker{});
    }
    for (const ActionLogId& id : over)
        co_await takeBack(id);
}

RemediationPlan Automation::plan(const std::vector<GuardedInstance>& instances) {
    std::map<QString, PoolBudget> pools;
    for (const GuardedInstance& one : instances) {
        PoolBudget& pool = pools[one.pool];
        ++pool.size;
        pool.inRecovery += one.inRecovery ? 1 : 0;
    }
    m_pools.emplace();
    for (auto& [name, pool] : pools) {
        pool.pool = name;
        pool.blastRadius = blastRadius(pool.size, policy());
        m_pools->push_back(pool);
    }
    const Clock& clock = m_plane.clock();
    RemediationPlan made = vigie::plan(instances, m_state, policy(), clock.now(), clock.wallNow());
    for (auto& [name, guard] : m_guards)
        guard.blockedNow = 0;
    for (const BlockedStep& one : made.blocked) {
        AutomationView::Guard& guard = m_guards[one.guard];
        ++guard.blockedNow;
        ++guard.blocked;
    }
    return made;
}

void Automation::noteStart(const PlannedStep& step) {
    const MonotonicTime now = m_plane.clock().now();
    if (!step.further)
        m_state.lastStart[step.pool] = now;
    if (m_state.modeOf(step.pool) == AutomationMode::Act)
        m_state.zones[step.zone].lastStart = now;
}

void Automation::noteManualStart(const QString& pool) {
    m_state.lastStart[pool] = m_plane.clock().now();
}

std::optional<MonotonicTime> Automation::lastStart(const QString& pool) const {
    const auto found = m_state.lastStart.constFind(pool);
    return found == m_state.lastStart.constEnd() ? std::nullopt : std::optional(*found);
}

void Automation::noteEnd(const QString& zone, bool helped) {
    ZonePast& past = m_state.zones[zone];
    past.failedInARow = helped ? 0 : past.failedInARow + 1;
    past.lastFailure = helped ? std::nullopt : std::optional<MonotonicTime>(m_plane.clock().now());
}

void Automation::noteUnsupported(const QString& pool, RemedyStep step) {
    auto& refused = m_state.unsupported[pool.section(u'/', 0, 0)];
    if (std::ranges::find(refused, step) == refused.end())
        refused.push_back(step);
}

QString Automation::standsStill(const QString& pool) const {
    if (!m_state.pausedBy.empty())
        return QStringLiteral("pause: ") + m_state.pausedBy.front().reason;
    for (const QString& scope : {QString(), pool}) {
        if (const auto brake = m_state.brakes.constFind(scope); brake != m_state.brakes.constEnd())
            return QStringLiteral("storm brake: ") + *brake;
    }
    return {};
}

AutomationView Automation::view() const {
    AutomationView view;
    view.mode = m_state.mode;
    view.recoveryEnabled = policy().enabled;
    view.pausedBy = m_state.pausedBy;
    view.brakes = m_brake.all();
    view.brakeSays = m_brake.says(policy(), m_plane.clock().now());
    view.inFlight = policy().inFlight;
    view.leader = m_plane.replica().leader();
    if (!m_pools || !m_plane.replica().leads())
        return view;
    AutomationView::Tick& tick = view.tick.emplace();
    tick.silentAfterRelease = m_silentAfterRelease;
    tick.pools = *m_pools;
    for (PoolBudget& pool : tick.pools) {
        pool.mode = m_state.modeOf(pool.pool);
        tick.inRecovery += pool.inRecovery;
    }
    for (const QStringView name : guardNames())
        tick.guards.push_back(m_guards.at(name.toString()));
    return view;
}

QByteArray Automation::mark() const {
    QByteArray mark = toString(m_state.mode).toUtf8() + m_plane.replica().leader().toUtf8() +
                      (m_pools ? "+" : "-");
    for (const PauseReason& one : m_state.pausedBy)
        mark += one.id.toUtf8() + ';';
    for (const StormBrake::On& on : m_brake.all())
        mark += on.scope.toUtf8() + (on.calmSince ? "~" : "!");
    return mark;
}

} // namespace vigie
