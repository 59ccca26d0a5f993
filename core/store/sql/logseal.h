#pragma once

#include "core/store/retentionstore.h"
#include "core/store/sql/logchain.h"

namespace vigie::stores::sql {

/// Milliseconds since the Unix epoch, 2020-01-01: what is stamped earlier was written by a clock
/// that nobody had set, so how old it is isn't known.
inline constexpr qint64 firstSaneTime = 1'577'836'800'000;

struct LogRemoval {
    int events = 0, entries = 0;
};

/// Removes the beginning of the action log's chain as far as it is old, at most `cut.most` events,
/// and the entries that only those told of; an event of what is left seals the anchor, the last one
/// removed. Entries that have not ended, or are evidence of one that has not, are told again.
Outcome<void> sealOldLog(Connection& connection, const RetentionCut& cut, LogRemoval& removal);

} // namespace vigie::stores::sql
