#pragma once

#include "core/resilience/calltally.h"
#include "core/resilience/circuitpermit.h"
#include "core/resilience/circuitsnapshot.h"
#include "core/resilience/openwait.h"
#include "core/resilience/slidingwindow.h"

#include <mutex>

namespace vigie {

/// Stops calls to something that fails, and finds out with a few trial calls when it is well again.
///
/// Any thread. While the breaker is closed a good call is let through and counted without a lock or
/// an allocation, and while it is open a call is refused without; the rest takes one short lock. A
/// permit carries the *generation* it was granted in, which every change of state ends: outcomes of
/// an older one are ignored (as in gobreaker).
///
/// What concurrency can reorder, and what not: each outcome is counted exactly once or told as
/// late. Failed and slow calls are judged one after the other, and no good call that ended before
/// is missing from what they are judged by. Good calls that end while another is judged may be
/// taken to have come before or after it; in a window of seconds, one that ends as a second begins
/// may be counted in that one; while the breaker opens, one may still enter the window that is kept
/// for show. Used by one thread at a time, all of it is exact.
///
/// Times may jump. Earlier ones count as now; where the clock was set back by more than twice the
/// wait, an open breaker waits anew from there.
class CircuitBreaker {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// Precondition: options.problem() is empty.
    explicit CircuitBreaker(CircuitOptions options, CircuitListener listener = {});

    /// Asks to make one call. The first caller after the wait turns open into half open; of those
    /// that come together, exactly as many get a trial as are permitted. Inlined by force: a
    /// refusal is to cost hardly more than reading the clock for it.
    [[gnu::always_inline]] CircuitPermit acquire(Time now) {
        const std::uint64_t gate = m_gate.load(std::memory_order_acquire);
        const std::uint64_t what = gate & (kindBits | expires);
        if (what == static_cast<std::uint64_t>(Gate::Pass))
            return CircuitPermit(this, gate >> gateBits, CircuitPermit::Kind::Counted, now);
        if (what == static_cast<std::uint64_t>(Gate::RefuseUntil)) {
            const std::int64_t ticks = now.time_since_epoch().count();
            const std::int64_t until = m_openUntil.load(std::memory_order_relaxed);
            if (ticks < until && ticks >= m_refusesFrom.load(std::memory_order_relaxed))
                return refuse(std::chrono::nanoseconds(until - ticks), now);
        }
        return acquireElse(gate, now);
    }

    /// Imposes ForcedOpen, ForcedClosed, Disabled or MetricsOnly until release() or `until`,
    /// whichever comes first. Any other mode is a request to move there by hand: the computed state
    /// changes and any override ends. The listener is told on this thread.
    void force(CircuitMode mode, Time now, std::string reason, std::string actor = {},
               std::optional<Time> until = {});
    /// Ends an override; the computed state is in force again. Without one it does nothing.
    void release(Time now, std::string reason, std::string actor = {});
    /// Puts other options in force; state, override and counters stay, and so does the window
    /// unless its type or size changed. The name stays. Precondition: options.problem() is empty.
    void configure(CircuitOptions options, Time now);

    /// Reading changes nothing. What time alone changes is shown as it will be done: an open
    /// breaker whose wait is over is half open, an expired override is gone.
    CircuitSnapshot snapshot(Time now) const;
    const std::string& name() const { return m_name; }

private:
    friend class CircuitPermit;
    /// What acquire() can decide without the lock.
    enum class Gate : std::uint64_t { Pass, PassUntracked, RefuseUntil, RefuseAll, Ask };
    // The low byte of m_gate; above it is the generation.
    static constexpr int gateBits = 8;
    static constexpr std::uint64_t kindBits = 0x07;
    static constexpr std::uint64_t watched = 0x08; ///< a good call takes the lock: it may matter
    static constexpr std::uint64_t expires = 0x10; ///< an override with an end is in force
    using Happened = std::vector<CircuitTransition>;
    /// Someone who moves the breaker, and what was in force before.
    struct Hand {
        CircuitMode from;
        std::string actor;
    };

    CircuitPermit acquireElse(std::uint64_t gate, Time now);
    CircuitPermit refuse(std::optional<std::chrono::nanoseconds> retryAfter, Time now) {
        m_tally.addRefusal();
        tell(CircuitEvent::Kind::Refused, now);
        return CircuitPermit(retryAfter);
    }
    void succeed(const CircuitPermit& permit, Time now, std::string_view correlationId);
    bool countWithoutLock(const CircuitPermit& permit, Time now, std::uint64_t gate);
    void settle(const CircuitPermit& permit, Time now, std::optional<ErrorClass> failure,
                std::string_view cause, std::string_view correlationId);
    void settleDropped(const CircuitPermit& permit, Time now);
    void reconsider(std::uint64_t generation, Time now);

