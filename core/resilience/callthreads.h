#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace vigie {

/// How many threads may be busy with calls that somebody may leave.
struct CallThreadsOptions {
    int maxThreads = 64; ///< 1 .. 10000; made when needed, kept until the end

    /// Empty when usable, else a sentence naming the field, its value and the range.
    std::string problem() const;
};

/// Threads on which calls run that must be left at their deadline although they go on, and second
/// calls beside slow ones. A callee that never returns keeps its thread: the bound keeps that from
/// eating the process. Any thread.
class CallThreads {
public:
    /// Precondition: options.problem() is empty.
    explicit CallThreads(const CallThreadsOptions& options = {});
    /// Waits for every job.
    ~CallThreads();
    CallThreads(const CallThreads&) = delete;
    CallThreads& operator=(const CallThreads&) = delete;

    /// Runs `job` on a thread of its own; false when all are busy (then it is dropped). It must not
    /// throw.
    bool start(std::function<void()> job);

    int busy() const;
    int threads() const;

private:
    void work();

    const std::size_t m_maxThreads;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::function<void()>> m_jobs; ///< never more than there are idle threads
    std::size_t m_idle = 0;
    bool m_ending = false;
    std::vector<std::thread> m_threads;
};

} // namespace vigie
