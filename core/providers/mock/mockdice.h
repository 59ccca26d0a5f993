#pragma once

#include "core/base/clock.h"
#include "core/providers/mock/mockoptions.h"

#include <random>

namespace vigie {

/// What befalls a machine that runs.
enum class MockFault { None, Crash, Silent, AgentDead, Hung, Vanish };
QString toString(MockFault fault);

/// Where a start gets stuck, or does not.
enum class StartHang { None, Booting, Installing, Starting };

/// All chance of the mock provider. The same seed and the same questions give the same answers, on
/// any standard library (only the engine is the library's; its output is fixed by the standard).
class MockDice {
public:
    explicit MockDice(quint32 seed) : m_random(seed) {}

    bool happens(double probability) { return uniform() < probability; }
    std::size_t below(std::size_t bound); ///< 0 <= result < bound; bound > 0
    /// Exponentially distributed around a mean.
    Duration exponential(Duration mean);
    /// Evenly in `mean` -+ `share` of it.
    Duration around(Duration mean, double share);
    MockFault fault(const MockFaults& weights);
    StartHang startHang(const MockFaults& faults);

private:
    double uniform(); ///< [0, 1)

    std::mt19937 m_random;
};

} // namespace vigie
