#include "core/store/sql/sqlthread.h"

#include <future>
#include <utility>

namespace vigie::stores::sql {

namespace {

constexpr auto patienceAtTheEnd = std::chrono::seconds(3);

}

Outcome<std::unique_ptr<SqlThread>> SqlThread::start(Open open) {
    std::unique_ptr<SqlThread> store(new SqlThread);
    std::promise<Outcome<void>> opened;
    auto ready = opened.get_future();
    store->m_thread = std::thread([self = store.get(), open = std::move(open), &opened] {
        auto connection = open();
        if (!connection) {
            opened.set_value(fail(connection.error()));
            return;
        }
        opened.set_value({});
        std::thread watcher;
        if ((*connection)->patience().count() > 0)
            watcher = std::thread([self, &connection] { self->guard(**connection); });
        self->run(**connection);
        if (watcher.joinable())
            watcher.join();
    });
    if (const Outcome<void> outcome = ready.get(); !outcome)
        return fail(outcome.error());
    return store;
}

void SqlThread::close() {
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_wake.notify_one();
    m_turn.notify_all();
    if (m_thread.joinable())
        m_thread.join();
    deliver();
}

Outcome<void> SqlThread::submit(Work work) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_ending)
            return fail(FailureKind::Cancelled, QStringLiteral("The store is being closed."));
        if (m_work.size() >= mostWaiting) {
            Failure failure{FailureKind::Storage,
                            QStringLiteral("%1 calls wait for the database already; this one was "
                                           "not begun. Look at why the database is slow.")
                                .arg(mostWaiting),
                            0,
                            {},
                            {},
                            {}};
            failure.code = QStringLiteral("store_busy");
            return fail(std::move(failure));
        }
        m_work.push_back(std::move(work));
    }
    m_wake.notify_one();
    return {};
}

std::size_t SqlThread::waiting() const {
    const std::lock_guard lock(m_mutex);
    return m_work.size();
}

void SqlThread::run(Connection& connection) {
    for (;;) {
        Work work;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_ending || !m_work.empty(); });
            if (m_work.empty()) {
                m_over = true;
                m_turn.notify_all();
                return;
            }
            work = std::move(m_work.front());
            m_work.pop_front();
            ++m_begun;
        }
        m_turn.notify_all();
        Delivery delivery = work(connection);
        work = nullptr; // what it captured dies here, before anybody learns that it is done
        bool first = false;
        {
            const std::lock_guard lock(m_mutex);
            first = m_done.empty();
            m_done.push_back(std::move(delivery));
            ++m_finished;
        }
        m_turn.notify_all();
        if (first)
            m_door.post([this] { deliver(); });
    }
}

// A driver that waits for a server's answer can't be told to stop waiting; its connection can be
// cut.
void SqlThread::guard(Connection& connection) {
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_turn.wait(lock, [this] { return m_over || m_begun > m_finished; });
        if (m_over)
            return;
        const quint64 watched = m_begun;
        const bool ending = m_ending;
        const auto finished = [&] { return m_finished >= watched || (m_ending && !ending); };
        const auto patience =
            ending ? std::min<std::chrono::milliseconds>(patienceAtTheEnd, connection.patience())
                   : connection.patience();
        if (m_turn.wait_for(lock, patience, finished))
            continue; // also when the end begins, which has less patience
        lock.unlock();
        connection.interrupt();
        lock.lock();
    }
}

void SqlThread::deliver() {
    std::vector<Delivery> done;
    {
        const std::lock_guard lock(m_mutex);
        done.swap(m_done);
    }
    for (const Delivery& delivery : done)
        delivery();
}

} // namespace vigie::stores::sql
