#include "core/resilience/circuitbreaker.h"

#include <utility>

namespace vigie {

CircuitPermit::CircuitPermit(CircuitPermit&& other) noexcept
    : m_breaker(std::exchange(other.m_breaker, nullptr)), m_generation(other.m_generation),
      m_startedAt(other.m_startedAt), m_retryAfter(other.m_retryAfter), m_kind(other.m_kind) {}

CircuitPermit& CircuitPermit::operator=(CircuitPermit&& other) noexcept {
    if (this != &other) {
        drop(m_startedAt);
        m_breaker = std::exchange(other.m_breaker, nullptr);
        m_generation = other.m_generation;
        m_startedAt = other.m_startedAt;
        m_retryAfter = other.m_retryAfter;
        m_kind = other.m_kind;
    }
    return *this;
}

CircuitPermit::~CircuitPermit() {
    drop(m_startedAt);
}

void CircuitPermit::succeed(Time now) {
    if (auto* breaker = std::exchange(m_breaker, nullptr))
        breaker->settle(*this, now, false, {});
}

void CircuitPermit::fail(Time now, std::string_view cause) {
    if (auto* breaker = std::exchange(m_breaker, nullptr))
        breaker->settle(*this, now, true, cause);
}

void CircuitPermit::drop(Time now) {
    if (auto* breaker = std::exchange(m_breaker, nullptr))
        breaker->settleDropped(*this, now);
}

} // namespace vigie
