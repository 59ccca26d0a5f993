#pragma once

#include "core/model/fleetsnapshot.h"

#include <array>

namespace vigie::panels::overview {

/// How an instance counts in a card's bar, worst first.
enum class Share { Dead, Suspect, Unknown, Starting, Alive, Over };
inline constexpr std::array allShares{Share::Dead,     Share::Suspect, Share::Unknown,
                                      Share::Starting, Share::Alive,   Share::Over};
Share shareOf(const InstanceView& view);
QString word(Share share, int instances);

/// What a card says about one source.
struct SourceCard {
    SourceId id;
    QString name;
    QString detail; ///< kind, version, address
    Freshness freshness = Freshness::Waiting;
    std::optional<Duration> age; ///< of its last good answer
    bool stale = false;
    bool instances = false; ///< it tells instances; a Prometheus endpoint doesn't
    std::array<int, allShares.size()> counts{};
    int total = 0;
    std::optional<double> beats, beatsExpected; ///< per second
    std::optional<double> pollP95;              ///< seconds
    int series = 0;                             ///< histograms it tells
    BreakerMode breaker = BreakerMode::Closed;
    QString breakerText;
    QString failure; ///< of the newest poll; empty when it succeeded
};

/// One per source, those that need a person first.
std::vector<SourceCard> cards(const FleetSnapshot& snapshot);

} // namespace vigie::panels::overview
