#include "core/resilience/circuitbreaker.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace vigie {

namespace {

using std::chrono::nanoseconds;
constexpr std::size_t keptTransitions = 20;

std::int64_t ticks(CircuitBreaker::Time time) {
    return std::chrono::duration_cast<nanoseconds>(time.time_since_epoch()).count();
}

CircuitBreaker::Time fromTicks(std::int64_t ns) {
    return CircuitBreaker::Time(nanoseconds(ns));
}

std::string seconds(nanoseconds duration) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
    return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

std::string percent(double share) {
    return std::to_string(static_cast<int>(share * 100 + 0.5)) + " %";
}

bool isOverride(CircuitMode mode) {
    return mode != CircuitMode::Closed && mode != CircuitMode::HalfOpen &&
           mode != CircuitMode::Open;
}

} // namespace

CircuitBreaker::CircuitBreaker(CircuitOptions options, CircuitListener listener)
    : m_options(std::move(options)), m_listener(std::move(listener)),
      m_window(m_options.slidingWindowSize) {
    assert(m_options.problem().empty());
    publishGate();
}

CircuitPermit CircuitBreaker::acquire(Time now) {
    using Kind = CircuitPermit::Kind;
    const std::uint64_t gate = m_gate.load(std::memory_order_acquire);
    switch (static_cast<Gate>(gate & 0xff)) {
    case Gate::Pass:
        return CircuitPermit(this, gate >> 8, Kind::Counted, now);
    case Gate::PassUntracked:
        return CircuitPermit(this, gate >> 8, Kind::Untracked, now);
    case Gate::RefuseAll:
        return refuse(std::nullopt, now);
    case Gate::RefuseUntil:
        if (const Time until = fromTicks(m_openUntil.load(std::memory_order_acquire)); now < until)
            return refuse(until - now, now);
        break;
    case Gate::Ask:
        break;
    }
    Happened happened;
    CircuitPermit permit = acquireSlowly(now, happened);
    tell(happened);
    return permit ? std::move(permit) : refuse(permit.retryAfter(), now);
}

CircuitPermit CircuitBreaker::acquireSlowly(Time now, Happened& happened) {
    using Kind = CircuitPermit::Kind;
    const std::lock_guard lock(m_mutex);
    const Time until = fromTicks(m_openUntil.load(std::memory_order_relaxed));
    if (m_override && *m_override != CircuitMode::ForcedClosed) {
        // Imposed between the look at the gate and the lock.
        if (*m_override == CircuitMode::ForcedOpen)
            return CircuitPermit(std::nullopt);
        const bool counted = *m_override == CircuitMode::MetricsOnly;
        return CircuitPermit(this, m_generation, counted ? Kind::Counted : Kind::Untracked, now);
    }
    if (m_state == CircuitMode::Closed)
        return CircuitPermit(this, m_generation, Kind::Counted, now);
    if (m_state == CircuitMode::Open && now >= until)
        moveTo(CircuitMode::HalfOpen, now,
               "the wait of " + seconds(m_options.waitDurationInOpenState) + " is over", happened);
    if (m_state == CircuitMode::HalfOpen) {
        if (!trialFree() && now - m_halfOpenSince >= m_options.maxWaitDurationInHalfOpenState)
            moveTo(CircuitMode::HalfOpen, now,
                   "the trial calls did not come back within " +
                       seconds(m_options.maxWaitDurationInHalfOpenState),
                   happened);
        if (trialFree()) {
            ++m_trialsRunning;
            return CircuitPermit(this, m_generation, Kind::Trial, now);
        }
    }
    if (m_override)
        return CircuitPermit(this, m_generation, Kind::Untracked, now);
    return CircuitPermit(m_state == CircuitMode::Open ? until - now : nanoseconds::zero());
}

bool CircuitBreaker::trialFree() const {
    // A round starts at most as many trials as it can use: those permitted at once, or those needed
    // to close when that is more.
    const int permitted = m_options.permittedNumberOfCallsInHalfOpenState;
    return m_trialsRunning < permitted &&
           m_trialsRunning + m_trialsSucceeded < std::max(permitted, m_options.successesToClose);
}

