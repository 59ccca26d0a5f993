#include "core/orchestrator/simulation/simclock.h"

#include <algorithm>
#include <utility>

namespace vigie {

Timer SimClock::schedule(Duration delay, std::function<void()> action) {
    auto state = std::make_shared<Timer::State>(Timer::State{std::move(action)});
    m_queue.emplace(m_now + std::max(delay, Duration::zero()), state);
    return Timer(std::move(state));
}

void SimClock::advanceTo(MonotonicTime time) {
    const auto moveTo = [this](MonotonicTime to) {
        m_wall += std::chrono::floor<std::chrono::milliseconds>(to - m_now);
        m_now = to;
    };
    while (!m_queue.empty() && m_queue.begin()->first <= time) {
        const auto due = m_queue.extract(m_queue.begin());
        moveTo(std::max(m_now, due.key()));
        if (const auto action = std::exchange(due.mapped()->action, nullptr))
            action();
    }
    moveTo(std::max(m_now, time));
}

void SimClock::stepWall(Duration by) {
    m_wall += std::chrono::floor<std::chrono::milliseconds>(by);
}

} // namespace vigie
