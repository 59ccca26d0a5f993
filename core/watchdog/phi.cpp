#include "core/base/timeformat.h"
#include "core/watchdog/assess.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace vigie {

namespace {

// Regular beats have a deviation near zero, which would make the first late millisecond a certain
// death: no deviation below a quarter of the mean (Akka's detector has a floor too).
constexpr double deviationFloor = 0.25;
constexpr double meanFloor = 1e-3; // seconds

/// log10 of erfc(x) for x >= 0, also where erfc itself underflows to 0.
double log10Erfc(double x) {
    if (x < 25)
        return std::log10(std::erfc(x));
    return -(x * x) / std::numbers::ln10 - std::log10(x * std::sqrt(std::numbers::pi));
}

} // namespace

double phi(Duration elapsed, Duration mean, Duration deviation) {
    const double m = std::max(toSeconds(mean), meanFloor);
    const double sd = std::max(toSeconds(deviation), m * deviationFloor);
    const double late = toSeconds(elapsed) - m;
    if (late <= 0)
        return 0;
    // -log10(P_later), P_later = erfc(z) / 2
    return std::log10(2.0) - log10Erfc(late / (sd * std::numbers::sqrt2));
}

} // namespace vigie
