#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace vigie {

/// What the API of a provider that only pretends does wrong.
struct ProviderTrouble {
    Duration latency{};        ///< of each call; 0 .. 1 h
    double errorRate = 0;      ///< share of calls that fail with 503
    double rateLimitRate = 0;  ///< share of calls that fail with 429
    double lostAnswerRate = 0; ///< share of creates that are carried out and not answered
    double volumeLeakRate = 0; ///< share of deletions that leave the disk behind
    QStringList outOfStock;    ///< "zone/type", either may be *
    std::optional<int> quota;  ///< machines there may be; none: no limit
    Duration listLag{};        ///< a new machine is missing from lists so long; 0 .. 1 h
    quint32 seed = 1;          ///< of its chance: the same seed, the same story from then on
};

/// What happens once, behind the daemon's back.
struct ProviderMishap {
    QStringList vanish;      ///< machines that are gone; volumeLeakRate tells what of their disks
    QStringList loseVolumes; ///< disks that are gone
    int strayMachines = 0;   ///< so many appear that carry our tag and no instance's; 0 .. 100
};

/// Where such a provider is told, while it runs, what to do wrong. What is told is forgotten when
/// it ends, so that a restart has the configured trouble again; unless several share the pretended
/// machines, who then all do it until they are told something else.
class TroubleDesk {
public:
    virtual ~TroubleDesk() = default;
    virtual ProviderTrouble trouble() const = 0;
    /// As configured, whatever was told since.
    virtual ProviderTrouble configured() const = 0;
    /// Takes effect with the next call; chance begins anew at the seed.
    /// Storage when those who share it can't be told.
    virtual Outcome<void> setTrouble(ProviderTrouble trouble) = 0;
    /// All of it or nothing: NotFound, naming it, for what does not exist; Storage.
    virtual Outcome<void> befall(const ProviderMishap& mishap) = 0;
};

} // namespace vigie
