#include "core/base/clock.h"

namespace vigie {

Ticker::Ticker(Clock& clock, Duration interval, std::function<void()> action)
    : m_clock(clock), m_interval(interval), m_action(std::move(action)) {
    arm();
}

void Ticker::arm() {
    m_timer = m_clock.schedule(m_interval, [this] {
        arm(); // first, so that the action may destroy this ticker
        const auto action = m_action;
        action();
    });
}

} // namespace vigie
