#include "core/http/connectionbudget.h"

namespace vigie {

namespace {

constexpr Duration idleLife = std::chrono::minutes(2); // QNetworkAccessManager's own

} // namespace

Task<bool> ConnectionBudget::enter(Clock& clock, Duration patience, std::stop_token stop) {
    if (m_running < maxRunning) {
        ++m_running;
        co_return true;
    }
    const Eventual<bool> place;
    m_waiting.push_back(place);
    const Timer timer = clock.schedule(patience, [place] { place.resolve(false); });
    const std::stop_callback onStop(stop, [place] { place.resolve(false); });
    const bool entered = co_await place;
    co_return entered;
}

void ConnectionBudget::leave() {
    // The place passes on to the first that still waits; resolve() says whether it does.
    while (!m_waiting.empty()) {
        const Eventual<bool> next = m_waiting.front();
        m_waiting.pop_front();
        if (!next.resolved()) {
            next.resolve(true);
            return;
        }
    }
    --m_running;
}

bool ConnectionBudget::mayKeep(const QString& peer, MonotonicTime now) {
    if (!m_lastUse.contains(peer) && m_lastUse.size() >= maxKeptPeers)
        m_lastUse.removeIf([now](const std::pair<const QString&, MonotonicTime&>& entry) {
            return now - entry.second > idleLife;
        });
    if (!m_lastUse.contains(peer) && m_lastUse.size() >= maxKeptPeers)
        return false;
    m_lastUse.insert(peer, now);
    return true;
}

} // namespace vigie
