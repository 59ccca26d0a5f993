#include "core/resilience/circuitbreaker.h"

#include <utility>

namespace vigie {

CircuitPermit& CircuitPermit::operator=(CircuitPermit&& other) noexcept {
    if (this != &other) {
        giveBack();
        m_breaker = std::exchange(other.m_breaker, nullptr);
        m_generation = other.m_generation;
        m_time = other.m_time;
        m_kind = other.m_kind;
    }
    return *this;
}

void CircuitPermit::fail(Time now, ErrorClass errorClass, std::string_view cause,
                         std::string_view correlationId) {
    if (auto* breaker = std::exchange(m_breaker, nullptr))
        breaker->settle(*this, now, errorClass, cause, correlationId);
}

void CircuitPermit::drop(Time now) {
    if (auto* breaker = std::exchange(m_breaker, nullptr))
        breaker->settleDropped(*this, now);
}

void CircuitPermit::giveBack() noexcept {
    drop(startedAt());
}

} // namespace vigie
