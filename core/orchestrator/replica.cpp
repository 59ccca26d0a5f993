#include "core/orchestrator/replica.h"

#include "core/base/log.h"

#include <utility>

namespace vigie {

namespace {

const QString replicaLog = QStringLiteral("replica");
const QString leadership = QStringLiteral("leader");

} // namespace

bool Replica::holds() const {
    return !m_store.shared() || (m_until && !m_lost && m_clock.now() < *m_until);
}

void Replica::note(const Failure& failure) {
    if (!isLeaseLost(failure) || m_lost)
        return;
    m_lost = true;
    m_leads = false;
    logWarning(replicaLog, QStringLiteral("our lease at the store ended and others took over; what "
                                          "runs is ended, then a new one is begun"));
}

Task<Outcome<void>> Replica::join(QString name, std::chrono::milliseconds lease) {
    m_name = std::move(name);
    m_lease = lease;
    if (!m_store.shared())
        co_return Outcome<void>{};
    const MonotonicTime asked = m_clock.now();
    const auto token = co_await m_store.join(m_name, lease);
    if (!token)
        co_return fail(token.error());
    m_until = asked + lease;
    m_held.clear();
    m_joined = true;
    m_leads = false;
    m_lost = false;
    logInfo(
        replicaLog,
        QStringLiteral("%1 joined; its fencing token is %2").arg(m_name, QString::number(*token)));
    co_await tend();
    co_return Outcome<void>{};
}

Task<> Replica::tend() {
    if (!m_store.shared() || !m_joined || m_lost || m_tending)
        co_return;
    m_tending = true;
    const MonotonicTime asked = m_clock.now();
    const auto renewed = co_await m_store.renew(m_lease);
    if (renewed)
        m_until = asked + m_lease;
    else
        note(renewed.error());
    if (renewed && !m_leads) {
        const QStringList wanted(leadership);
        const QStringList won = co_await claim(wanted);
        if (!won.isEmpty()) {
            m_leads = true;
            logInfo(replicaLog, m_name + QStringLiteral(" leads"));
        }
    }
    if (renewed && !m_leads) {
        const auto holder = co_await m_store.holder(leadership);
        if (holder)
            m_leader = *holder;
    }
    m_tending = false;
}

Task<> Replica::leave() {
    if (!m_store.shared() || !m_joined)
        co_return;
    m_joined = false;
    m_leads = false;
    m_until.reset();
    const auto left = co_await m_store.leave();
    if (!left)
        logWarning(replicaLog, left.error().message);
}

Task<QStringList> Replica::claim(QStringList names) {
    if (!m_store.shared() || names.isEmpty())
        co_return names;
    const Wish wish{std::move(names), {}};
    m_wishes.push_back(wish);
    if (!std::exchange(m_claiming, true))
        m_scope.spawn(claimAll());
    const QStringList won = co_await wish.won;
    co_return won;
}

Task<> Replica::claimAll() {
    while (!m_wishes.empty()) {
        const std::vector<Wish> together = std::exchange(m_wishes, {});
        QStringList names;
        for (const Wish& wish : together)
            names += wish.names;
        names.removeDuplicates();
        const auto ours = co_await m_store.claim(names);
        if (!ours)
            note(ours.error());
        // All are counted before anyone goes on, who may give his own back.
        std::vector<QStringList> shares;
        for (const Wish& wish : together) {
            QStringList& share = shares.emplace_back();
            for (const QString& name : wish.names) {
                if (!ours || !ours->contains(name))
                    continue;
                ++m_held[name];
                share.append(name);
            }
        }
        for (std::size_t i = 0; i < together.size(); ++i)
            together[i].won.resolve(shares[i]);
    }
    m_claiming = false;
}

Task<> Replica::giveBack(QStringList names) {
    QStringList free;
    for (const QString& name : names) {
        const auto held = m_held.find(name);
        if (held == m_held.end() || --*held > 0)
            continue;
        m_held.erase(held);
        free.append(name);
    }
    if (free.isEmpty())
        co_return;
    const auto done = co_await m_store.unclaim(free);
    if (!done) // they end with our lease
        logWarning(replicaLog, done.error().message);
}

} // namespace vigie
