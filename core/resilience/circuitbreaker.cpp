#include "core/resilience/circuitbreaker.h"

#include "core/resilience/circuitrules.h"
#include "core/resilience/saturating.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

namespace vigie {

using std::chrono::nanoseconds;

CircuitBreaker::CircuitBreaker(CircuitOptions options, CircuitListener listener)
    : m_name(options.name), m_listener(std::move(listener)), m_options(std::move(options)),
      m_window(m_options) {
    assert(m_options.problem().empty());
    const std::lock_guard lock(m_mutex);
    applyOptions();
    publishGate();
}

void CircuitBreaker::configure(CircuitOptions options, Time now) {
    assert(options.problem().empty());
    options.name = m_name;
    const std::lock_guard lock(m_mutex);
    advanceWindow(now);
    const bool sameWindow = options.slidingWindowType == m_options.slidingWindowType &&
                            options.slidingWindowSize == m_options.slidingWindowSize;
    m_options = std::move(options);
    if (!sameWindow)
        m_window = SlidingWindow(m_options);
    applyOptions();
    m_watching = true; // the next outcome is judged by the new thresholds, a good one too
    publishGate();
}

void CircuitBreaker::applyOptions() {
    m_slowAfter.store(static_cast<std::uint64_t>(m_options.slowCallDurationThreshold.count()));
    m_bucketStart.store(0);
    // A window of calls is one endless bucket; one of seconds begins with the first outcome.
    m_bucketLength.store(m_window.timeWindow() ? 0 : std::numeric_limits<std::uint64_t>::max());
}

CircuitPermit CircuitBreaker::acquireElse(std::uint64_t gate, Time now) {
    using Kind = CircuitPermit::Kind;
    const std::int64_t ticks = saturating::ticks(now);
    if (!(gate & expires) || ticks < m_overrideUntil.load(std::memory_order_acquire)) {
        switch (static_cast<Gate>(gate & kindBits)) {
        case Gate::Pass:
            return CircuitPermit(this, gate >> gateBits, Kind::Counted, now);
        case Gate::PassUntracked:
            return CircuitPermit(this, gate >> gateBits, Kind::Untracked, now);
        case Gate::RefuseAll:
            return refuse(std::nullopt, now);
        case Gate::RefuseUntil: // the wait is over, or the clock was set back
        case Gate::Ask:
            break;
        }
    }
    Happened happened;
    CircuitPermit permit = [&] {
        const std::lock_guard lock(m_mutex);
        return admit(now, happened);
    }();
    tell(happened);
    return permit ? std::move(permit) : refuse(permit.retryAfter(), now);
}

CircuitPermit CircuitBreaker::admit(Time now, Happened& happened) {
    using Kind = CircuitPermit::Kind;
    endExpired(now, happened);
    if (isOverridden(CircuitMode::ForcedOpen))
        return CircuitPermit(std::nullopt);
    if (isOverridden(CircuitMode::MetricsOnly))
        return CircuitPermit(this, m_generation, Kind::Counted, now);
    if (isOverridden(CircuitMode::Disabled))
        return CircuitPermit(this, m_generation, Kind::Untracked, now);
    CircuitPermit permit = admitByState(now, happened);
    if (!permit && isOverridden(CircuitMode::ForcedClosed))
        return CircuitPermit(this, m_generation, Kind::Untracked, now);
    return permit;
}

CircuitPermit CircuitBreaker::admitByState(Time now, Happened& happened) {
    if (m_state == CircuitMode::Closed)
        return CircuitPermit(this, m_generation, CircuitPermit::Kind::Counted, now);
    if (m_state == CircuitMode::Open) {
        const Time ends = waitEnds(now);
        if (now < ends) {
            if (saturating::ticks(ends) != m_openUntil.load())
                startWait(now, m_wait); // the clock was set back
            return CircuitPermit(saturating::between(now, ends));
        }
        moveTo(CircuitMode::HalfOpen, now,
               "the wait of " + circuitrules::seconds(m_wait) + " is over", happened);
    }
    const nanoseconds patience = m_options.maxWaitDurationInHalfOpenState;
    if (!trialFree() && saturating::apart(m_lastTrialAt, now) >= patience)
        moveTo(CircuitMode::HalfOpen, now,
               "the trial calls did not come back within " + circuitrules::seconds(patience),
               happened);
    if (!trialFree())
        return CircuitPermit(nanoseconds::zero());
    ++m_trialsRunning;
    m_lastTrialAt = now;
    return CircuitPermit(this, m_generation, CircuitPermit::Kind::Trial, now);
}

bool CircuitBreaker::trialFree() const {
    // A round starts at most as many trials as it can use: those permitted at once, or those needed
    // to close when that is more.
    const int permitted = m_options.permittedNumberOfCallsInHalfOpenState;
    return m_trialsRunning < permitted &&
           m_trialsRunning + m_trialsSucceeded < std::max(permitted, m_options.successesToClose);
}

std::optional<std::uint32_t> CircuitBreaker::weightOf(ErrorClass failure) const {
    if (std::ranges::find(m_options.ignoredErrors, failure) != m_options.ignoredErrors.end())
        return std::nullopt;
    const auto own = m_options.errorWeights.find(failure);
    const double weight =
        own != m_options.errorWeights.end() ? own->second : defaultTraits(failure).weight;
    return static_cast<std::uint32_t>(std::lround(weight * 1000));
}

void CircuitBreaker::settle(const CircuitPermit& permit, Time now,
                            std::optional<ErrorClass> failure, std::string_view cause,
                            std::string_view correlationId) {
    const nanoseconds duration =
        std::max(saturating::between(permit.startedAt(), now), nanoseconds::zero());
    auto kind = failure ? CircuitEvent::Kind::Failure : CircuitEvent::Kind::Success;
    Happened happened;
    if (permit.m_kind != CircuitPermit::Kind::Untracked) {
        const std::lock_guard lock(m_mutex);
        endExpired(now, happened);
        const std::optional<std::uint32_t> weight = failure ? weightOf(*failure) : 0;
        if (permit.m_generation != m_generation) {
            ++m_lateResults;
            kind = CircuitEvent::Kind::LateResult;
        } else if (!weight) {
            m_trialsRunning -= permit.m_kind == CircuitPermit::Kind::Trial;
            kind = CircuitEvent::Kind::Dropped;
        } else {
            const bool slow = duration >= m_options.slowCallDurationThreshold;
            judge(permit, now, {*weight > 0, slow, *weight}, cause, happened);
            kind = *weight > 0 ? CircuitEvent::Kind::Failure : CircuitEvent::Kind::Success;
        }
    }
    tell(kind, now, duration, failure.value_or(ErrorClass::Unknown), correlationId);
    tell(happened);
}

void CircuitBreaker::settleDropped(const CircuitPermit& permit, Time now) {
    if (permit.m_kind == CircuitPermit::Kind::Trial) {
        const std::lock_guard lock(m_mutex);
        if (permit.m_generation == m_generation)
            --m_trialsRunning;
    }
    tell(CircuitEvent::Kind::Dropped, now);
}

void CircuitBreaker::judge(const CircuitPermit& permit, Time now, const CallOutcome& outcome,
                           std::string_view cause, Happened& happened) {
    const bool trial = permit.m_kind == CircuitPermit::Kind::Trial;
    m_trialsRunning -= trial;
    if (outcome.failed || outcome.slow) // announced before the tally is looked at; see succeed()
        m_gate.fetch_or(watched);
    advanceWindow(now);
    m_window.add(outcome);
    if (!outcome.failed) {
        m_streak = 0;
        m_streakWeight = 0;
    } else if (m_streak < std::numeric_limits<int>::max()) {
        ++m_streak;
        m_streakWeight += outcome.weight;
    }
    m_watching = m_streak > 0;
    if (isOverridden(CircuitMode::MetricsOnly))
        watchFrom(m_window.sums(now, 0));
    else if (trial)
        judgeTrial(outcome, now, cause, happened);
    else
        openIfReached(now, cause, happened);
}

void CircuitBreaker::judgeTrial(const CallOutcome& outcome, Time now, std::string_view cause,
                                Happened& happened) {
    const bool tooSlow = outcome.slow && m_options.slowCallRateThreshold > 0;
    if (!outcome.failed && !tooSlow) {
        if (++m_trialsSucceeded >= m_options.successesToClose)
            moveTo(CircuitMode::Closed, now,
                   std::to_string(m_trialsSucceeded) + " successful trial call(s)", happened);
    } else if (++m_trialsFailed > m_options.permittedFailuresInHalfOpenState) {
        std::string reason = m_trialsFailed == 1 ? "a trial call "
                                                 : std::to_string(m_trialsFailed) + " trial calls ";
        reason += outcome.failed        ? "failed"
                  : m_trialsFailed == 1 ? "was slow"
                                        : "failed or were slow";
        if (outcome.failed && !cause.empty())
            reason += (m_trialsFailed == 1 ? ": " : "; the last: ") + std::string(cause);
        moveTo(CircuitMode::Open, now, std::move(reason), happened);
    }
}

/// A good call that was counted without the lock while another was judged.
void CircuitBreaker::reconsider(std::uint64_t generation, Time now) {
    Happened happened;
    {
        const std::lock_guard lock(m_mutex);
        if (generation != m_generation)
            return;
        endExpired(now, happened);
        m_streak = 0;
        m_streakWeight = 0;
        advanceWindow(now);
        if (isOverridden(CircuitMode::MetricsOnly))
            watchFrom(m_window.sums(now, 0));
        else
            openIfReached(now, {}, happened);
    }
    tell(happened);
}

void CircuitBreaker::openIfReached(Time now, std::string_view cause, Happened& happened) {
    if (m_state != CircuitMode::Closed)
        return;
    const WindowSums sums = m_window.sums(now, 0);
    if (std::string reason =
            circuitrules::reasonToOpen(m_options, sums, m_streak, m_streakWeight, cause);
        !reason.empty())
        moveTo(CircuitMode::Open, now, std::move(reason), happened);
    else
        watchFrom(sums);
}

/// Brings the tally's good calls into the window, and the window to this second.
void CircuitBreaker::advanceWindow(Time now) {
    m_window.addSuccesses(m_tally.take(static_cast<std::uint32_t>(m_generation)));
    if (TimeWindow* window = m_window.timeWindow()) {
        window->moveTo(now);
        m_bucketStart.store(saturating::ticks(window->runningSince()));
        m_bucketLength.store(1'000'000'000);
    }
}

/// A good call matters when it ends a row of failures, when it completes the minimum for a rate,
/// and when a rate was reached under MetricsOnly, which may end. Else it can't open the breaker
/// before the next second begins.
void CircuitBreaker::watchFrom(const WindowSums& sums) {
    const RateRules rules = circuitrules::rateRules(m_options);
    const bool mayComplete = (rules.failures.threshold > 0 || rules.slowCalls.threshold > 0) &&
                             sums.failures + sums.slow > 0 &&
                             sums.calls < m_options.minimumNumberOfCalls;
    m_watching = m_streak > 0 || mayComplete || rules.reached(sums);
    publishGate();
}

void CircuitBreaker::tell(const Happened& happened) const {
    if (m_listener) {
        for (const CircuitTransition& transition : happened)
            m_listener(
                CircuitEvent{CircuitEvent::Kind::Transition, transition.at, {}, &transition});
    }
}

} // namespace vigie
