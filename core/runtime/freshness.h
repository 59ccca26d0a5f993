#pragma once

#include "core/base/clock.h"
#include "core/model/fleetsnapshot.h"

#include <optional>

namespace vigie {

/// What decides how far a source can be trusted. Times are ours and monotonic.
struct FreshnessFacts {
    Duration interval{};   ///< between the starts of two polls
    MonotonicTime addedAt; ///< when the source was added
    std::optional<MonotonicTime> lastSuccess;
    bool failing = false;        ///< the newest finished poll failed
    Duration lastPollDuration{}; ///< of the newest finished poll
};

/// The grace on top of each limit: half an interval and the duration of the last poll, so that a
/// slow but regular source is not called late; at most one interval; at least 250 ms, which is
/// what a busy machine may take to get round to an answer.
Duration freshnessSlack(const FreshnessFacts& facts);

/// The freshness law. With age = now - last success (or since it was added, when it never
/// answered) and the slack above:
///   age <= 1 interval + slack       live (waiting, when it never answered)
///   age <= 3 intervals + slack      late (waiting, when it never answered)
///   beyond, newest poll failed      unreachable
///   beyond, otherwise               stale (waiting, when it never answered)
/// It depends on time alone, so a poll that never returns makes a source stale too.
Freshness freshnessOf(const FreshnessFacts& facts, MonotonicTime now);

} // namespace vigie
