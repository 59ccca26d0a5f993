#pragma once

#include "core/orchestrator/breakerorder.h"
#include "core/orchestrator/controlplane.h"

#include <map>

namespace vigie {

/// The circuit breakers of a daemon, as far as people may take hold of them.
class BreakerControl {
public:
    virtual ~BreakerControl() = default;
    virtual bool hasBreaker(const QString& name) const = 0;
    /// Why nobody may override a breaker that there is; nothing: they may.
    virtual std::optional<QString> whyFixed(const QString& name) const {
        Q_UNUSED(name);
        return std::nullopt;
    }
    /// `order.until` is in the future. Also of breakers that there are not, or not yet.
    virtual void impose(const BreakerOrder& order, const QString& actor) = 0;
    virtual void lift(const QString& name, const QString& reason, const QString& actor) = 0;
};

/// Keeps people's overrides of circuit breakers in force: written to the store before they act,
/// read back after a restart and, every second, from what other replicas wrote. Belongs to the
/// event-loop thread.
class BreakerOverrides {
public:
    /// Both outlive it.
    BreakerOverrides(ControlPlane& plane, BreakerControl& breakers);

    /// Reads what is in force now and goes on doing so. While the store fails the known ones stay.
    void start();
    void stop();
    Task<Outcome<void>> refresh();

    /// Takes the place of an override that is there. NotFound for a breaker that does not exist.
    Task<Outcome<void>> impose(BreakerOrder order, Asker asker);
    /// Ends an override; without one it only checks the name.
    Task<Outcome<void>> lift(QString breaker, Asker asker);

private:
    struct Standing {
        BreakerOrder order;
        ActionLogId row;
        QString actor;
    };
    using Orders = std::map<QString, Standing>; ///< by breaker

    Failure unknown(const QString& breaker) const;
    Task<> end(ActionLogId row, QString why);
    Task<> look();

    ControlPlane& m_plane;
    BreakerControl& m_breakers;
    Orders m_orders;
    quint64 m_asked = 0; ///< readings of the store, by number
    quint64 m_taken = 0; ///< answers to older ones come too late
    bool m_looking = false;
    std::unique_ptr<Ticker> m_ticker;
    TaskScope m_scope;
};

} // namespace vigie
