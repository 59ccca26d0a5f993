#pragma once

#include "core/orchestrator/controlplane.h"
#include "core/orchestrator/faultcontrol.h"
#include "core/providers/provider.h"
#include "core/providers/troubledesk.h"

#include <QStringList>

#include <optional>

namespace vigie {

/// What POST /chaos asks for; what is left out stays.
struct ChaosOrder {
    bool off = false; ///< ends all of it first
    std::optional<ProviderTrouble> trouble;
    ProviderMishap mishap;
    std::optional<std::vector<FaultRule>> faults;
    QString reason;
};

/// Trouble made on purpose: what the mock provider does wrong, and the faults that the resilience
/// engine puts into what the daemon calls. Off unless configured or asked for, and said to
/// wherever people look while it is on.
class ChaosDesk {
public:
    /// All outlive it; `faults` may be null.
    ChaosDesk(ControlPlane& plane, Provider& provider, FaultControl* faults);

    /// Sentences about what is on, as of the last second; none: nothing is.
    QStringList active() const;
    /// What the provider does wrong when no chaos is on; null without a mock.
    const ProviderTrouble* calm() const { return m_provider.troubleDesk() ? &m_calm : nullptr; }
    /// Somebody else told the provider something.
    void forget() { m_seenAt.reset(); }
    /// NotFound or Invalid, and nothing changed, for what is not possible here. The action log
    /// tells who asked and why.
    Task<Outcome<void>> change(ChaosOrder order, Asker asker, QByteArray body);

    /// GET /chaos.
    QByteArray encoded() const;

private:
    QStringList look() const;
    std::optional<Failure> whyNot(const ChaosOrder& order) const;
    Outcome<void> carryOut(const ChaosOrder& order);

    ControlPlane& m_plane;
    Provider& m_provider;
    FaultControl* m_faults;
    mutable std::optional<MonotonicTime> m_seenAt;
    mutable QStringList m_seen;
    ProviderTrouble m_calm; ///< as configured, without what only ever is trouble
};

/// The body of POST /chaos; `now` is what the provider does wrong now and `calm` without chaos,
/// from which it begins when all is ended first; null without a mock. Invalid, naming the field.
Outcome<ChaosOrder> decodeChaos(const QByteArray& body, const ProviderTrouble* now,
                                const ProviderTrouble* calm);

} // namespace vigie
