#include "core/telemetry/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace vigie {

namespace {

using std::chrono::nanoseconds;

// An octave [2^n, 2^(n+1)) ns has 128 buckets of equal width: no value is further than 1/128 from
// the upper bound of its bucket. Octave 0 here begins at 2^9 ns, below the first microsecond.
constexpr int subBits = 7;
constexpr std::size_t subBuckets = std::size_t{1} << subBits;
constexpr int firstExponent = 9;
constexpr nanoseconds lowest = std::chrono::microseconds(1);
constexpr nanoseconds highest = std::chrono::hours(1);

struct Position {
    std::size_t octave, sub;
};

Position positionOf(nanoseconds value) {
    const auto ns = static_cast<std::uint64_t>(value.count());
    const int exponent = std::bit_width(ns) - 1;
    return {static_cast<std::size_t>(exponent - firstExponent),
            static_cast<std::size_t>(ns >> (exponent - subBits)) & (subBuckets - 1)};
}

/// The largest value in a bucket; the smallest is the upper bound of the one below plus 1 ns.
nanoseconds upperBound(Position at) {
    const int shift = firstExponent + static_cast<int>(at.octave) - subBits;
    const std::uint64_t next = (subBuckets + at.sub + 1) << shift;
    return nanoseconds(static_cast<std::int64_t>(next - 1));
}

nanoseconds width(Position at) {
    return nanoseconds(std::int64_t{1} << (firstExponent + static_cast<int>(at.octave) - subBits));
}

nanoseconds addSaturating(nanoseconds sum, nanoseconds value, std::uint64_t times) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    const std::int64_t room = most - sum.count();
    const std::int64_t each = value.count();
    if (each > 0 && times > static_cast<std::uint64_t>(room / each))
        return nanoseconds(most);
    return sum + nanoseconds(each * static_cast<std::int64_t>(times));
}

} // namespace

void Histogram::cover(std::size_t firstOctave, std::size_t lastOctave) {
    if (m_counts.empty()) {
        m_firstOctave = firstOctave;
    } else if (firstOctave < m_firstOctave) {
        m_counts.insert(m_counts.begin(),
                        static_cast<std::ptrdiff_t>((m_firstOctave - firstOctave) * subBuckets), 0);
        m_firstOctave = firstOctave;
    }
    const std::size_t needed = (lastOctave + 1 - m_firstOctave) * subBuckets;
    if (m_counts.size() < needed)
        m_counts.resize(needed);
}

void Histogram::record(nanoseconds value, std::uint64_t count) {
    if (count == 0)
        return;
    const nanoseconds counted = std::clamp(value, lowest, highest);
    const Position at = positionOf(counted);
    cover(at.octave, at.octave);
    m_counts[(at.octave - m_firstOctave) * subBuckets + at.sub] += count;
    m_min = m_count == 0 ? counted : std::min(m_min, counted);
    m_max = m_count == 0 ? counted : std::max(m_max, counted);
    m_count += count;
    m_overflow += value > highest ? count : 0;
    // The sum takes values as they are: it needs no bucket, and means stay true.
    m_sum = addSaturating(m_sum, std::max(value, nanoseconds::zero()), count);
}

void Histogram::merge(const Histogram& other) {
    if (other.m_count == 0)
        return;
    const std::size_t octaves = other.m_counts.size() / subBuckets;
    const Histogram copy = this == &other ? other : Histogram(); // its vector may move below
    const std::vector<std::uint64_t>& counts = this == &other ? copy.m_counts : other.m_counts;
    cover(other.m_firstOctave, other.m_firstOctave + octaves - 1);
    const std::size_t offset = (other.m_firstOctave - m_firstOctave) * subBuckets;
    for (std::size_t i = 0; i < counts.size(); ++i)
        m_counts[offset + i] += counts[i];
    m_min = m_count == 0 ? other.m_min : std::min(m_min, other.m_min);
    m_max = m_count == 0 ? other.m_max : std::max(m_max, other.m_max);
    m_count += other.m_count;
    m_overflow += other.m_overflow;
    m_sum = addSaturating(m_sum, other.m_sum, 1);
}

nanoseconds Histogram::min() const {
    return m_min;
}

nanoseconds Histogram::max() const {
    return m_max;
}

nanoseconds Histogram::quantile(double q) const {
    if (m_count == 0)
        return {};
    const double share = q >= 0 ? std::min(q, 1.0) : 0; // NaN too
    const auto exact = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(m_count)));
    const std::uint64_t rank = std::clamp<std::uint64_t>(exact, 1, m_count);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        seen += m_counts[i];
        if (seen >= rank)
            return std::min(upperBound({m_firstOctave + i / subBuckets, i % subBuckets}), m_max);
    }
    return m_max;
}

std::vector<Histogram::Bucket> Histogram::buckets() const {
    std::vector<Bucket> found;
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        const Position at{m_firstOctave + i / subBuckets, i % subBuckets};
        if (m_counts[i] > 0)
            found.push_back({upperBound(at) - width(at), upperBound(at), m_counts[i]});
    }
    return found;
}

} // namespace vigie
