#pragma once

#include "core/resilience/callwindow.h"
#include "core/resilience/circuitoptions.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string_view>

namespace vigie {

class CircuitBreaker;

/// Leave to make one call, to be handed back with the call's outcome; or a refusal. Dropping it
/// without an outcome (a cancelled call) counts as nothing and frees its half-open slot. Move-only,
/// used by one thread at a time; must not outlive its breaker.
class [[nodiscard]] CircuitPermit {
public:
    using Time = std::chrono::steady_clock::time_point;

    CircuitPermit(CircuitPermit&& other) noexcept;
    CircuitPermit& operator=(CircuitPermit&& other) noexcept;
    ~CircuitPermit();

    /// False: the call must not be made (or this permit was used already).
    explicit operator bool() const { return m_breaker != nullptr; }
    /// Of a refusal: when a trial may be admitted. Zero: any moment now, all trials are under way;
    /// nothing: a person holds the breaker open.
    std::optional<std::chrono::nanoseconds> retryAfter() const { return m_retryAfter; }

    /// Hands the permit back. `cause` is kept when this opens the breaker: one short sentence.
    void succeed(Time now);
    void fail(Time now, std::string_view cause = {});
    void drop(Time now);

private:
    friend class CircuitBreaker;
    enum class Kind : std::uint8_t { Counted, Trial, Untracked };
    CircuitPermit(CircuitBreaker* breaker, std::uint64_t generation, Kind kind, Time startedAt)
        : m_breaker(breaker), m_generation(generation), m_startedAt(startedAt), m_kind(kind) {}
    explicit CircuitPermit(std::optional<std::chrono::nanoseconds> retryAfter)
        : m_retryAfter(retryAfter) {}

    CircuitBreaker* m_breaker = nullptr;
    std::uint64_t m_generation = 0;
    Time m_startedAt{};
    std::optional<std::chrono::nanoseconds> m_retryAfter;
    Kind m_kind = Kind::Untracked;
};

/// Stops calls to something that fails, and finds out with a few trial calls when it is well again.
/// Any thread. Permits are granted and refused without a lock while the breaker is closed or open;
/// nothing is allocated but when it changes state. A permit carries the *generation* it was granted
/// in, which every change of state ends: outcomes of an older one are ignored (as in gobreaker).
class CircuitBreaker {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// Precondition: options.problem() is empty.
    explicit CircuitBreaker(CircuitOptions options, CircuitListener listener = {});
    CircuitBreaker(const CircuitBreaker&) = delete;
    CircuitBreaker& operator=(const CircuitBreaker&) = delete;

    /// Asks to make one call. The first caller after the wait turns open into half open; of those
    /// that come together, exactly as many get a trial as are permitted.
    CircuitPermit acquire(Time now);

    /// Imposes ForcedOpen, ForcedClosed, Disabled or MetricsOnly until release(). Any other mode is
    /// a request to move there by hand: the computed state changes and any override ends.
    void force(CircuitMode mode, Time now, std::string cause);
    /// Ends an override; the computed state is in force again.
    void release(Time now, std::string cause);

    /// Reading changes nothing; an open breaker whose wait is over shows as half open.
    CircuitSnapshot snapshot(Time now) const;
    const std::string& name() const { return m_options.name; }

private:
    friend class CircuitPermit;
    /// What acquire() can decide without the lock; packed with the generation into m_gate.
    enum class Gate : std::uint8_t { Pass, PassUntracked, RefuseUntil, RefuseAll, Ask };
    using Happened = std::optional<CircuitTransition>;

    CircuitPermit acquireSlowly(Time now, Happened& happened);
    CircuitPermit refuse(std::optional<std::chrono::nanoseconds> retryAfter, Time now);
    void settle(const CircuitPermit& permit, Time now, bool failed, std::string_view cause);
    void settleDropped(const CircuitPermit& permit, Time now);
    // The rest is called under the lock.
    void judge(const CircuitPermit& permit, Time now, bool failed, bool slow,
               std::string_view cause, Happened& happened);
    std::string reasonToOpen(std::string_view cause) const;
    void moveTo(CircuitMode to, Time now, std::string cause, Happened& happened);
    void note(CircuitMode from, CircuitMode to, Time now, std::string cause, Happened& happened);
    void publishGate();
    bool trialFree() const;
    CircuitMode effective() const { return m_override.value_or(m_state); }

    void tell(CircuitEvent::Kind kind, Time now, std::chrono::nanoseconds duration = {}) const;
    void tell(const Happened& happened) const;

    const CircuitOptions m_options;
    const CircuitListener m_listener;

    alignas(128) std::atomic<std::uint64_t> m_gate; ///< generation << 8 | Gate
    std::atomic<std::int64_t> m_openUntil{0};       ///< nanoseconds of steady_clock
    alignas(128) std::atomic<std::uint64_t> m_notPermitted{0};

    alignas(128) mutable std::mutex m_mutex;
    CircuitMode m_state = CircuitMode::Closed;
    std::optional<CircuitMode> m_override;
    std::uint64_t m_generation = 0;
    CallWindow m_window;
    int m_consecutiveFailures = 0;
    int m_trialsRunning = 0;
    int m_trialsSucceeded = 0;
    Time m_openedAt{};
    Time m_halfOpenSince{};
    std::uint64_t m_lateResults = 0;
    std::vector<CircuitTransition> m_transitions;
};

} // namespace vigie
