#include "core/resilience/timeout.h"

#include "core/resilience/outofrange.h"

namespace vigie {

std::string TimeoutOptions::problem() const {
    constexpr auto zero = std::chrono::nanoseconds::zero();
    if (callTimeout < zero || callTimeout > std::chrono::hours(24))
        return outOfRange("callTimeout", callTimeout, "0 (no limit) to 24 h");
    return {};
}

} // namespace vigie
