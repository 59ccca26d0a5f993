#include "ui/charts/latencybins.h"

#include <algorithm>
#include <cmath>

namespace vigie {

namespace {

constexpr double binsPerDecade = 10;
constexpr double smallest = 1e-6; // one microsecond: the range of Histogram begins here

double seconds(std::chrono::nanoseconds duration) {
    return std::chrono::duration<double>(duration).count();
}

int binOf(double value) {
    return static_cast<int>(
        std::floor(std::log10(std::max(value, smallest)) * binsPerDecade + 1e-9));
}

double edgeOf(int bin) {
    return std::pow(10.0, bin / binsPerDecade);
}

LatencyShape shapeOf(const Histogram& histogram) {
    LatencyShape shape;
    shape.count = static_cast<double>(histogram.count());
    if (histogram.count() == 0)
        return shape;
    const auto buckets = histogram.buckets();
    const auto middle = [](const Histogram::Bucket& bucket) {
        return std::sqrt(std::max(seconds(bucket.lower), smallest) * seconds(bucket.upper));
    };
    const int first = binOf(middle(buckets.front()));
    const int last = binOf(middle(buckets.back()));
    for (int bin = first; bin <= last; ++bin)
        shape.bins.push_back({edgeOf(bin), edgeOf(bin + 1), 0});
    for (const Histogram::Bucket& bucket : buckets)
        shape.bins[static_cast<size_t>(binOf(middle(bucket)) - first)].count +=
            static_cast<double>(bucket.count);
    shape.p50 = seconds(histogram.quantile(0.50));
    shape.p95 = seconds(histogram.quantile(0.95));
    shape.p99 = seconds(histogram.quantile(0.99));
    return shape;
}

LatencyShape shapeOf(const ClassicHistogram& histogram) {
    LatencyShape shape;
    shape.count = histogram.count;
    if (!(histogram.count > 0))
        return shape;
    double below = 0, lower = 0;
    for (const auto& bucket : histogram.buckets) {
        const double inside = std::max(0.0, bucket.cumulativeCount - below);
        below = std::max(below, bucket.cumulativeCount);
        if (!std::isfinite(bucket.upperBound)) {
            shape.beyond = inside;
            break;
        }
        if (bucket.upperBound <= 0)
            continue; // a log axis has no room for it; latencies are above zero
        // The first bucket reaches down to zero: it is drawn as wide as a factor of two.
        const double from = lower > 0 ? lower : bucket.upperBound / 2;
        shape.bins.push_back({from, bucket.upperBound, inside});
        lower = bucket.upperBound;
    }
    while (!shape.bins.empty() && shape.bins.back().count == 0)
        shape.bins.pop_back();
    const auto known = [](double value) {
        return std::isfinite(value) && value > 0 ? std::optional(value) : std::nullopt;
    };
    shape.p50 = known(histogramQuantile(0.50, histogram));
    shape.p95 = known(histogramQuantile(0.95, histogram));
    shape.p99 = known(histogramQuantile(0.99, histogram));
    return shape;
}

} // namespace

LatencyShape latencyShape(const LatencySeries& series) {
    if (series.own)
        return shapeOf(*series.own);
    if (series.foreign)
        return shapeOf(*series.foreign);
    return {};
}

} // namespace vigie
