#pragma once

#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

/// Where a duration is counted: log-linear buckets in the manner of HdrHistogram. An octave
/// [2^n, 2^(n+1)) ns has 64 buckets of equal width, so that no value is further than 1/128 (0.8 %)
/// from the middle of its bucket. The first octave begins at 2^9 ns, below the first microsecond.
namespace vigie::histogramlayout {

using std::chrono::nanoseconds;

inline constexpr nanoseconds lowest = std::chrono::microseconds(1);
inline constexpr nanoseconds highest = std::chrono::hours(1);

inline constexpr int subBits = 6;
inline constexpr std::size_t perOctave = std::size_t{1} << subBits;
inline constexpr int firstExponent = 9;
inline constexpr std::size_t octaves =
    static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(highest.count()))) -
    firstExponent;
inline constexpr std::size_t buckets = octaves * perOctave;

/// The bucket of a value in [lowest, highest].
constexpr std::size_t indexOf(nanoseconds value) {
    const auto ns = static_cast<std::uint64_t>(value.count());
    const int exponent = std::bit_width(ns) - 1;
    const auto octave = static_cast<std::size_t>(exponent - firstExponent);
    return octave * perOctave +
           (static_cast<std::size_t>(ns >> (exponent - subBits)) & (perOctave - 1));
}

constexpr nanoseconds widthOf(std::size_t index) {
    return nanoseconds(std::int64_t{1} << (firstExponent - subBits + index / perOctave));
}

/// The smallest value in a bucket.
constexpr nanoseconds firstOf(std::size_t index) {
    return static_cast<std::int64_t>(perOctave + index % perOctave) * widthOf(index);
}

/// The largest value in a bucket.
constexpr nanoseconds lastOf(std::size_t index) {
    return firstOf(index) + widthOf(index) - nanoseconds(1);
}

/// What stands for every value of a bucket.
constexpr nanoseconds middleOf(std::size_t index) {
    return firstOf(index) + widthOf(index) / 2;
}

} // namespace vigie::histogramlayout
