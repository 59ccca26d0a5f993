#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

namespace vigie {

/// Arithmetic on points in time that stays at the ends instead of overflowing: a caller's clock may
/// jump anywhere.
namespace saturating {

using Time = std::chrono::steady_clock::time_point;
using Nanoseconds = std::chrono::nanoseconds;

inline std::int64_t ticks(Time time) {
    return std::chrono::duration_cast<Nanoseconds>(time.time_since_epoch()).count();
}

inline Time fromTicks(std::int64_t ns) {
    return Time(Nanoseconds(ns));
}

inline std::int64_t difference(std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    if (!__builtin_sub_overflow(a, b, &result))
        return result;
    return a < b ? std::numeric_limits<std::int64_t>::min()
                 : std::numeric_limits<std::int64_t>::max();
}

inline std::int64_t sum(std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    if (!__builtin_add_overflow(a, b, &result))
        return result;
    return b < 0 ? std::numeric_limits<std::int64_t>::min()
                 : std::numeric_limits<std::int64_t>::max();
}

/// from .. to; negative when `to` is earlier.
inline Nanoseconds between(Time from, Time to) {
    return Nanoseconds(difference(ticks(to), ticks(from)));
}

/// How far apart, whichever is earlier.
inline Nanoseconds apart(Time a, Time b) {
    return a < b ? between(a, b) : between(b, a);
}

inline Time later(Time time, Nanoseconds by) {
    return fromTicks(sum(ticks(time), by.count()));
}

} // namespace saturating

} // namespace vigie
