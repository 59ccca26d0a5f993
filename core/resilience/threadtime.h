#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace vigie {

/// Opens once; threads wait for it.
class Gate {
public:
    using Time = std::chrono::steady_clock::time_point;

    void open() {
        // Told under the lock: whoever waits may destroy the gate as soon as he sees it open.
        const std::lock_guard lock(m_mutex);
        m_open = true;
        m_changed.notify_all();
    }
    bool isOpen() const {
        const std::lock_guard lock(m_mutex);
        return m_open;
    }
    /// Blocks until it is open, `until` has come, or a stop is requested; whether it is open.
    bool waitUntil(Time until, const std::stop_token& stop) {
        std::unique_lock lock(m_mutex);
        const auto opened = [this] { return m_open; };
        if (until == Time::max())
            return m_changed.wait(lock, stop, opened);
        return m_changed.wait_until(lock, stop, until, opened);
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    bool m_open = false;
};

/// Where calls on threads take their time from; copyable, and used by any thread. Tests have one
/// that they move themselves.
template <class SteadyClock>
struct ThreadTime {
    Gate::Time now() const noexcept { return SteadyClock::now(); }
    /// Gate::waitUntil() on this time.
    bool wait(Gate& gate, Gate::Time until, const std::stop_token& stop) const {
        return gate.waitUntil(until, stop);
    }
};

/// The machine's own time.
using SteadyTime = ThreadTime<std::chrono::steady_clock>;

} // namespace vigie