    // The rest is called under the lock.
    CircuitPermit admit(Time now, Happened& happened);
    CircuitPermit admitByState(Time now, Happened& happened);
    std::optional<std::uint32_t> weightOf(ErrorClass failure) const;
    void judge(const CircuitPermit& permit, Time now, const CallOutcome& outcome,
               std::string_view cause, Happened& happened);
    void judgeTrial(const CallOutcome& outcome, Time now, std::string_view cause,
                    Happened& happened);
    void openIfReached(Time now, std::string_view cause, Happened& happened);
    void applyOptions();
    void advanceWindow(Time now);
    void watchFrom(const WindowSums& sums);
    void moveTo(CircuitMode to, Time now, std::string cause, Happened& happened,
                const Hand* hand = nullptr);
    void enterOpen(CircuitMode from, Time now, bool byHand);
    void note(CircuitTransition transition, Happened& happened);
    void endExpired(Time now, Happened& happened);
    void publishGate();
    Gate gateKind() const;
    bool trialFree() const;
    bool isOverridden(CircuitMode mode) const { return m_override && m_override->mode == mode; }
    bool isExpired(Time now) const;
    CircuitTransition expiry() const;
    CircuitMode computedAt(Time now) const;
    Time waitEnds(Time now) const;
    void startWait(Time now, std::chrono::nanoseconds wait);
    void showWindow(CircuitSnapshot& seen, Time now) const;
    void showDistance(CircuitSnapshot& seen, Time now, std::uint64_t pending) const;

    void tell(CircuitEvent::Kind kind, Time now, std::chrono::nanoseconds duration = {},
              ErrorClass errorClass = ErrorClass::Unknown,
              std::string_view correlationId = {}) const {
        if (m_listener)
            m_listener(CircuitEvent{kind, now, duration, nullptr, errorClass, correlationId});
    }
    void tell(const Happened& happened) const;

    const std::string m_name;
    const CircuitListener m_listener;
    // Written on changes only, read by every call; times are nanoseconds of steady_clock.
    alignas(128) std::atomic<std::uint64_t> m_gate{0};
    std::atomic<std::int64_t> m_openUntil{0};
    std::atomic<std::int64_t> m_refusesFrom{0}; ///< with an earlier now the clock was set back
    std::atomic<std::int64_t> m_overrideUntil{0};
    std::atomic<std::uint64_t> m_slowAfter{0};    ///< ns
    std::atomic<std::int64_t> m_bucketStart{0};   ///< good calls from here on ...
    std::atomic<std::uint64_t> m_bucketLength{0}; ///< ... for so long are counted without the lock
    CallTally m_tally;

    alignas(128) mutable std::mutex m_mutex;
    CircuitOptions m_options;
    CircuitMode m_state = CircuitMode::Closed;
    std::optional<CircuitOverride> m_override;
    std::uint64_t m_generation = 0;
    SlidingWindow m_window;
    bool m_watching = false;
    int m_streak = 0;                ///< failures in a row
    std::int64_t m_streakWeight = 0; ///< thousandths
    int m_trialsRunning = 0, m_trialsSucceeded = 0, m_trialsFailed = 0;
    OpenWait m_openWait;
    std::chrono::nanoseconds m_wait{};                   ///< of the last opening
    Time m_openedAt{}, m_lastTrialAt{}, m_closedSince{}; ///< the last: after having been open
    std::uint64_t m_lateResults = 0, m_opens = 0, m_resets = 0;
    std::vector<CircuitTransition> m_transitions;
};

inline void CircuitBreaker::succeed(const CircuitPermit& permit, Time now,
                                    std::string_view correlationId) {
    if (!countWithoutLock(permit, now, m_gate.load(std::memory_order_acquire))) {
        settle(permit, now, std::nullopt, {}, correlationId);
        return;
    }
    // A failure that is being judged has announced itself before it looked at the tally: either it
    // saw this call there, or this call sees the announcement here.
    if (m_gate.load() & watched) [[unlikely]]
        reconsider(permit.m_generation, now);
    tell(CircuitEvent::Kind::Success, now, now - permit.startedAt(), ErrorClass::Unknown,
         correlationId);
}

inline bool CircuitBreaker::countWithoutLock(const CircuitPermit& permit, Time now,
                                             std::uint64_t gate) {
    constexpr auto relaxed = std::memory_order_relaxed;
    const auto ticks = static_cast<std::uint64_t>(now.time_since_epoch().count());
    const auto since = [ticks](std::int64_t then) {
        return ticks - static_cast<std::uint64_t>(then);
    };
    // Unsigned: what seems to be earlier is far too late, and left to the one with the lock.
    return permit.m_kind == CircuitPermit::Kind::Counted &&
           gate >> gateBits == permit.m_generation && !(gate & (watched | expires)) &&
           since(permit.m_time) < m_slowAfter.load(relaxed) &&
           since(m_bucketStart.load(relaxed)) < m_bucketLength.load(relaxed) &&
           m_tally.addSuccess(static_cast<std::uint32_t>(permit.m_generation));
}

inline void CircuitPermit::succeed(Time now, std::string_view correlationId) {
    if (CircuitBreaker* breaker = m_breaker) {
        m_breaker = nullptr;
        breaker->succeed(*this, now, correlationId);
    }
}

} // namespace vigie
