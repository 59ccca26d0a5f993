#pragma once

#include "core/resilience/errorclass.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vigie {

class CircuitBreaker;

/// Leave to make one call, to be handed back with the call's outcome; or a refusal. Dropping it
/// without an outcome (a cancelled call) counts as nothing and frees its half-open slot. Move-only,
/// used by one thread at a time; must not outlive its breaker.
class [[nodiscard]] CircuitPermit {
public:
    using Time = std::chrono::steady_clock::time_point;

    CircuitPermit(CircuitPermit&& other) noexcept
        : m_breaker(other.m_breaker), m_generation(other.m_generation), m_time(other.m_time),
          m_kind(other.m_kind) {
        other.m_breaker = nullptr;
    }
    CircuitPermit& operator=(CircuitPermit&& other) noexcept;
    ~CircuitPermit() {
        if (m_breaker)
            giveBack();
    }

    /// False: the call must not be made (or this permit was used already).
    explicit operator bool() const { return m_breaker != nullptr; }
    /// Of a refusal: when a trial may be admitted. Zero: any moment now, all trials are under way;
    /// nothing: a person holds the breaker open.
    std::optional<std::chrono::nanoseconds> retryAfter() const {
        if (m_kind != Kind::Refusal || m_time < 0)
            return std::nullopt;
        return std::chrono::nanoseconds(m_time);
    }

    /// Hands the permit back. A `now` before the call began is taken as a call of no duration.
    /// The listener is told of `correlationId`, here and below.
    void succeed(Time now, std::string_view correlationId = {});
    /// `cause` is kept when this opens the breaker: one short sentence.
    void fail(Time now, std::string_view cause = {}) { fail(now, ErrorClass::Unknown, cause); }
    /// A failure that weighs what the breaker's options or the class's traits say: it may count in
    /// part, as a success (weight 0) or as nothing (ignored).
    void fail(Time now, ErrorClass errorClass, std::string_view cause = {},
              std::string_view correlationId = {});
    void drop(Time now);

private:
    friend class CircuitBreaker;
    enum class Kind : std::uint8_t { Counted, Trial, Untracked, Refusal };

    CircuitPermit(CircuitBreaker* breaker, std::uint64_t generation, Kind kind, Time startedAt)
        : m_breaker(breaker), m_generation(generation),
          m_time(startedAt.time_since_epoch().count()), m_kind(kind) {}
    explicit CircuitPermit(std::optional<std::chrono::nanoseconds> retryAfter)
        : m_time(retryAfter ? retryAfter->count() : -1), m_kind(Kind::Refusal) {}

    Time startedAt() const { return Time(std::chrono::nanoseconds(m_time)); }
    void giveBack() noexcept;

    CircuitBreaker* m_breaker = nullptr;
    std::uint64_t m_generation = 0;
    std::int64_t m_time = 0; ///< ns: when the call began; of a refusal, the wait (-1: none known)
    Kind m_kind = Kind::Untracked;
};

} // namespace vigie
