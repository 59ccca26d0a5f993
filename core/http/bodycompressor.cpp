#include "core/http/bodycompressor.h"

#include "core/http/gzip.h"

#include <algorithm>

namespace vigie {

namespace {
constexpr size_t maxKnown = 4;
}

BodyCompressor::~BodyCompressor() {
    if (!m_thread.joinable())
        return;
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

void BodyCompressor::compress(Body body, Done done) {
    if (!m_thread.joinable())
        m_thread = std::thread([this] { run(); });
    {
        const std::lock_guard lock(m_mutex);
        m_jobs.push_back({std::move(body), std::move(done)});
    }
    m_wake.notify_one();
}

void BodyCompressor::run() {
    std::unique_lock lock(m_mutex);
    while (true) {
        m_wake.wait(lock, [this] { return m_stopping || !m_jobs.empty(); });
        if (m_stopping)
            return;
        Job job = std::move(m_jobs.front());
        m_jobs.pop_front();
        lock.unlock();
        job.done(compressed(job.body));
        job = {}; // what it captured dies before the wait, and outside the lock
        lock.lock();
    }
}

BodyCompressor::Body BodyCompressor::compressed(const Body& body) {
    std::erase_if(m_known, [](const Known& known) { return known.original.expired(); });
    const auto found = std::find_if(m_known.begin(), m_known.end(), [&body](const Known& known) {
        return known.original.lock() == body;
    });
    if (found != m_known.end())
        return found->compressed;
    QByteArray bytes = gzipped(*body);
    const Body result =
        bytes.isEmpty() ? nullptr : std::make_shared<const ResponseBody>(std::move(bytes));
    if (m_known.size() == maxKnown)
        m_known.erase(m_known.begin());
    m_known.push_back({body, result});
    return result;
}

} // namespace vigie
