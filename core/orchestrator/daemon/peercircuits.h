#pragma once

#include "core/http/breakerview.h"
#include "core/orchestrator/breakerorder.h"
#include "core/orchestrator/daemon/callfigures.h"
#include "core/orchestrator/daemon/recentcalls.h"
#include "core/resilience/circuitbreaker.h"
#include "core/resilience/sharedcalls.h"

#include <map>
#include <memory>
#include <mutex>

namespace vigie {

/// The circuit breakers of those whom the daemon's tasks and services call: of each task engine, by
/// kind, address and model, and of each service. They outlast a single run, so that the next one
/// finds a dead engine's breaker open. Names come from plans, so there are at most `mostPeers`;
/// those that nobody uses and that are well make room. Any thread.
class PeerCircuits final : public CallListener, public SharedCircuits {
public:
    static constexpr std::size_t mostPeers = 200;
    /// Unused for so long, a breaker that does not refuse calls is forgotten when another comes.
    static constexpr Duration forgetAfter = std::chrono::hours(1);

    /// Both outlive it. `clock` runs like the one by which calls are made.
    PeerCircuits(const Clock& clock, CallFigures& figures) : m_clock(clock), m_figures(figures) {}

    std::shared_ptr<CircuitBreaker> circuit(std::string_view key, const CircuitOptions& options,
                                            MonotonicTime now) override;
    void happened(const CallEvent& event) override { m_figures.note(event); }

    std::vector<Breaker> breakers() const;
    bool contains(const QString& name) const;
    /// Nothing for a name that does not exist.
    std::optional<std::vector<BreakerCall>> callsOf(const QString& name) const;
    /// Holds also for a breaker that is made later, while the order lasts.
    void impose(const BreakerOrder& order, const QString& actor);
    void lift(const QString& name, const QString& reason, const QString& actor);

private:
    struct Peer {
        Peer(const Clock& clock, MonotonicTime now) : view(clock), calls(clock), lastUse(now) {}
        std::shared_ptr<CircuitBreaker> circuit;
        BreakerView view;
        RecentCalls calls;
        MonotonicTime lastUse;
    };
    struct Standing {
        BreakerOrder order;
        QString actor;
    };

    void saw(const std::string& key, const CircuitEvent& event);
    bool isSpare(const Peer& peer, MonotonicTime now) const;
    void makeRoom(MonotonicTime now);
    void force(CircuitBreaker& circuit, const Standing& standing) const;

    const Clock& m_clock;
    CallFigures& m_figures;
    mutable std::mutex m_mutex; ///< of both maps; never held while a breaker tells something
    std::map<std::string, Peer, std::less<>> m_peers;
    std::map<QString, Standing> m_orders;
};

} // namespace vigie
