#include "core/resilience/pipeline.h"

#include "core/resilience/callthreads.h"

#include <algorithm>
#include <cassert>
#include <random>

namespace vigie {

namespace {

using std::chrono::nanoseconds;

std::string seconds(nanoseconds span) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
    return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

/// Says nothing about the peer: it was not asked, or nobody waited for what it said.
bool saysNothing(ErrorClass errorClass) {
    switch (errorClass) {
    case ErrorClass::Cancelled:
    case ErrorClass::BreakerOpen:
    case ErrorClass::BulkheadFull:
    case ErrorClass::RateLimiterEmpty:
    case ErrorClass::Internal:
        return true;
    default:
        return false;
    }
}

/// Weights that were configured for a class hold where the breaker has none of its own.
void weigh(CircuitOptions& options, const std::function<ErrorTraits(ErrorClass)>& traits) {
    for (std::size_t i = 0; i < errorClassCount; ++i) {
        const auto errorClass = static_cast<ErrorClass>(i);
        const double weight = traits(errorClass).weight;
        if (weight != defaultTraits(errorClass).weight)
            options.errorWeights.try_emplace(errorClass, weight);
    }
}

} // namespace

Pipeline::Pipeline(std::string key, Profile profile, PipelineParts parts, Time now)
    : m_key(std::move(key)), m_parts(std::move(parts)),
      m_seed(m_parts.seed ? m_parts.seed : std::random_device()() * std::uint64_t(0x9e3779b9)),
      m_budget(profile.retryBudget) {
    assert(profile.problem().empty());
    m_lives.push_back(made(std::move(profile), now));
    m_live.store(m_lives.back().get(), std::memory_order_release);
}

Pipeline::~Pipeline() {
    std::unique_lock lock(m_awayMutex);
    m_back.wait(lock, [this] { return m_away == 0; });
}

void Pipeline::callLeaves() {
    const std::lock_guard lock(m_awayMutex);
    ++m_away;
}

void Pipeline::callReturned() {
    // Told under the lock: the destructor may be waiting for just this.
    const std::lock_guard lock(m_awayMutex);
    --m_away;
    m_back.notify_all();
}

std::string Pipeline::reload(Profile profile, Time now) {
    if (std::string wrong = profile.problem(); !wrong.empty())
        return wrong;
    const std::lock_guard lock(m_mutex);
    m_budget.reconfigure(profile.retryBudget);
    m_lives.push_back(made(std::move(profile), now));
    m_live.store(m_lives.back().get(), std::memory_order_release);
    return {};
}

std::unique_ptr<const Pipeline::Live> Pipeline::made(Profile profile, Time now) {
    auto live = std::make_unique<Live>();
    if (profile.circuit) {
        CircuitOptions options = *profile.circuit;
        options.name = m_key;
        if (m_parts.traits)
            weigh(options, m_parts.traits);
        takeCircuit(std::move(options), now);
        live->circuit = m_circuit.get();
    }
    const auto keep = [](auto& part, const auto& options) {
        using Part = typename std::decay_t<decltype(part)>::element_type;
        if (!options)
            return static_cast<Part*>(nullptr);
        if (part)
            part->reconfigure(*options);
        else
            part = std::make_unique<Part>(*options);
        return part.get();
    };
    live->bulkhead = keep(m_bulkhead, profile.bulkhead);
    live->rateLimiter = keep(m_rateLimiter, profile.rateLimiter);
    live->cache = keep(m_cache, profile.cache);
    live->learnsLatency =
        profile.hedge || (profile.retry.adaptive && profile.retry.maxAttempts > 1);

    const auto acts = [&](Strategy strategy) {
        switch (strategy) {
        case Strategy::CircuitBreaker:
            return live->circuit != nullptr;
        case Strategy::Fallback:
            return m_parts.enabled;
        case Strategy::Cache:
            return m_parts.enabled && live->cache;
        case Strategy::Bulkhead:
            return m_parts.enabled && live->bulkhead;
        case Strategy::Retry:
            return m_parts.enabled &&
                   (profile.retry.maxAttempts > 1 || profile.retry.overallDeadline.count() > 0);
        case Strategy::RateLimiter:
            return m_parts.enabled && live->rateLimiter;
        case Strategy::Hedge:
            return m_parts.enabled && profile.hedge;
        case Strategy::Timeout:
            return m_parts.enabled; // a run may bring its own limit
        case Strategy::FaultInjection:
            return m_parts.enabled && m_parts.faults;
        }
        return false;
    };
    std::copy_if(profile.order.begin(), profile.order.end(), std::back_inserter(live->layers),
                 acts);
    live->profile = std::move(profile);
    return live;
}

void Pipeline::takeCircuit(CircuitOptions options, Time now) {
    const bool on = m_parts.enabled && m_parts.circuitEnabled;
    if (m_parts.circuits && on && (!m_circuit || m_sharesCircuit)) {
        auto shared = m_parts.circuits->circuit(m_key, options, now);
        m_sharesCircuit = m_circuit || shared;
        if (!m_circuit)
            m_circuit = std::move(shared);
        if (m_sharesCircuit)
            return;
    }
    if (m_circuit)
        return m_circuit->configure(std::move(options), now);
    CircuitListener listener;
    if (m_parts.listener || m_parts.circuitListener)
        listener = [this](const CircuitEvent& event) { onCircuit(event); };
    m_circuit = std::make_shared<CircuitBreaker>(std::move(options), std::move(listener));
    if (!on)
        m_circuit->force(CircuitMode::Disabled, now, "switched off by configuration");
}

void Pipeline::onCircuit(const CircuitEvent& event) const {
    if (m_parts.circuitListener)
        m_parts.circuitListener(event);
    if (m_parts.listener)
        m_parts.listener->circuitSaw(m_key, event);
    if (!event.transition)
        return;
    const CircuitTransition& transition = *event.transition;
    const auto kind = transition.opened                        ? CallEvent::Kind::CircuitOpened
                      : transition.wasReset                    ? CallEvent::Kind::CircuitClosed
                      : transition.to == CircuitMode::HalfOpen ? CallEvent::Kind::CircuitHalfOpened
                                                               : CallEvent::Kind::CircuitForced;
    tell(kind, event.at, 0, {}, ErrorClass::Unknown, event.transition->cause);
}

std::uint64_t Pipeline::nextSeed() {
    return m_seed.fetch_add(0x9e3779b97f4a7c15ULL, std::memory_order_relaxed);
}

void Pipeline::tell(CallEvent::Kind kind, Time at, int attempt, nanoseconds span,
                    ErrorClass errorClass, std::string_view detail) const {
    if (m_parts.listener)
        m_parts.listener->happened({kind, m_key, at, attempt, span, errorClass, detail});
}

AttemptResult Pipeline::attemptResult(const CallTrouble& trouble, bool idempotent) const {
    const ErrorTraits means = traits(trouble.errorClass);
    AttemptResult result;
    result.retryable = means.retriable && (idempotent || means.notCarriedOut);
    result.refused = trouble.errorClass == ErrorClass::BreakerOpen;
    result.retryAfter = trouble.retryAfter;
    return result;
}

void Pipeline::settle(CircuitPermit& permit, const CallTrouble& trouble, Time now,
                      std::string_view correlationId) const {
    if (saysNothing(trouble.errorClass))
        permit.drop(now);
    else if (m_parts.traits && !m_parts.traits(trouble.errorClass).countsForBreaker)
        permit.succeed(now, correlationId); // it answered, if only "no"
    else
        permit.fail(now, trouble.errorClass, trouble.message, correlationId); // weighed there
}

CallError Pipeline::circuitRefusal(const CircuitPermit& refused) const {
    const auto after = refused.retryAfter();
    std::string until = !after                         ? "until it is released"
                        : *after > nanoseconds::zero() ? "for another " + seconds(*after)
                                                       : "but for the trial call under way";
    return {ErrorClass::BreakerOpen,
            "not called: the circuit breaker \"" + m_key + "\" is open " + until, after};
}

CallError Pipeline::bulkheadRefusal() const {
    const Bulkhead* bulkhead = live().bulkhead;
    return {ErrorClass::BulkheadFull,
            "not called: \"" + m_key + "\" has " +
                std::to_string(bulkhead ? bulkhead->running() : 0) + " calls under way and " +
                std::to_string(bulkhead ? bulkhead->queued() : 0) + " waiting",
            {}};
}

CallError Pipeline::rateRefusal(Time now) const {
    const RateLimiter* limiter = live().rateLimiter;
    const nanoseconds wait = limiter ? limiter->untilNext(now) : nanoseconds::zero();
    return {ErrorClass::RateLimiterEmpty,
            "not called: the rate limit of \"" + m_key + "\" is used up for another " +
                seconds(wait),
            wait};
}

CallError Pipeline::timeoutError(nanoseconds waited) const {
    return {ErrorClass::Timeout, "\"" + m_key + "\" did not answer within " + seconds(waited), {}};
}

CallError Pipeline::noThread() const {
    const CallThreads* threads = m_parts.threads;
    return {ErrorClass::BulkheadFull,
            "not called: all " + std::to_string(threads ? threads->threads() : 0) +
                " threads for calls of \"" + m_key + "\" and others are busy",
            {}};
}

std::string Pipeline::thrown(const char* what) const {
    return "the call of \"" + m_key + "\" ended with an exception" +
           (what ? std::string(": ") + what : std::string(" of no known kind"));
}

CallError Pipeline::cancelled() const {
    return {ErrorClass::Cancelled, "the call of \"" + m_key + "\" was cancelled", {}};
}

CallError Pipeline::injected(const FaultRule& rule) const {
    return {rule.errorClass,
            std::string("fault injection for \"") + rule.key + "\" made this " +
                toString(rule.errorClass),
            {}};
}

} // namespace vigie
