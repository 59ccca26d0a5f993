#include "core/orchestrator/breakeroverrides.h"

#include "core/base/log.h"
#include "core/orchestrator/actionlogs.h"

namespace vigie {

namespace {

const QString overrideLog = QStringLiteral("breakers");
constexpr Duration lookEvery = std::chrono::seconds(1);

} // namespace

BreakerOverrides::BreakerOverrides(ControlPlane& plane, BreakerControl& breakers)
    : m_plane(plane), m_breakers(breakers) {}

void BreakerOverrides::start() {
    m_ticker = std::make_unique<Ticker>(m_plane.clock(), lookEvery, [this] {
        if (!m_looking)
            m_scope.spawn(look());
    });
    m_scope.spawn(look());
}

void BreakerOverrides::stop() {
    m_ticker.reset();
    m_scope.drain();
}

Task<> BreakerOverrides::look() {
    m_looking = true;
    const Outcome<void> read = co_await refresh();
    m_looking = false;
    if (!read)
        logDebug(overrideLog, read.error().message); // the store's own failure is told elsewhere
}

Task<> BreakerOverrides::end(ActionLogId row, QString why) {
    ActionLogFinish finish = finished(row);
    finish.errorMessage = std::move(why);
    const Outcome<void> written = co_await m_plane.finishLog(std::move(finish));
    if (!written)
        logWarning(overrideLog, written.error().message); // the next look tries again
}

Task<Outcome<void>> BreakerOverrides::refresh() {
    const quint64 number = ++m_asked;
    const auto open = co_await m_plane.store().openActions();
    if (!open)
        co_return fail(open.error());
    if (number < m_taken)
        co_return Outcome<void>{}; // somebody has written or read since
    m_taken = number;
    const WallTime now = m_plane.clock().wallNow();
    Orders orders;
    std::vector<std::pair<ActionLogId, QString>> over;
    for (const ActionLog& row : *open) { // oldest first
        auto order = decodeBreakerOrder(row);
        if (!order)
            continue;
        if (order->until && *order->until <= now) {
            over.emplace_back(row.id, QStringLiteral("its time was over"));
            continue;
        }
        const QString name = order->breaker;
        if (const auto older = orders.find(name); older != orders.end())
            over.emplace_back(older->second.row, QStringLiteral("a newer one took its place"));
        orders.insert_or_assign(name, Standing{std::move(*order), row.id, row.userId});
    }
    for (const auto& [name, standing] : orders) {
        const auto known = m_orders.find(name);
        if (known == m_orders.end() || known->second.row != standing.row)
            m_breakers.impose(standing.order, standing.actor);
    }
    for (const auto& [name, standing] : m_orders) {
        if (!orders.contains(name))
            m_breakers.lift(name, QStringLiteral("the override has ended"), standing.actor);
    }
    m_orders = std::move(orders);
    for (auto& [row, why] : over)
        co_await end(row, why);
    co_return Outcome<void>{};
}

Failure BreakerOverrides::unknown(const QString& breaker) const {
    return {FailureKind::NotFound,
            QStringLiteral("there is no circuit breaker \"%1\"; GET /circuit_breakers names those "
                           "that there are")
                .arg(breaker.left(100)),
            0,
            {},
            QStringLiteral("breaker_not_found"),
            {}};
}

Task<Outcome<void>> BreakerOverrides::impose(BreakerOrder order, Asker asker) {
    if (!m_breakers.hasBreaker(order.breaker))
        co_return fail(unknown(order.breaker));
    if (const auto why = m_breakers.whyFixed(order.breaker))
        co_return fail(FailureKind::Conflict, *why);
    asker.reason = order.reason;
    ActionLog row = actionLog(actiontype::breakerOverride, ActionLogStatus::InProgress, asker);
    row.createdAt = m_plane.clock().wallNow();
    row.requestPayload = encodeBreakerOrder(order);
    const Outcome<void> written = co_await m_plane.writeLog(row);
    if (!written)
        co_return fail(written.error());
    m_taken = ++m_asked;
    // Imposed by what the store says, like everywhere else.
    const Outcome<void> inForce = co_await refresh();
    co_return inForce;
}

Task<Outcome<void>> BreakerOverrides::lift(QString breaker, Asker asker) {
    if (!m_breakers.hasBreaker(breaker))
        co_return fail(unknown(breaker));
    ActionLog row = actionLog(actiontype::breakerOverride, ActionLogStatus::Success, asker);
    row.createdAt = m_plane.clock().wallNow();
    row.completedAt = row.createdAt;
    row.requestPayload = encodeBreakerRelease(breaker, asker.reason);
    const Outcome<void> written = co_await m_plane.writeLog(row);
    if (!written)
        co_return fail(written.error());
    const Outcome<void> read = co_await refresh(); // another replica may have imposed it
    if (!read)
        co_return fail(read.error());
    if (const auto standing = m_orders.find(breaker); standing != m_orders.end()) {
        ActionLogFinish finish = finished(standing->second.row);
        const Outcome<void> ended = co_await m_plane.finishLog(std::move(finish));
        if (!ended)
            co_return fail(ended.error());
        m_taken = ++m_asked;
        m_breakers.lift(breaker, asker.reason, asker.actor);
        m_orders.erase(breaker);
    }
    co_return Outcome<void>{};
}

} // namespace vigie
