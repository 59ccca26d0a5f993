#pragma once

#include "core/resilience/patience.h"
#include "core/resilience/threadframe.h"

#include <algorithm>

namespace vigie::threadrun {

/// One layer around those within: `next(frame)` runs them. (The same layers as coroutines are in
/// core/calls; decisions are those of the strategies, here is only the waiting.)
template <Strategy S>
struct Layer;

template <>
struct Layer<Strategy::Fallback> {
    template <class F, class Next>
    static typename F::Value run(F& frame, const Next& next) {
        using Traits = CallTraits<typename F::Value>;
        auto result = next(frame);
        if (Traits::ok(result) || !frame.instead) [[likely]]
            return result;
        const CallTrouble trouble = Traits::trouble(result);
        if (!frame.live->profile.fallback.handles(trouble.errorClass))
            return result;
        frame.tell(CallEvent::Kind::FellBack, {}, trouble.errorClass, trouble.message);
        return (*frame.instead)(trouble);
    }
};

template <>
struct Layer<Strategy::Cache> {
    template <class F, class Next>
    static typename F::Value run(F& frame, const Next& next) {
        using R = typename F::Value;
        const std::string& key = frame.options->cacheKey;
        if (key.empty())
            return next(frame);
        if (const auto kept = frame.live->cache->template find<R>(key, frame.now())) {
            frame.tell(CallEvent::Kind::CacheHit);
            return *kept;
        }
        R result = next(frame);
        if (CallTraits<R>::ok(result))
            frame.live->cache->template store<R>(key, result, frame.now());
        return result;
    }
};

template <>
struct Layer<Strategy::Retry> {
    template <class F, class Next>
    [[gnu::always_inline]] static inline typename F::Value run(F& frame, const Next& next) {
        const auto outer = frame.context.deadline;
        const auto limit = frame.live->profile.retry.overallDeadline;
        frame.pipeline->retryBudget().deposit();
        const bool ends = limit.count() > 0 || outer != CallContext::Time::max();
        const auto start = ends ? frame.now() : CallContext::Time(); // else nobody asks for it
        if (limit.count() > 0)
            frame.context.deadline = Timeout::deadline(limit, start, outer);
        auto result = next(frame);
        if (!CallTraits<typename F::Value>::ok(result)) [[unlikely]]
            again(frame, next, start, result);
        frame.context.deadline = outer;
        return result;
    }

private:
    template <class F, class Next>
    [[gnu::noinline]] static void again(F& frame, const Next& next, CallContext::Time start,
                                        typename F::Value& result) {
        using Traits = CallTraits<typename F::Value>;
        Pipeline& pipeline = *frame.pipeline;
        RetryOptions options = frame.live->profile.retry;
        if (frame.context.deadline != CallContext::Time::max())
            options.overallDeadline =
                std::max(frame.context.deadline - start, std::chrono::nanoseconds(1));
        RetryPolicy policy(options, start, pipeline.nextSeed(), &pipeline.retryBudget(),
                           &pipeline.latency());
        Patience patience(frame.options->patience);
        while (!Traits::ok(result)) {
            const CallTrouble trouble = Traits::trouble(result);
            if (!patience.spend(trouble.retryAfter))
                return;
            const auto decision = policy.afterFailure(
                pipeline.attemptResult(trouble, frame.options->idempotent), frame.now());
            if (!decision.wait)
                return;
            frame.tell(CallEvent::Kind::Retry, *decision.wait, trouble.errorClass, trouble.message);
            if (!frame.pause(*decision.wait)) {
                result = frame.refuse(pipeline.cancelled(), false);
                return;
            }
            frame.context.attempt = policy.calls() + 1;
            result = next(frame);
        }
    }
};

template <>
struct Layer<Strategy::RateLimiter> {
    template <class F, class Next>
    static typename F::Value run(F& frame, const Next& next) {
        const auto wait = frame.live->rateLimiter->reserve(frame.now());
        if (!wait)
            return frame.refuse(frame.pipeline->rateRefusal(frame.now()));
        if (wait->count() > 0 && !frame.pause(*wait))
            return frame.refuse(frame.pipeline->cancelled(), false);
        return next(frame);
    }
};

template <>
struct Layer<Strategy::CircuitBreaker> {
    template <class F, class Next>
    [[gnu::always_inline]] static inline typename F::Value run(F& frame, const Next& next) {
        CircuitPermit permit = frame.live->circuit->acquire(frame.now());
        if (!permit) [[unlikely]]
            return frame.refuse(frame.pipeline->circuitRefusal(permit));
        return permitted(frame, next, permit);
    }

private:
    // Of its own, so that the result is built where the caller wants it.
    template <class F, class Next>
    [[gnu::always_inline]] static inline typename F::Value permitted(F& frame, const Next& next,
                                                                     CircuitPermit& permit) {
        using Traits = CallTraits<typename F::Value>;
        auto result = next(frame);
        if (Traits::ok(result)) [[likely]]
            permit.succeed(frame.now(), frame.options->correlationId);
        else
            frame.pipeline->settle(permit, Traits::trouble(result), frame.now(),
                                   frame.options->correlationId);
        return result;
    }
};

template <>
struct Layer<Strategy::FaultInjection> {
    template <class F, class Next>
    static typename F::Value run(F& frame, const Next& next) {
        FaultInjection& faults = *frame.pipeline->parts().faults;
        if (!faults.active()) [[likely]]
            return next(frame);
        const auto rule = faults.draw(frame.pipeline->key(), frame.now());
        if (!rule)
            return next(frame);
        CallError injected = frame.pipeline->injected(*rule);
        frame.tell(CallEvent::Kind::FaultInjected, rule->latency, rule->errorClass,
                   injected.message);
        if (rule->kind == FaultRule::Kind::Fault)
            return frame.refuse(std::move(injected), false);
        if (rule->kind == FaultRule::Kind::Latency) {
            if (!frame.pause(rule->latency))
                return frame.refuse(frame.pipeline->cancelled(), false);
            return next(frame);
        }
        auto result = next(frame);
        if (CallTraits<typename F::Value>::ok(result))
            return frame.refuse(std::move(injected), false);
        return result;
    }
};

} // namespace vigie::threadrun
