#include "core/resilience/callthreads.h"

#include "core/resilience/outofrange.h"

#include <cassert>

namespace vigie {

std::string CallThreadsOptions::problem() const {
    if (maxThreads < 1 || maxThreads > 10'000)
        return outOfRange("maxThreads", maxThreads, "1 to 10000");
    return {};
}

CallThreads::CallThreads(const CallThreadsOptions& options)
    : m_maxThreads(std::size_t(options.maxThreads)) {
    assert(options.problem().empty());
}

CallThreads::~CallThreads() {
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
        m_changed.notify_all();
    }
    for (std::thread& thread : m_threads)
        thread.join();
}

bool CallThreads::start(std::function<void()> job) {
    const std::lock_guard lock(m_mutex);
    if (m_jobs.size() >= m_idle) {
        if (m_threads.size() >= m_maxThreads)
            return false;
        try {
            m_threads.emplace_back([this] { work(); });
        } catch (const std::exception&) {
            return false; // the system has no thread left
        }
        ++m_idle; // as soon as it runs
    }
    m_jobs.push_back(std::move(job));
    m_changed.notify_one();
    return true;
}

void CallThreads::work() {
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return m_ending || !m_jobs.empty(); });
        if (m_jobs.empty())
            return;
        auto job = std::move(m_jobs.front());
        m_jobs.pop_front();
        --m_idle;
        lock.unlock();
        job();
        job = nullptr; // what it holds dies outside the lock
        lock.lock();
        ++m_idle;
    }
}

int CallThreads::busy() const {
    const std::lock_guard lock(m_mutex);
    return int(m_threads.size() - m_idle + m_jobs.size());
}

int CallThreads::threads() const {
    const std::lock_guard lock(m_mutex);
    return int(m_threads.size());
}

} // namespace vigie
