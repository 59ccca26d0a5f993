#include "tests/support/fakeclock.h"

#include <algorithm>
#include <utility>

namespace vigie {

Timer FakeClock::schedule(Duration delay, std::function<void()> action) {
    auto state = std::make_shared<Timer::State>(Timer::State{std::move(action)});
    m_queue.emplace(m_now + std::max(delay, Duration::zero()), state);
    return Timer(std::move(state));
}

void FakeClock::advance(Duration span) {
    const MonotonicTime end = m_now + span;
    const auto moveTo = [this](MonotonicTime time) {
        m_wall += std::chrono::floor<std::chrono::milliseconds>(time - m_now);
        m_now = time;
    };
    while (!m_queue.empty() && m_queue.begin()->first <= end) {
        const auto due = m_queue.extract(m_queue.begin());
        moveTo(std::max(m_now, due.key()));
        if (const auto action = std::exchange(due.mapped()->action, nullptr))
            action();
    }
    moveTo(end);
}

void FakeClock::jump(Duration span) {
    m_now += span;
    m_wall += std::chrono::floor<std::chrono::milliseconds>(span);
}

void FakeClock::jumpWall(Duration by) {
    m_wall += std::chrono::floor<std::chrono::milliseconds>(by);
}

int FakeClock::pending() const {
    return static_cast<int>(
        std::ranges::count_if(m_queue, [](const auto& entry) { return !!entry.second->action; }));
}

} // namespace vigie
