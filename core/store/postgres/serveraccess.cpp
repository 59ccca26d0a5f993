#include "core/store/postgres/serveraccess.h"

#include "core/base/log.h"

#include <QRandomGenerator>

namespace vigie::stores::postgres {

namespace {

constexpr const char* accessName = "store:postgresql";

CircuitOptions accessOptions(const StoreCalls& calls) {
    CircuitOptions options = calls.profile.circuit.value_or(CircuitOptions());
    options.name = accessName;
    return options;
}

/// Empty while it acts.
const char* whyOff(const StoreCalls& calls) {
    if (!calls.enabled || !calls.circuitEnabled)
        return "switched off by configuration";
    return calls.profile.circuit ? "" : "switched off by its profile";
}

} // namespace

ServerAccess::ServerAccess(StoreCalls calls, Time now)
    : m_calls(std::move(calls)),
      m_circuit(accessOptions(m_calls), [this](const CircuitEvent& event) { circuitSaw(event); }),
      m_seed(QRandomGenerator::global()->generate64()),
      m_why{FailureKind::Storage,
            QStringLiteral("The database is not asked: a person holds its circuit breaker open."),
            0,
            {},
            QStringLiteral("database_away"),
            {}} {
    if (const char* reason = whyOff(m_calls); *reason)
        m_circuit.force(CircuitMode::Disabled, now, reason);
}

void ServerAccess::tell(CallEvent::Kind kind, Time now, Duration duration) const {
    if (!m_calls.listener)
        return;
    CallEvent event;
    event.kind = kind;
    event.key = accessName;
    event.at = now;
    event.duration = duration;
    m_calls.listener->happened(event);
}

void ServerAccess::circuitSaw(const CircuitEvent& event) const {
    if (!event.transition)
        return;
    const CircuitTransition& moved = *event.transition;
    if (moved.opened || moved.wasReset)
        tell(moved.opened ? CallEvent::Kind::CircuitOpened : CallEvent::Kind::CircuitClosed,
             event.at, {});
    const bool worse = moved.to == CircuitMode::Open || moved.to == CircuitMode::ForcedOpen;
    log(worse ? LogLevel::Warning : LogLevel::Debug, QStringLiteral("resilience"),
        QStringLiteral("%1: %2 to %3 (%4)")
            .arg(QLatin1String(accessName), QLatin1String(toString(moved.from)),
                 QLatin1String(toString(moved.to)), QString::fromStdString(moved.cause)));
}

void ServerAccess::connected(Time now, Duration took) {
    tell(CallEvent::Kind::Success, now, took);
}

void ServerAccess::failed(Time now, Duration took, const Failure& why) {
    {
        const std::lock_guard lock(m_mutex);
        m_why = why;
    }
    tell(CallEvent::Kind::Failure, now, took);
}

Failure ServerAccess::why() const {
    const std::lock_guard lock(m_mutex);
    return m_why;
}

RetryPolicy ServerAccess::retries(Time now) {
    RetryOptions options = m_calls.profile.retry;
    if (!m_calls.enabled)
        options.maxAttempts = 1;
    return {options, now, m_seed.fetch_add(0x9e3779b97f4a7c15ULL, std::memory_order_relaxed)};
}

void ServerAccess::retrying(Time now, Duration wait) {
    tell(CallEvent::Kind::Retry, now, wait);
}

} // namespace vigie::stores::postgres
