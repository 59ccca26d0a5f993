#include "tests/core/resilience/circuitmodel.h"

#include <algorithm>
#include <cmath>

namespace vigie::circuittest {

CircuitModel::Permit CircuitModel::acquire(Time now) {
    expire(now);
    Permit permit{Leave::No, std::nullopt, m_round, now};
    if (overridden(CircuitMode::MetricsOnly))
        permit.leave = Leave::Counted;
    else if (overridden(CircuitMode::Disabled))
        permit.leave = Leave::Untracked;
    else if (!overridden(CircuitMode::ForcedOpen))
        permit = byState(now);
    if (permit.leave == Leave::No && overridden(CircuitMode::ForcedClosed))
        permit = {Leave::Untracked, std::nullopt, m_round, now};
    m_refused += permit.leave == Leave::No;
    return permit;
}

void CircuitModel::settle(const Permit& permit, Time now, double weight) {
    if (permit.leave == Leave::Untracked)
        return;
    expire(now);
    if (permit.round != m_round) {
        ++m_late;
        return;
    }
    const bool trial = permit.leave == Leave::Trial;
    const bool slow = now - permit.startedAt >= m_options.slowCallDurationThreshold;
    const bool failed = weight > 0;
    m_running -= trial;
    m_calls.push_back({now, failed, slow, weight});
    m_streak = failed ? m_streak + 1 : 0;
    m_streakWeight = failed ? m_streakWeight + weight : 0;
    if (overridden(CircuitMode::MetricsOnly))
        return;
    if (trial)
        settleTrial(failed || (slow && m_options.slowCallRateThreshold > 0), now);
    else if (m_state == CircuitMode::Closed && mustOpen(now))
        move(CircuitMode::Open, now, false);
}

void CircuitModel::drop(const Permit& permit) {
    if (permit.leave == Leave::Trial && permit.round == m_round)
        --m_running;
}

void CircuitModel::force(CircuitMode mode, Time now, std::optional<Time> until) {
    expire(now);
    m_override.reset();
    if (mode == CircuitMode::Closed || mode == CircuitMode::Open || mode == CircuitMode::HalfOpen)
        move(mode, now, true);
    else
        m_override = CircuitOverride{mode, {}, {}, now, until};
}

CircuitSnapshot CircuitModel::snapshot(Time now) const {
    CircuitSnapshot seen;
    seen.computed =
        m_state == CircuitMode::Open && now >= m_openUntil ? CircuitMode::HalfOpen : m_state;
    const bool over = m_override && m_override->until && now >= *m_override->until;
    seen.effective = m_override && !over ? m_override->mode : seen.computed;
    const bool kept = m_state == CircuitMode::Open && seen.effective != CircuitMode::MetricsOnly;
    const Sums sums = window(kept && !m_calls.empty() ? m_calls.back().at : now);
    seen.calls = sums.calls;
    seen.failures = sums.failures;
    seen.slow = sums.slow;
    seen.weight = sums.weight;
    seen.consecutiveFailures = m_streak;
    seen.notPermitted = m_refused;
    seen.lateResults = m_late;
    seen.opens = m_opens;
    seen.resets = m_resets;
    seen.trialsRunning = m_running;
    seen.trialsSucceeded = m_succeeded;
    seen.trialsFailed = m_failed;
    const auto spells =
        m_state == CircuitMode::Closed ? (now - m_closedAt) / m_options.healthySpell : 0;
    seen.relapses = int(std::max<std::int64_t>(0, m_relapses - std::max<std::int64_t>(0, spells)));
    if (m_state != CircuitMode::Closed)
        seen.openedAt = m_openedAt;
    return seen;
}

std::optional<std::int64_t> CircuitModel::callsToOpen(Time now, bool slowOnes) const {
    if (snapshot(now).computed != CircuitMode::Closed)
        return std::nullopt;
    CircuitModel copy = *this;
    copy.m_override.reset();
    for (int more = 1; more <= 400; ++more) {
        Permit permit = copy.acquire(now);
        if (slowOnes)
            permit.startedAt = now - m_options.slowCallDurationThreshold;
        copy.settle(permit, now, slowOnes ? 0 : 1);
        if (copy.m_state == CircuitMode::Open)
            return more;
    }
    return std::nullopt;
}

void CircuitModel::expire(Time now) {
    if (m_override && m_override->until && now >= *m_override->until)
        m_override.reset();
}

CircuitModel::Permit CircuitModel::byState(Time now) {
    if (m_state == CircuitMode::Closed)
        return {Leave::Counted, std::nullopt, m_round, now};
    if (m_state == CircuitMode::Open) {
        if (now < m_openUntil)
            return {Leave::No, m_openUntil - now, m_round, now};
        move(CircuitMode::HalfOpen, now, false);
    }
    const auto free = [this] {
        return m_running < m_options.permittedNumberOfCallsInHalfOpenState &&
               m_running + m_succeeded < std::max(m_options.permittedNumberOfCallsInHalfOpenState,
                                                  m_options.successesToClose);
    };
    if (!free() && now - m_lastTrial >= m_options.maxWaitDurationInHalfOpenState)
        move(CircuitMode::HalfOpen, now, false);
    if (!free())
        return {Leave::No, Nanoseconds::zero(), m_round, now};
    ++m_running;
    m_lastTrial = now;
    return {Leave::Trial, std::nullopt, m_round, now};
}

void CircuitModel::settleTrial(bool bad, Time now) {
    ++(bad ? m_failed : m_succeeded);
    if (bad && m_failed > m_options.permittedFailuresInHalfOpenState)
        move(CircuitMode::Open, now, false);
    else if (!bad && m_succeeded >= m_options.successesToClose)
        move(CircuitMode::Closed, now, false);
}

void CircuitModel::move(CircuitMode to, Time now, bool byHand) {
    ++m_round;
    m_running = m_succeeded = m_failed = 0;
    m_opens += to == CircuitMode::Open && m_state != CircuitMode::Open;
    m_resets += to == CircuitMode::Closed && m_state != CircuitMode::Closed;
    if (to == CircuitMode::Open) {
        if (!byHand)
            relapse(now);
        m_openedAt = now;
        m_openUntil = now + wait();
    } else {
        m_calls.clear();
        m_streak = 0;
        m_streakWeight = 0;
        m_lastTrial = now;
        if (m_state == CircuitMode::Closed)
            m_openedAt = now;
    }
    if (to == CircuitMode::Closed) {
        m_closedAt = now;
        if (byHand) {
            m_everOpened = false;
            m_relapses = 0;
        }
    }
    m_state = to;
}

void CircuitModel::relapse(Time now) {
    const auto spells =
        m_state == CircuitMode::Closed ? (now - m_closedAt) / m_options.healthySpell : 0;
    if (m_state == CircuitMode::Closed && !m_everOpened)
        m_relapses = 0;
    else if (spells > 0)
        m_relapses = int(std::max<std::int64_t>(0, m_relapses - spells));
    else if (m_options.waitDurationFactor > 1 && wait() < m_options.maxWaitDurationInOpenState)
        ++m_relapses;
    m_everOpened = true;
}

CircuitModel::Nanoseconds CircuitModel::wait() const {
    const double grown = double(m_options.waitDurationInOpenState.count()) *
                         std::pow(m_options.waitDurationFactor, m_relapses);
    const Nanoseconds cap =
        std::max(m_options.maxWaitDurationInOpenState, m_options.waitDurationInOpenState);
    return grown < double(cap.count()) ? Nanoseconds(std::int64_t(grown)) : cap;
}

CircuitModel::Sums CircuitModel::window(Time now) const {
    using std::chrono::floor, std::chrono::seconds;
    Sums sums;
    const auto second = [](Time time) { return floor<seconds>(time.time_since_epoch()); };
    const auto size = m_options.slidingWindowSize;
    const bool byTime = m_options.slidingWindowType == SlidingWindowType::TimeBased;
    for (std::size_t i = 0; i < m_calls.size(); ++i) {
        const Call& call = m_calls[i];
        if (byTime ? second(now) - second(call.at) >= seconds(size)
                   : m_calls.size() - i > std::size_t(size))
            continue;
        ++sums.calls;
        sums.failures += call.failed;
        sums.slow += call.slow;
        sums.weight += call.weight;
    }
    return sums;
}

bool CircuitModel::mustOpen(Time now) const {
    if (m_options.consecutiveFailures > 0 && m_streakWeight >= m_options.consecutiveFailures)
        return true;
    const Sums sums = window(now);
    if (sums.calls < m_options.minimumNumberOfCalls)
        return false;
    const auto reached = [&](double threshold, double part) {
        return threshold > 0 && part / sums.calls >= threshold;
    };
    return reached(m_options.failureRateThreshold, sums.weight) ||
           reached(m_options.slowCallRateThreshold, sums.slow);
}
} // namespace vigie::circuittest
