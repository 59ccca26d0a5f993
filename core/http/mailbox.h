#pragma once

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace vigie {

/// Work that other threads leave for one thread, in the order in which it is left.
/// One waking carries all that has gathered: at thousands of answers a second the wakings are what
/// costs.
class Mailbox {
public:
    /// `wake` has that thread call carryOut() soon; any thread calls it.
    explicit Mailbox(std::function<void()> wake) : m_wake(std::move(wake)) {}

    void put(std::function<void()> work) {
        const std::lock_guard lock(m_mutex);
        m_waiting.push_back(std::move(work));
        wake();
    }

    /// Between the two, by the one thread that puts, nobody is woken.
    void hold() {
        const std::lock_guard lock(m_mutex);
        m_held = true;
    }
    void release() {
        const std::lock_guard lock(m_mutex);
        m_held = false;
        wake();
    }

    void carryOut() {
        std::vector<std::function<void()>> all;
        {
            const std::lock_guard lock(m_mutex);
            m_woken = false;
            all.swap(m_waiting);
        }
        for (const std::function<void()>& work : all)
            work();
    }

private:
    void wake() {
        if (m_held || m_waiting.empty() || std::exchange(m_woken, true))
            return;
        m_wake();
    }

    const std::function<void()> m_wake;
    std::mutex m_mutex;
    std::vector<std::function<void()>> m_waiting;
    bool m_held = false, m_woken = false;
};

} // namespace vigie
