#include "core/store/sqlite/storethread.h"

#include <future>
#include <utility>

namespace vigie::stores::sqlite {

Outcome<std::unique_ptr<StoreThread>> StoreThread::start(const QString& path) {
    std::unique_ptr<StoreThread> store(new StoreThread);
    std::promise<Outcome<void>> opened;
    auto ready = opened.get_future();
    store->m_thread = std::thread([self = store.get(), path, &opened] {
        auto connection = Connection::open(path);
        if (!connection) {
            opened.set_value(fail(connection.error()));
            return;
        }
        opened.set_value({});
        self->run(**connection);
    });
    if (const Outcome<void> outcome = ready.get(); !outcome)
        return fail(outcome.error());
    return store;
}

void StoreThread::close() {
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_wake.notify_one();
    if (m_thread.joinable())
        m_thread.join();
    deliver();
}

bool StoreThread::submit(Work work) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_ending)
            return false;
        m_work.push_back(std::move(work));
    }
    m_wake.notify_one();
    return true;
}

void StoreThread::run(Connection& connection) {
    for (;;) {
        Work work;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_ending || !m_work.empty(); });
            if (m_work.empty())
                return;
            work = std::move(m_work.front());
            m_work.pop_front();
        }
        Delivery delivery = work(connection);
        work = nullptr; // what it captured dies here, before anybody learns that it is done
        bool first = false;
        {
            const std::lock_guard lock(m_mutex);
            first = m_done.empty();
            m_done.push_back(std::move(delivery));
        }
        if (first)
            m_door.post([this] { deliver(); });
    }
}

void StoreThread::deliver() {
    std::vector<Delivery> done;
    {
        const std::lock_guard lock(m_mutex);
        done.swap(m_done);
    }
    for (const Delivery& delivery : done)
        delivery();
}

} // namespace vigie::stores::sqlite
