#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace vigie {

/// The percentiles that Vigie shows of a latency; all zero when nothing was measured.
struct LatencyPercentiles {
    std::chrono::nanoseconds p50{}, p90{}, p95{}, p99{}, p999{};
    bool operator==(const LatencyPercentiles&) const = default;
};

/// A value histogram of durations: HDR-style log-linear buckets from 1 us to 1 h, at most 17 kB,
/// allocated as far as values were seen. Quantiles are within 1 % of the exact value. Below the
/// range counts as 1 us, above as 1 h (and in overflow()). A plain value: copyable, mergeable by
/// bucket, not synchronised; LatencyRecorder is what many threads record into.
class Histogram {
public:
    Histogram() = default;

    void record(std::chrono::nanoseconds value, std::uint64_t count = 1);
    /// As if all of `other` had been recorded here too. Percentiles are never averaged: merge, then
    /// ask.
    void merge(const Histogram& other);

    std::uint64_t count() const { return m_count; }
    std::uint64_t overflow() const { return m_overflow; }
    std::chrono::nanoseconds sum() const { return m_sum; }
    std::chrono::nanoseconds min() const;
    std::chrono::nanoseconds max() const;

    /// The value at quantile q in [0, 1] (nearest rank): the middle of the bucket that holds that
    /// rank, never outside [min(), max()]; q <= 0 and NaN are min(), q >= 1 is max(). Zero when
    /// empty.
    std::chrono::nanoseconds quantile(double q) const;
    /// The five in one pass.
    LatencyPercentiles percentiles() const;

    /// One non-empty bucket: (lower, upper] and its count.
    struct Bucket {
        std::chrono::nanoseconds lower, upper;
        std::uint64_t count;
    };
    std::vector<Bucket> buckets() const;

    bool operator==(const Histogram&) const = default;

private:
    friend class LatencyRecorder;
    /// `counts` has one entry for each bucket of the layout; min and max may lag behind them.
    Histogram(std::span<const std::uint64_t> counts, std::chrono::nanoseconds sum,
              std::uint64_t overflow, std::chrono::nanoseconds min, std::chrono::nanoseconds max);

    void cover(std::size_t firstOctave, std::size_t lastOctave);
    void quantiles(std::span<const double> ascending,
                   std::span<std::chrono::nanoseconds> out) const;

    std::vector<std::uint64_t> m_counts; ///< of whole octaves, as far as values were seen
    std::size_t m_firstOctave = 0;       ///< the one m_counts begins with
    std::uint64_t m_count = 0;
    std::uint64_t m_overflow = 0;
    std::chrono::nanoseconds m_sum{};
    std::chrono::nanoseconds m_min{}, m_max{};
};

/// A classic Prometheus histogram, read from an exposition: cumulative counts at upper bounds. Kept
/// apart from Histogram because its bounds are the other side's.
struct ClassicHistogram {
    struct Bucket {
        double upperBound = 0; ///< `le`, in the metric's unit; +Inf last
        double cumulativeCount = 0;
    };
    std::vector<Bucket> buckets; ///< sorted by upperBound
    double sum = 0;
    double count = 0;
};

/// histogram_quantile() exactly as Prometheus defines it for classic histograms (promql/quantile.go
/// of 2.49 and later): linear interpolation in the bucket that holds the rank; the lower bound of
/// the first bucket is 0 when its upper bound is positive, else that bound is the answer; the
/// second-highest bound when the rank falls in +Inf. NaN for q NaN, without observations, without
/// +Inf and with +Inf alone; -Inf for q < 0, +Inf for q > 1. Equal bounds are added up, falling
/// counts lifted, differences below 1e-12 of the sum ignored. Buckets may come in any order; those
/// whose bound is NaN are left out.
double histogramQuantile(double q, const ClassicHistogram& histogram);

} // namespace vigie