CircuitPermit CircuitBreaker::refuse(std::optional<nanoseconds> retryAfter, Time now) {
    m_notPermitted.fetch_add(1, std::memory_order_relaxed);
    tell(CircuitEvent::Kind::Refused, now);
    return CircuitPermit(retryAfter);
}

void CircuitBreaker::settle(const CircuitPermit& permit, Time now, bool failed,
                            std::string_view cause) {
    const nanoseconds duration = now - permit.m_startedAt;
    auto kind = failed ? CircuitEvent::Kind::Failure : CircuitEvent::Kind::Success;
    Happened happened;
    if (permit.m_kind != CircuitPermit::Kind::Untracked) {
        const std::lock_guard lock(m_mutex);
        if (permit.m_generation != m_generation) {
            ++m_lateResults;
            kind = CircuitEvent::Kind::LateResult;
        } else {
            const bool slow = duration >= m_options.slowCallDurationThreshold;
            judge(permit, now, failed, slow, cause, happened);
        }
    }
    tell(kind, now, duration);
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

void CircuitBreaker::judge(const CircuitPermit& permit, Time now, bool failed, bool slow,
                           std::string_view cause, Happened& happened) {
    const bool trial = permit.m_kind == CircuitPermit::Kind::Trial;
    m_window.add(failed, slow);
    m_consecutiveFailures = failed ? m_consecutiveFailures + 1 : 0;
    m_trialsRunning -= trial;
    if (m_override == CircuitMode::MetricsOnly)
        return;
    if (m_state == CircuitMode::Closed) {
        if (std::string reason = reasonToOpen(cause); !reason.empty())
            moveTo(CircuitMode::Open, now, std::move(reason), happened);
    } else if (trial) {
        if (failed)
            moveTo(CircuitMode::Open, now,
                   "a trial call failed" + (cause.empty() ? "" : ": " + std::string(cause)),
                   happened);
        else if (slow && m_options.slowCallRateThreshold > 0)
            moveTo(CircuitMode::Open, now, "a trial call was slow", happened);
        else if (++m_trialsSucceeded >= m_options.successesToClose)
            moveTo(CircuitMode::Closed, now,
                   std::to_string(m_trialsSucceeded) + " successful trial call(s)", happened);
    }
}

std::string CircuitBreaker::reasonToOpen(std::string_view cause) const {
    const std::string last = cause.empty() ? "" : "; the last: " + std::string(cause);
    if (m_options.consecutiveFailures > 0 && m_consecutiveFailures >= m_options.consecutiveFailures)
        return std::to_string(m_consecutiveFailures) + " consecutive failures" + last;
    if (m_window.calls() < m_options.minimumNumberOfCalls)
        return {};
    const std::string of = " of the last " + std::to_string(m_window.calls()) + " calls ";
    const double failureLimit = m_options.failureRateThreshold;
    if (failureLimit > 0 && m_window.failureRate() >= failureLimit)
        return percent(m_window.failureRate()) + of + "failed" + last;
    const double slowLimit = m_options.slowCallRateThreshold;
    if (slowLimit > 0 && m_window.slowRate() >= slowLimit)
        return percent(m_window.slowRate()) + of + "took " +
               seconds(m_options.slowCallDurationThreshold) + " or longer";
    return {};
}

void CircuitBreaker::moveTo(CircuitMode to, Time now, std::string cause, Happened& happened) {
    const CircuitMode from = std::exchange(m_state, to);
    ++m_generation;
    m_trialsRunning = m_trialsSucceeded = 0;
    if (to == CircuitMode::Open) {
        // The window stays as it was: it shows the calls that opened the breaker.
        m_openedAt = now;
        m_openUntil.store(ticks(now + m_options.waitDurationInOpenState),
                          std::memory_order_release);
    } else {
        m_window.clear();
        m_consecutiveFailures = 0;
        m_halfOpenSince = now;
        if (from == CircuitMode::Closed) { // half open by hand: as if its wait were over
            m_openedAt = now;
            m_openUntil.store(ticks(now), std::memory_order_release);
        }
    }
    note(from, to, now, std::move(cause), happened);
    publishGate();
}

void CircuitBreaker::note(CircuitMode from, CircuitMode to, Time now, std::string cause,
                          Happened& happened) {
    happened = CircuitTransition{now, from, to, std::move(cause)};
    if (m_transitions.size() == keptTransitions)
        m_transitions.erase(m_transitions.begin());
    m_transitions.push_back(*happened);
}

void CircuitBreaker::publishGate() {
    const auto gate = [this] {
        switch (effective()) {
        case CircuitMode::Closed:
        case CircuitMode::MetricsOnly:
            return Gate::Pass;
        case CircuitMode::ForcedClosed:
            return m_state == CircuitMode::Closed ? Gate::Pass : Gate::Ask;
        case CircuitMode::Disabled:
            return Gate::PassUntracked;
        case CircuitMode::ForcedOpen:
            return Gate::RefuseAll;
        case CircuitMode::Open:
            return Gate::RefuseUntil;
        case CircuitMode::HalfOpen:
            break;
        }
        return Gate::Ask;
    }();
    m_gate.store(m_generation << 8 | static_cast<std::uint64_t>(gate), std::memory_order_release);
}

void CircuitBreaker::force(CircuitMode mode, Time now, std::string cause) {
    Happened happened;
    {
        const std::lock_guard lock(m_mutex);
        const CircuitMode from = effective();
        if (isOverride(mode)) {
            m_override = mode;
            note(from, mode, now, std::move(cause), happened);
            publishGate();
        } else {
            m_override.reset();
            moveTo(mode, now, std::move(cause), happened);
            happened->from = m_transitions.back().from = from; // what was in force
        }
    }
    tell(happened);
}

void CircuitBreaker::release(Time now, std::string cause) {
    Happened happened;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_override)
            return;
        const CircuitMode from = *std::exchange(m_override, std::nullopt);
        note(from, m_state, now, std::move(cause), happened);
        publishGate();
    }
    tell(happened);
}

