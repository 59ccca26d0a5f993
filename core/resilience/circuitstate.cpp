// The state of a breaker and how it changes; all of it under the lock.

#include "core/resilience/circuitbreaker.h"
#include "core/resilience/saturating.h"

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

constexpr std::size_t keptTransitions = 20;

bool isOverride(CircuitMode mode) {
    return mode != CircuitMode::Closed && mode != CircuitMode::HalfOpen &&
           mode != CircuitMode::Open;
}

} // namespace

void CircuitBreaker::moveTo(CircuitMode to, Time now, std::string cause, Happened& happened,
                            const Hand* hand) {
    CircuitTransition transition{now, hand ? hand->from : m_state, to, std::move(cause)};
    if (hand)
        transition.actor = hand->actor;
    transition.opened = to == CircuitMode::Open && m_state != CircuitMode::Open;
    transition.wasReset = to == CircuitMode::Closed && m_state != CircuitMode::Closed;
    m_opens += transition.opened;
    m_resets += transition.wasReset;

    const CircuitMode from = std::exchange(m_state, to);
    ++m_generation;
    const std::uint64_t counted = m_tally.take(static_cast<std::uint32_t>(m_generation));
    m_trialsRunning = m_trialsSucceeded = m_trialsFailed = 0;
    if (to == CircuitMode::Open) {
        m_window.addSuccesses(counted); // it stays: it shows the calls that opened the breaker
        enterOpen(from, now, hand != nullptr);
    } else {
        m_window.clear();
        m_streak = 0;
        m_streakWeight = 0;
        m_lastTrialAt = now;
        if (from == CircuitMode::Closed) { // half open by hand: as if its wait were over
            m_openedAt = now;
            startWait(now, {});
        }
    }
    if (to == CircuitMode::Closed) {
        m_closedSince = now;
        if (hand)
            m_openWait.forgive();
    }
    m_watching = m_streak > 0; // under MetricsOnly calls go on while it is open
    publishGate();
    note(std::move(transition), happened);
}

void CircuitBreaker::enterOpen(CircuitMode from, Time now, bool byHand) {
    if (!byHand && from == CircuitMode::HalfOpen)
        m_openWait.relapse(m_options);
    else if (!byHand)
        m_openWait.openAfter(saturating::between(m_closedSince, now), m_options);
    m_openedAt = now;
    m_wait = m_openWait.length(m_options);
    startWait(now, m_wait);
}

void CircuitBreaker::startWait(Time now, std::chrono::nanoseconds wait) {
    m_refusesFrom.store(saturating::ticks(saturating::later(now, -wait)));
    m_openUntil.store(saturating::ticks(saturating::later(now, wait)));
}

void CircuitBreaker::note(CircuitTransition transition, Happened& happened) {
    if (m_transitions.size() == keptTransitions)
        m_transitions.erase(m_transitions.begin());
    m_transitions.push_back(transition);
    happened.push_back(std::move(transition));
}

void CircuitBreaker::endExpired(Time now, Happened& happened) {
    if (!isExpired(now))
        return;
    CircuitTransition ended = expiry();
    m_override.reset();
    publishGate();
    note(std::move(ended), happened);
}

bool CircuitBreaker::isExpired(Time now) const {
    return m_override && m_override->until && now >= *m_override->until;
}

/// How the override ends by itself: at its time, whenever that is noticed.
CircuitTransition CircuitBreaker::expiry() const {
    const Time at = *m_override->until;
    return {at, m_override->mode, computedAt(at), "the override has expired"};
}

void CircuitBreaker::publishGate() {
    std::uint64_t gate = m_generation << gateBits | static_cast<std::uint64_t>(gateKind());
    if (m_watching)
        gate |= watched;
    if (m_override && m_override->until) {
        gate |= expires;
        m_overrideUntil.store(saturating::ticks(*m_override->until));
    }
    m_gate.store(gate);
}

CircuitBreaker::Gate CircuitBreaker::gateKind() const {
    switch (m_override ? m_override->mode : m_state) {
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
}

void CircuitBreaker::force(CircuitMode mode, Time now, std::string reason, std::string actor,
                           std::optional<Time> until) {
    Happened happened;
    {
        const std::lock_guard lock(m_mutex);
        endExpired(now, happened);
        const CircuitMode from = m_override ? m_override->mode : computedAt(now);
        if (isOverride(mode)) {
            if (until)
                until = std::max(*until, now);
            m_override = CircuitOverride{mode, actor, reason, now, until};
            publishGate();
            note({now, from, mode, std::move(reason), std::move(actor)}, happened);
        } else {
            m_override.reset();
            const Hand hand{from, std::move(actor)};
            moveTo(mode, now, std::move(reason), happened, &hand);
        }
    }
    tell(happened);
}

void CircuitBreaker::release(Time now, std::string reason, std::string actor) {
    Happened happened;
    {
        const std::lock_guard lock(m_mutex);
        endExpired(now, happened);
        if (m_override) {
            const CircuitMode from = m_override->mode;
            m_override.reset();
            publishGate();
            note({now, from, computedAt(now), std::move(reason), std::move(actor)}, happened);
        }
    }
    tell(happened);
}

CircuitMode CircuitBreaker::computedAt(Time now) const {
    return m_state == CircuitMode::Open && now >= waitEnds(now) ? CircuitMode::HalfOpen : m_state;
}

CircuitBreaker::Time CircuitBreaker::waitEnds(Time now) const {
    if (saturating::ticks(now) < m_refusesFrom.load())
        return saturating::later(now, m_wait);
    return saturating::fromTicks(m_openUntil.load());
}

} // namespace vigie
