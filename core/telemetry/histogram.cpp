#include "core/telemetry/histogram.h"

#include "core/telemetry/histogramlayout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace vigie {

namespace {

using namespace histogramlayout;

nanoseconds addSaturating(nanoseconds sum, nanoseconds value, std::uint64_t times) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    const std::int64_t room = most - sum.count();
    const std::int64_t each = value.count();
    if (each > 0 && times > static_cast<std::uint64_t>(room / each))
        return nanoseconds(most);
    return sum + nanoseconds(each * static_cast<std::int64_t>(times));
}

} // namespace

Histogram::Histogram(std::span<const std::uint64_t> counts, nanoseconds sum, std::uint64_t overflow,
                     nanoseconds min, nanoseconds max)
    : m_overflow(overflow), m_sum(sum) {
    const auto isCounted = [](std::uint64_t count) { return count > 0; };
    const auto first = std::ranges::find_if(counts, isCounted);
    // The sum stays also without a count: a recorder drained between the two halves of a record
    // delivers them one after the other.
    if (first == counts.end())
        return;
    const auto last = std::find_if(counts.rbegin(), counts.rend(), isCounted).base() - 1;
    const auto lowestIndex = static_cast<std::size_t>(first - counts.begin());
    const auto highestIndex = static_cast<std::size_t>(last - counts.begin());
    m_firstOctave = lowestIndex / perOctave;
    const auto covered = counts.subspan(m_firstOctave * perOctave,
                                        (highestIndex / perOctave + 1 - m_firstOctave) * perOctave);
    m_counts.assign(covered.begin(), covered.end());
    for (const std::uint64_t count : m_counts)
        m_count += count;
    m_min = std::clamp(min, std::max(lowest, firstOf(lowestIndex)), lastOf(lowestIndex));
    m_max = std::clamp(max, std::max(m_min, firstOf(highestIndex)),
                       std::max(m_min, std::min(highest, lastOf(highestIndex))));
}

void Histogram::cover(std::size_t firstOctave, std::size_t lastOctave) {
    if (m_counts.empty()) {
        m_firstOctave = firstOctave;
    } else if (firstOctave < m_firstOctave) {
        m_counts.insert(m_counts.begin(),
                        static_cast<std::ptrdiff_t>((m_firstOctave - firstOctave) * perOctave), 0);
        m_firstOctave = firstOctave;
    }
    const std::size_t needed = (lastOctave + 1 - m_firstOctave) * perOctave;
    if (m_counts.size() < needed)
        m_counts.resize(needed);
}

void Histogram::record(nanoseconds value, std::uint64_t count) {
    if (count == 0)
        return;
    const nanoseconds counted = std::clamp(value, lowest, highest);
    const std::size_t index = indexOf(counted);
    cover(index / perOctave, index / perOctave);
    m_counts[index - m_firstOctave * perOctave] += count;
    m_min = m_count == 0 ? counted : std::min(m_min, counted);
    m_max = m_count == 0 ? counted : std::max(m_max, counted);
    m_count += count;
    m_overflow += value > highest ? count : 0;
    // The sum takes values as they are: it needs no bucket, and means stay true.
    m_sum = addSaturating(m_sum, std::max(value, nanoseconds::zero()), count);
}

void Histogram::merge(const Histogram& other) {
    if (other.m_count == 0) {
        m_overflow += other.m_overflow;
        m_sum = addSaturating(m_sum, other.m_sum, 1);
        return;
    }
    const std::size_t covered = other.m_counts.size() / perOctave;
    const Histogram copy = this == &other ? other : Histogram(); // its vector may move below
    const std::vector<std::uint64_t>& counts = this == &other ? copy.m_counts : other.m_counts;
    cover(other.m_firstOctave, other.m_firstOctave + covered - 1);
    const std::size_t offset = (other.m_firstOctave - m_firstOctave) * perOctave;
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

void Histogram::quantiles(std::span<const double> ascending, std::span<nanoseconds> out) const {
    std::uint64_t seen = 0;
    std::size_t i = 0;
    for (std::size_t asked = 0; asked < ascending.size(); ++asked) {
        const double q = ascending[asked];
        if (m_count == 0 || !(q > 0) || q >= 1) {
            out[asked] = q >= 1 ? m_max : m_min;
            continue;
        }
        const auto exact = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(m_count)));
        const std::uint64_t rank = std::clamp<std::uint64_t>(exact, 1, m_count);
        while (i < m_counts.size() && seen + m_counts[i] < rank)
            seen += m_counts[i++];
        out[asked] = std::clamp(middleOf(m_firstOctave * perOctave + i), m_min, m_max);
    }
}

nanoseconds Histogram::quantile(double q) const {
    nanoseconds found{};
    quantiles({&q, 1}, {&found, 1});
    return found;
}

LatencyPercentiles Histogram::percentiles() const {
    static constexpr std::array asked{0.5, 0.9, 0.95, 0.99, 0.999};
    std::array<nanoseconds, asked.size()> found;
    quantiles(asked, found);
    return {found[0], found[1], found[2], found[3], found[4]};
}

std::vector<Histogram::Bucket> Histogram::buckets() const {
    std::vector<Bucket> found;
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        const std::size_t index = m_firstOctave * perOctave + i;
        if (m_counts[i] > 0)
            found.push_back({lastOf(index) - widthOf(index), lastOf(index), m_counts[i]});
    }
    return found;
}

} // namespace vigie