CircuitSnapshot CircuitBreaker::snapshot(Time now) const {
    CircuitSnapshot seen;
    seen.options = m_options;
    seen.notPermitted = m_notPermitted.load(std::memory_order_relaxed);
    const std::lock_guard lock(m_mutex);
    const Time until = fromTicks(m_openUntil.load(std::memory_order_relaxed));
    seen.computed = m_state == CircuitMode::Open && now >= until ? CircuitMode::HalfOpen : m_state;
    seen.effective = m_override.value_or(seen.computed);
    seen.calls = m_window.calls();
    seen.failures = m_window.failures();
    seen.slow = m_window.slow();
    seen.consecutiveFailures = m_consecutiveFailures;
    if (m_window.calls() >= m_options.minimumNumberOfCalls) {
        seen.failureRate = m_window.failureRate();
        seen.slowRate = m_window.slowRate();
    }
    seen.lateResults = m_lateResults;
    seen.trialsRunning = m_trialsRunning;
    seen.trialsSucceeded = m_trialsSucceeded;
    if (m_state != CircuitMode::Closed) {
        seen.openedAt = m_openedAt;
        seen.nextAttemptAt = until;
    }
    seen.transitions = m_transitions;
    return seen;
}

void CircuitBreaker::tell(CircuitEvent::Kind kind, Time now, nanoseconds duration) const {
    if (m_listener)
        m_listener(CircuitEvent{kind, now, duration, nullptr});
}

void CircuitBreaker::tell(const Happened& happened) const {
    if (m_listener && happened)
        m_listener(CircuitEvent{CircuitEvent::Kind::Transition, happened->at, {}, &*happened});
}

} // namespace vigie
