#include "core/telemetry/classicbuckets.h"

#include <array>
#include <limits>

namespace vigie {

namespace {

constexpr std::array boundsInSeconds{0.001, 0.0025, 0.005, 0.01,  0.025, 0.05, 0.1,
                                     0.25,  0.5,    1.0,   2.5,   5.0,   10.0, 30.0,
                                     60.0,  120.0,  300.0, 900.0, 3600.0};

double seconds(std::chrono::nanoseconds duration) {
    return std::chrono::duration<double>(duration).count();
}

} // namespace

ClassicHistogram classicBuckets(const Histogram& histogram) {
    ClassicHistogram classic;
    classic.count = static_cast<double>(histogram.count());
    classic.sum = seconds(histogram.sum());
    const auto fine = histogram.buckets();
    auto next = fine.begin();
    std::uint64_t cumulative = 0;
    for (const double bound : boundsInSeconds) {
        while (next != fine.end() && seconds(next->lower) < bound)
            cumulative += (next++)->count;
        const std::uint64_t above = bound >= boundsInSeconds.back() ? histogram.overflow() : 0;
        classic.buckets.push_back({bound, static_cast<double>(cumulative - above)});
    }
    classic.buckets.push_back({std::numeric_limits<double>::infinity(), classic.count});
    return classic;
}

} // namespace vigie
