#pragma once

#include "core/telemetry/histogram.h"

namespace vigie {

/// A histogram of ours as a classic one in seconds: 19 bounds from 1 ms to 1 h, and +Inf. The
/// bucket of ours that holds a bound counts as below it: most values that lie on a bound are meant
/// to (a time-out of 5 s). What is above the range is above every bound.
ClassicHistogram classicBuckets(const Histogram& histogram);

} // namespace vigie
