#pragma once

#include "core/runtime/sourcefleet.h"
#include "core/runtime/sourcepoller.h"

namespace vigie {

/// Everything the engine keeps about one source.
struct Channel {
    Channel(Clock& clock, SourceConfig config, const SourceOpener& opener,
            const EngineOptions& options,
            std::function<void(Channel&, const Outcome<SourceReading>&)> done)
        : fleet(config.id, options),
          poller(clock, std::move(config), opener,
                 [this, heard = std::move(done)](const auto& reading) { heard(*this, reading); }) {}

    /// The status with what only the fleet knows.
    SourceStatus status() const;
    bool blind() const {
        return poller.freshness() == Freshness::Stale ||
               poller.freshness() == Freshness::Unreachable;
    }

    SourceFleet fleet;
    std::vector<LatencySeries> latencies;
    SourcePoller poller; // last: what runs in it may use the rest
};

} // namespace vigie
