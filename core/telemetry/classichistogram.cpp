#include "core/telemetry/histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vigie {

namespace {

using Buckets = std::vector<ClassicHistogram::Bucket>;

/// Buckets with equal bounds (`le="1"` and `le="1.0"`) are one.
void coalesce(Buckets& buckets) {
    Buckets merged;
    for (const auto& bucket : buckets) {
        if (!merged.empty() && merged.back().upperBound == bucket.upperBound)
            merged.back().cumulativeCount += bucket.cumulativeCount;
        else
            merged.push_back(bucket);
    }
    buckets = std::move(merged);
}

/// Whether a and b differ by less than rounding does over their sum.
bool isNearly(double a, double b) {
    constexpr double tolerance = 1e-12;
    constexpr double smallest = std::numeric_limits<double>::min();
    const double sum = std::abs(a) + std::abs(b);
    const double difference = std::abs(a - b);
    if (a == 0 || b == 0 || sum < smallest)
        return difference < tolerance * smallest;
    return difference / std::min(sum, std::numeric_limits<double>::max()) < tolerance;
}

/// Counts that were scraped in the middle of an update may fall: they are lifted to the last good
/// one. So are those that differ from it by what rate() and sum() lose in rounding, up or down.
void makeMonotonic(Buckets& buckets) {
    double last = buckets.front().cumulativeCount;
    for (auto& bucket : buckets) {
        if (bucket.cumulativeCount < last || isNearly(bucket.cumulativeCount, last))
            bucket.cumulativeCount = last;
        else if (bucket.cumulativeCount != last)
            last = bucket.cumulativeCount;
    }
}

} // namespace

double histogramQuantile(double q, const ClassicHistogram& histogram) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    Buckets buckets = histogram.buckets;
    if (std::isnan(q) || buckets.empty())
        return nan;
    if (q < 0)
        return -infinity;
    if (q > 1)
        return infinity;
    std::erase_if(buckets, [](const auto& bucket) { return std::isnan(bucket.upperBound); });
    std::ranges::stable_sort(buckets, {}, &ClassicHistogram::Bucket::upperBound);
    if (buckets.empty() || buckets.back().upperBound != infinity)
        return nan;
    coalesce(buckets);
    makeMonotonic(buckets);
    const double observations = buckets.back().cumulativeCount;
    if (buckets.size() < 2 || observations == 0)
        return nan;

    const double rank = q * observations;
    const auto last = buckets.end() - 1;
    // A binary search as Prometheus has it: with NaN among the counts it matters which is looked
    // at.
    const auto found = std::partition_point(buckets.begin(), last, [rank](const auto& bucket) {
        return !(bucket.cumulativeCount >= rank);
    });
    if (found == last)
        return (last - 1)->upperBound;
    if (found == buckets.begin()) {
        if (found->upperBound <= 0)
            return found->upperBound;
        return found->upperBound * (rank / found->cumulativeCount);
    }
    const auto& below = *(found - 1);
    const double share =
        (rank - below.cumulativeCount) / (found->cumulativeCount - below.cumulativeCount);
    return below.upperBound + (found->upperBound - below.upperBound) * share;
}

} // namespace vigie
