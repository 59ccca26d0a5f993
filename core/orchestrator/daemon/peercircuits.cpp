#include "core/orchestrator/daemon/peercircuits.h"

#include "core/base/log.h"

namespace vigie {

std::shared_ptr<CircuitBreaker>
PeerCircuits::circuit(std::string_view key, const CircuitOptions& options, MonotonicTime now) {
    std::shared_ptr<CircuitBreaker> circuit;
    std::optional<Standing> standing;
    {
        const std::lock_guard lock(m_mutex);
        if (const auto known = m_peers.find(key); known != m_peers.end()) {
            known->second.lastUse = now;
            circuit = known->second.circuit;
        }
    }
    if (circuit) {
        circuit->configure(options, now);
        return circuit;
    }
    const std::string name(key);
    {
        const std::lock_guard lock(m_mutex);
        makeRoom(now);
        if (m_peers.size() >= mostPeers)
            return nullptr;
        CircuitOptions own = options;
        own.name = name;
        const auto [made, isNew] = m_peers.try_emplace(name, m_clock, now);
        if (!isNew)
            return made->second.circuit; // another thread was faster
        circuit = std::make_shared<CircuitBreaker>(
            std::move(own), [this, name](const CircuitEvent& event) { saw(name, event); });
        made->second.circuit = circuit;
        if (const auto order = m_orders.find(QString::fromStdString(name)); order != m_orders.end())
            standing = order->second;
    }
    if (standing)
        force(*circuit, *standing);
    m_figures.tellZeroes(name, true);
    return circuit;
}

/// Whether nobody uses it, and nothing is lost with it but counts.
bool PeerCircuits::isSpare(const Peer& peer, MonotonicTime now) const {
    if (peer.circuit.use_count() > 1)
        return false;
    const CircuitSnapshot seen = peer.circuit->snapshot(now);
    return !seen.imposed && seen.computed != CircuitMode::Open;
}

void PeerCircuits::makeRoom(MonotonicTime now) {
    std::erase_if(m_peers, [&](const auto& each) {
        return now - each.second.lastUse > forgetAfter && isSpare(each.second, now);
    });
    if (m_peers.size() < mostPeers)
        return;
    auto longest = m_peers.end();
    for (auto each = m_peers.begin(); each != m_peers.end(); ++each) {
        const bool longer =
            longest == m_peers.end() || each->second.lastUse < longest->second.lastUse;
        if (longer && isSpare(each->second, now))
            longest = each;
    }
    if (longest != m_peers.end())
        m_peers.erase(longest);
}

void PeerCircuits::saw(const std::string& key, const CircuitEvent& event) {
    {
        const std::lock_guard lock(m_mutex);
        const auto peer = m_peers.find(key);
        if (peer == m_peers.end())
            return;
        peer->second.lastUse = std::max(peer->second.lastUse, event.at);
        peer->second.calls.note(event);
        if (event.transition)
            peer->second.view.note(*event.transition);
    }
    const CircuitTransition* moved = event.transition;
    if (!moved)
        return;
    CallEvent told;
    told.key = key;
    told.at = event.at;
    told.kind = moved->opened ? CallEvent::Kind::CircuitOpened : CallEvent::Kind::CircuitHalfOpened;
    if (moved->wasReset)
        told.kind = CallEvent::Kind::CircuitClosed;
    m_figures.note(told);
    logInfo(QStringLiteral("resilience"),
            QStringLiteral("%1: %2 to %3 (%4)")
                .arg(QString::fromStdString(key), QLatin1String(toString(moved->from)),
                     QLatin1String(toString(moved->to)), QString::fromStdString(moved->cause)));
}

std::vector<Breaker> PeerCircuits::breakers() const {
    const std::lock_guard lock(m_mutex);
    std::vector<Breaker> all;
    for (const auto& [key, peer] : m_peers)
        all.push_back(peer.view.of(peer.circuit->snapshot(m_clock.now())));
    return all;
}

bool PeerCircuits::contains(const QString& name) const {
    const std::lock_guard lock(m_mutex);
    return m_peers.contains(name.toStdString());
}

std::optional<std::vector<BreakerCall>> PeerCircuits::callsOf(const QString& name) const {
    const std::lock_guard lock(m_mutex);
    const auto peer = m_peers.find(name.toStdString());
    if (peer == m_peers.end())
        return std::nullopt;
    return peer->second.calls.within(peer->second.circuit->snapshot(m_clock.now()).options);
}

void PeerCircuits::force(CircuitBreaker& circuit, const Standing& standing) const {
    const BreakerOrder& order = standing.order;
    const MonotonicTime now = m_clock.now();
    std::optional<MonotonicTime> until;
    if (order.until) {
        if (*order.until <= m_clock.wallNow())
            return;
        until = now + (*order.until - m_clock.wallNow());
    }
    circuit.force(toCircuitMode(order.state), now, order.reason.toStdString(),
                  standing.actor.toStdString(), until);
}

void PeerCircuits::impose(const BreakerOrder& order, const QString& actor) {
    std::shared_ptr<CircuitBreaker> circuit;
    const Standing standing{order, actor};
    {
        const std::lock_guard lock(m_mutex);
        m_orders.insert_or_assign(order.breaker, standing);
        if (const auto peer = m_peers.find(order.breaker.toStdString()); peer != m_peers.end())
            circuit = peer->second.circuit;
    }
    if (circuit)
        force(*circuit, standing);
}

void PeerCircuits::lift(const QString& name, const QString& reason, const QString& actor) {
    std::shared_ptr<CircuitBreaker> circuit;
    {
        const std::lock_guard lock(m_mutex);
        m_orders.erase(name);
        if (const auto peer = m_peers.find(name.toStdString()); peer != m_peers.end())
            circuit = peer->second.circuit;
    }
    if (circuit)
        circuit->release(m_clock.now(), reason.toStdString(), actor.toStdString());
}

} // namespace vigie
