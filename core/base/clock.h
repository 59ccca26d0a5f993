#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace vigie {

/// Durations everywhere; integral nanoseconds.
using Duration = std::chrono::nanoseconds;

/// A point on the clock's monotonic axis: only differences mean anything. Only the type is
/// borrowed from the standard library; `tst_layering` forbids reading that clock elsewhere.
using MonotonicTime = std::chrono::steady_clock::time_point;

/// A stamp for people, logs and the wire: UTC, in milliseconds since the Unix epoch.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// One scheduled action. Destroying or resetting it cancels the action.
class Timer {
public:
    struct State {
        std::function<void()> action;
    };

    Timer() = default;
    explicit Timer(std::shared_ptr<State> state) : m_state(std::move(state)) {}
    Timer(Timer&&) noexcept = default;
    Timer& operator=(Timer&& other) noexcept {
        cancel();
        m_state = std::move(other.m_state);
        return *this;
    }
    ~Timer() { cancel(); }

    void cancel() {
        if (const auto state = std::move(m_state))
            state->action = nullptr;
    }
    bool active() const { return m_state && m_state->action; }

private:
    std::shared_ptr<State> m_state;
};

/// Where all time comes from. One clock belongs to one thread: it is read and scheduled on there.
/// Production uses SystemClock, tests FakeClock (tests/support).
class Clock {
public:
    virtual ~Clock() = default;

    /// Monotonic time, for durations and deadlines.
    virtual MonotonicTime now() const noexcept = 0;

    /// Wall time, for stamps only; it may jump.
    virtual WallTime wallNow() const noexcept = 0;

    /// Runs `action` once on the clock's thread after `delay` (a negative one counts as zero),
    /// never from inside this call.
    [[nodiscard]] virtual Timer schedule(Duration delay, std::function<void()> action) = 0;
};

/// Runs an action every `interval`, first after one interval, until it is destroyed. Ticks that
/// were missed while the thread was busy are not made up for.
class Ticker {
public:
    Ticker(Clock& clock, Duration interval, std::function<void()> action);
    Ticker(const Ticker&) = delete;
    Ticker& operator=(const Ticker&) = delete;

private:
    void arm();

    Clock& m_clock;
    Duration m_interval;
    std::function<void()> m_action;
    Timer m_timer;
};

} // namespace vigie
