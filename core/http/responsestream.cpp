#include "core/http/responsestream.h"

#include <utility>

namespace vigie {

bool ResponseStream::write(const QByteArray& bytes) {
    std::unique_lock lock(m_mutex);
    if (m_ended || m_dropped || m_left)
        return false;
    if (m_pending.size() + bytes.size() > m_mostPending) {
        m_dropped = true;
        m_pending.clear();
        wakeUp(std::move(lock));
        return false;
    }
    m_pending += bytes;
    wakeUp(std::move(lock));
    return true;
}

void ResponseStream::end() {
    std::unique_lock lock(m_mutex);
    m_ended = true;
    wakeUp(std::move(lock));
}

bool ResponseStream::isOpen() const {
    const std::scoped_lock lock(m_mutex);
    return !m_ended && !m_dropped && !m_left;
}

bool ResponseStream::isDropped() const {
    const std::scoped_lock lock(m_mutex);
    return m_dropped;
}

void ResponseStream::attach(std::function<void()> wake) {
    std::unique_lock lock(m_mutex);
    m_wake = std::move(wake);
    wakeUp(std::move(lock));
}

ResponseStream::Taken ResponseStream::take() {
    const std::scoped_lock lock(m_mutex);
    return {std::exchange(m_pending, {}), m_ended};
}

void ResponseStream::clientLeft() {
    const std::scoped_lock lock(m_mutex);
    m_left = true;
    m_pending.clear();
    m_wake = nullptr;
}

// Outside the lock: the other side may take at once.
void ResponseStream::wakeUp(std::unique_lock<std::mutex> lock) {
    const auto wake = m_wake;
    lock.unlock();
    if (wake)
        wake();
}

} // namespace vigie
