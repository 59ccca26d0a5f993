#pragma once

#include "core/resilience/callevent.h"
#include "core/resilience/circuitbreaker.h"
#include "core/resilience/faultinjection.h"
#include "core/resilience/profile.h"
#include "core/resilience/result.h"
#include "core/resilience/sharedcalls.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace vigie {

class CallThreads;

/// What pipelines share. Everything may be left out; what is given outlives them.
struct PipelineParts {
    CallListener* listener = nullptr;
    FaultInjection* faults = nullptr;
    /// Where the breaker comes from, which then tells its owner and not `listener` what it sees;
    /// null, or with breakers switched off: each pipeline makes its own.
    SharedCircuits* circuits = nullptr;
    /// For calls on threads: time-outs hold although the callee runs on, and hedges can be made.
    /// Without it a late call is seen as late when it returns.
    CallThreads* threads = nullptr;
    /// What each class of error means; empty: defaultTraits().
    std::function<ErrorTraits(ErrorClass)> traits{};
    /// Told of the breaker's events besides `listener`.
    CircuitListener circuitListener{};
    bool enabled = true;        ///< RESILIENCE_ENABLED: false lets calls pass through, visibly
    bool circuitEnabled = true; ///< CIRCUIT_BREAKER_ENABLED: the same for the breaker alone
    std::uint64_t seed = 0;     ///< of the jitter; 0: another one for each pipeline
};

/// The strategies that guard one key, and their state: breaker, bulkhead, limits, budget, cache.
/// Calls run through it on threads (`runOnThread`, threadrunner.h) or on an event loop (CallRunner,
/// core/calls); both share this state. Any thread.
class Pipeline {
public:
    using Time = CallContext::Time;

    /// Precondition: profile.problem() is empty.
    Pipeline(std::string key, Profile profile, PipelineParts parts = {}, Time now = {});
    ~Pipeline();
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;

    /// A profile in force and what acts under it. Immutable; valid as long as the pipeline.
    struct Live {
        Profile profile;
        std::vector<Strategy> layers; ///< of the order, those that act
        CircuitBreaker* circuit = nullptr;
        Bulkhead* bulkhead = nullptr;
        RateLimiter* rateLimiter = nullptr;
        Cache* cache = nullptr;
        bool learnsLatency = false;
    };
    const Live& live() const { return *m_live.load(std::memory_order_acquire); }
    const Profile& profile() const { return live().profile; }

    /// Puts another profile into force for calls to come. State stays: an open breaker stays open,
    /// a used-up budget used up. A sentence, and nothing changed, when the profile is unusable.
    std::string reload(Profile profile, Time now);

    const std::string& key() const { return m_key; }
    const PipelineParts& parts() const { return m_parts; }
    /// Null when the profile has none.
    CircuitBreaker* circuit() const { return live().circuit; }
    Bulkhead* bulkhead() const { return live().bulkhead; }
    Cache* cache() const { return live().cache; }
    RetryBudget& retryBudget() { return m_budget; }
    Timeout& timeout() { return m_timeout; }
    LatencyWindow& latency() { return m_latency; }
    const LatencyWindow& latency() const { return m_latency; }
    std::uint64_t nextSeed();

    ErrorTraits traits(ErrorClass errorClass) const {
        return m_parts.traits ? m_parts.traits(errorClass) : defaultTraits(errorClass);
    }
    /// What a failed attempt means for the retry; `idempotent`: it may be repeated although its
    /// outcome is unknown.
    AttemptResult attemptResult(const CallTrouble& trouble, bool idempotent) const;
    /// Hands the permit of a failed attempt back.
    void settle(CircuitPermit& permit, const CallTrouble& trouble, Time now,
                std::string_view correlationId) const;

    // What is said in place of an answer, the same on threads and on the event loop.
    CallError circuitRefusal(const CircuitPermit& refused) const;
    CallError bulkheadRefusal() const;
    CallError rateRefusal(Time now) const;
    CallError timeoutError(std::chrono::nanoseconds waited) const;
    CallError cancelled() const;
    CallError injected(const FaultRule& rule) const;
    CallError noThread() const;
    std::string thrown(const char* what) const;

    /// A call on another thread that somebody may leave begins and ends; the destructor waits for
    /// those that still run.
    void callLeaves();
    void callReturned();

    bool hasListener() const { return m_parts.listener != nullptr; }
    void tell(CallEvent::Kind kind, Time at, int attempt = 0, std::chrono::nanoseconds span = {},
              ErrorClass errorClass = ErrorClass::Unknown, std::string_view detail = {}) const;

private:
    std::unique_ptr<const Live> made(Profile profile, Time now);
    void takeCircuit(CircuitOptions options, Time now);
    void onCircuit(const CircuitEvent& event) const;

    const std::string m_key;
    const PipelineParts m_parts;
    std::atomic<std::uint64_t> m_seed;
    RetryBudget m_budget;
    Timeout m_timeout;
    LatencyWindow m_latency;
    std::mutex m_mutex; ///< of reload()
    std::shared_ptr<CircuitBreaker> m_circuit;
    bool m_sharesCircuit = false;
    std::unique_ptr<Bulkhead> m_bulkhead;
    std::unique_ptr<RateLimiter> m_rateLimiter;
    std::unique_ptr<Cache> m_cache;
    /// Every profile ever in force, one for each reload: readers hold no lock, so none can be
    /// freed. A person reloads; a program that did so all the time would fill its memory.
    std::vector<std::unique_ptr<const Live>> m_lives;
    std::atomic<const Live*> m_live{nullptr};
    std::mutex m_awayMutex;
    std::condition_variable m_back;
    int m_away = 0; ///< calls on other threads
};

} // namespace vigie
