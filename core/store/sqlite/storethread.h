#pragma once

#include "core/base/door.h"
#include "core/base/outcome.h"
#include "core/store/sqlite/connection.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace vigie::stores::sqlite {

/// The thread that owns a connection and runs work on it in the order it was submitted; SQLite's
/// stalls of many milliseconds stay off the event loop.
class StoreThread {
public:
    /// What runs on the owner's thread once the work is done.
    using Delivery = std::function<void()>;
    using Work = std::function<Delivery(Connection&)>;

    /// Blocks until the database is open.
    static Outcome<std::unique_ptr<StoreThread>> start(const QString& path);
    ~StoreThread() { close(); }
    StoreThread(const StoreThread&) = delete;
    StoreThread& operator=(const StoreThread&) = delete;

    /// Finishes what was submitted, closes the database and delivers every result before it
    /// returns.
    void close();

    /// False when the thread is being ended: the work will not run.
    bool submit(Work work);

private:
    StoreThread() = default;
    void run(Connection& connection);
    void deliver();

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Work> m_work;
    std::vector<Delivery> m_done;
    bool m_ending = false;
    Door m_door; // must be after what its work reads
    std::thread m_thread;
};

} // namespace vigie::stores::sqlite
