#include "core/runtime/freshness.h"

#include <algorithm>

namespace vigie {

using namespace std::chrono_literals;

Duration freshnessSlack(const FreshnessFacts& facts) {
    const Duration wanted = facts.interval / 2 + facts.lastPollDuration;
    return std::max<Duration>(std::min(wanted, facts.interval), 250ms);
}

Freshness freshnessOf(const FreshnessFacts& facts, MonotonicTime now) {
    const Duration age = now - facts.lastSuccess.value_or(facts.addedAt);
    const Duration slack = freshnessSlack(facts);
    if (age > 3 * facts.interval + slack && facts.failing)
        return Freshness::Unreachable;
    if (!facts.lastSuccess)
        return Freshness::Waiting;
    if (age <= facts.interval + slack)
        return Freshness::Live;
    return age <= 3 * facts.interval + slack ? Freshness::Late : Freshness::Stale;
}

} // namespace vigie
