#include "core/worker/eventlog.h"

#include "core/base/log.h"

#include <algorithm>

namespace vigie {

EventLog::EventLog(const Clock& clock, std::size_t capacity, bool quiet, QString correlationId)
    : m_clock(clock), m_capacity(std::max<std::size_t>(capacity, 1)), m_quiet(quiet),
      m_correlationId(std::move(correlationId)) {}

void EventLog::info(const QString& type, const QString& message, const QString& traceId) {
    add(type, message);
    if (!m_quiet)
        log(LogLevel::Info, QStringLiteral("worker"), message, m_correlationId, traceId);
}

void EventLog::warn(const QString& type, const QString& message, const QString& traceId) {
    add(type, message);
    if (!m_quiet)
        log(LogLevel::Warning, QStringLiteral("worker"), message, m_correlationId, traceId);
}

void EventLog::add(const QString& type, const QString& message) {
    if (m_events.size() == m_capacity)
        m_events.pop_front();
    m_events.push_back({m_clock.wallNow(), type, message});
    ++m_total;
}

std::vector<WorkerEvent> EventLog::events(std::size_t tail, std::optional<WallTime> since) const {
    // Not a binary search: the wall clock may have jumped back.
    std::vector<WorkerEvent> found;
    for (auto event = m_events.rbegin(); event != m_events.rend() && found.size() < tail; ++event)
        if (!since || event->at >= *since)
            found.push_back(*event);
    std::ranges::reverse(found);
    return found;
}

} // namespace vigie
