#pragma once

#include "core/base/door.h"
#include "core/base/outcome.h"
#include "core/store/sql/connection.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace vigie::stores::sql {

/// A thread that owns a connection and runs work on it in the order it was submitted; a database's
/// stalls of many milliseconds stay off the event loop.
class SqlThread {
public:
    /// Called on the new thread, where the connection will live.
    using Open = std::function<Outcome<std::unique_ptr<Connection>>()>;
    /// What runs on the owner's thread once the work is done.
    using Delivery = std::function<void()>;
    using Work = std::function<Delivery(Connection&)>;

    /// Work that may wait here. A database that hangs must not fill the memory with waiting calls.
    static constexpr std::size_t mostWaiting = 1000;

    /// Blocks until the connection is open.
    static Outcome<std::unique_ptr<SqlThread>> start(Open open);
    ~SqlThread() { close(); }
    SqlThread(const SqlThread&) = delete;
    SqlThread& operator=(const SqlThread&) = delete;

    /// Finishes what was submitted, closes the database and delivers every result before it
    /// returns. A server that stands still is waited for 3 s more, then what waits for it fails.
    void close();

    /// Fails, and the work will not run, when the thread is being ended (Cancelled) or too much
    /// waits already (Storage, code "store_busy").
    Outcome<void> submit(Work work);
    std::size_t waiting() const;

private:
    SqlThread() = default;
    void run(Connection& connection);
    void guard(Connection& connection);
    void deliver();

    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Work> m_work;
    std::vector<Delivery> m_done;
    bool m_ending = false;
    quint64 m_begun = 0; ///< pieces of work
    quint64 m_finished = 0;
    bool m_over = false; ///< no more work will begin
    std::condition_variable m_turn;
    Door m_door; // must be after what its work reads
    std::thread m_thread;
};

} // namespace vigie::stores::sql
