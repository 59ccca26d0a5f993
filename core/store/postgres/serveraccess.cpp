#include "core/store/postgres/serveraccess.h"

#include "core/base/log.h"

#include <QRandomGenerator>

namespace vigie::stores::postgres {

namespace {

constexpr const char* accessName = "store:postgresql";

CircuitOptions accessOptions(const Profile& profile) {
    CircuitOptions options = profile.circuit.value_or(CircuitOptions());
    options.name = accessName;
    return options;
}

/// Empty while it acts.
const char* whyOff(const StoreCalls& calls, const Profile& profile) {
    if (!calls.enabled || !calls.circuitEnabled)
        return "switched off by configuration";
    return profile.circuit ? "" : "switched off by its profile";
}

} // namespace

ServerAccess::ServerAccess(StoreCalls calls, Time now)
    : m_calls(std::move(calls)),
      m_circuit(accessOptions(m_calls.profile),
                [this](const CircuitEvent& event) { circuitSaw(event); }),
      m_seed(QRandomGenerator::global()->generate64()),
      m_why{FailureKind::Storage,
            QStringLiteral("The database is not asked: a person holds its circuit breaker open."),
            0,
            {},
            QStringLiteral("database_away"),
            {}},
      m_profile(m_calls.profile) {
    switchCircuit(now);
}

// Nobody else imposes anything on it: an order would be kept in the store that it is about.
void ServerAccess::switchCircuit(Time now) {
    const char* reason = whyOff(m_calls, m_profile);
    if (m_off == (*reason != 0))
        return;
    m_off = !m_off;
    if (m_off)
        m_circuit.force(CircuitMode::Disabled, now, reason);
    else
        m_circuit.release(now, "switched on by its profile");
}

void ServerAccess::renew(Time now) {
    if (!m_calls.profiles)
        return;
    auto newest = m_calls.profiles->current();
    const std::lock_guard alone(m_renewal);
    if (newest == m_profiles)
        return;
    m_profiles = std::move(newest);
    const Profile* profile = m_profiles->find(m_calls.profile.name);
    if (!profile)
        return;
    {
        const std::lock_guard lock(m_mutex);
        m_profile = *profile;
    }
    m_circuit.configure(accessOptions(*profile), now);
    switchCircuit(now);
}

std::optional<FaultRule> ServerAccess::struck(Time now) {
    if (!m_calls.enabled || !m_calls.draw)
        return std::nullopt;
    auto rule = m_calls.draw(accessName, now);
    if (rule)
        tell(CallEvent::Kind::FaultInjected, now, rule->latency);
    return rule;
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
    RetryOptions options;
    {
        const std::lock_guard lock(m_mutex);
        options = m_profile.retry;
    }
    if (!m_calls.enabled)
        options.maxAttempts = 1;
    return {options, now, m_seed.fetch_add(0x9e3779b97f4a7c15ULL, std::memory_order_relaxed)};
}

void ServerAccess::retrying(Time now, Duration wait) {
    tell(CallEvent::Kind::Retry, now, wait);
}

} // namespace vigie::stores::postgres
