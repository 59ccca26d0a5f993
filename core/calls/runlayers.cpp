#include "core/calls/runlayers.h"

#include "core/calls/callfailure.h"
#include "core/resilience/patience.h"

#include <algorithm>

namespace vigie {

// The layers that wait for nothing but the layer within, or for a time.

Task<CallRunner::Private::Result> CallRunner::Private::fallbackLayer(RunPtr run, std::size_t index,
                                                                     CallContext context) {
    const CallContext told = context;
    Task<Result> within = layer(run, index + 1, std::move(context));
    Result result = co_await within;
    if (result || !run->fallback)
        co_return result;
    const ErrorClass errorClass = classify(result.error());
    if (!run->live->profile.fallback.handles(errorClass))
        co_return result;
    const std::string message = result.error().message.toStdString();
    tell(Kind::FellBack, told, {}, errorClass, message);
    Task<Result> instead = run->fallback(std::move(result.error()));
    Result other = co_await instead;
    co_return other;
}

Task<CallRunner::Private::Result> CallRunner::Private::cacheLayer(RunPtr run, std::size_t index,
                                                                  CallContext context) {
    const std::string& key = run->options.cacheKey;
    if (!key.empty()) {
        if (Value kept = run->live->cache->get(key, run->type, clock.now())) {
            tell(Kind::CacheHit, context);
            co_return kept;
        }
    }
    Task<Result> within = layer(run, index + 1, std::move(context));
    Result result = co_await within;
    if (result && *result && !key.empty())
        run->live->cache->put(key, run->type, *result, clock.now());
    co_return result;
}

Task<CallRunner::Private::Result> CallRunner::Private::retryLayer(RunPtr run, std::size_t index,
                                                                  CallContext context) {
    const MonotonicTime start = clock.now();
    RetryOptions options = run->live->profile.retry;
    const CallContext::Time deadline =
        Timeout::deadline(options.overallDeadline, start, context.deadline);
    context.deadline = deadline;
    if (deadline != CallContext::Time::max())
        options.overallDeadline = std::max<Duration>(deadline - start, Duration(1));
    pipeline->retryBudget().deposit();
    RetryPolicy policy(options, start, pipeline->nextSeed(), &pipeline->retryBudget(),
                       &pipeline->latency());
    Patience patience(run->options.patience);
    for (;;) {
        CallContext attempt = context;
        Task<Result> within = layer(run, index + 1, std::move(attempt));
        Result result = co_await within;
        if (result)
            co_return result;
        const CallTrouble trouble = troubleOf(result.error());
        if (!patience.spend(trouble.retryAfter))
            co_return result;
        const auto decision = policy.afterFailure(
            pipeline->attemptResult(trouble, run->options.idempotent), clock.now());
        if (!decision.wait)
            co_return result;
        const Duration wait = *decision.wait;
        const std::string message = result.error().message.toStdString();
        tell(Kind::Retry, context, wait, trouble.errorClass, message);
        const bool waited = co_await sleepFor(clock, wait, context.stop);
        if (!waited)
            co_return refuse(pipeline->cancelled(), context, false);
        context.attempt = policy.calls() + 1;
    }
}

Task<CallRunner::Private::Result> CallRunner::Private::rateLayer(RunPtr run, std::size_t index,
                                                                 CallContext context) {
    const std::optional<Duration> wait = run->live->rateLimiter->reserve(clock.now());
    if (!wait)
        co_return refuse(pipeline->rateRefusal(clock.now()), context);
    if (*wait > Duration::zero()) {
        const bool waited = co_await sleepFor(clock, *wait, context.stop);
        if (!waited)
            co_return refuse(pipeline->cancelled(), context, false);
    }
    Task<Result> within = layer(run, index + 1, std::move(context));
    Result result = co_await within;
    co_return result;
}

Task<CallRunner::Private::Result> CallRunner::Private::circuitLayer(RunPtr run, std::size_t index,
                                                                    CallContext context) {
    CircuitPermit permit = run->live->circuit->acquire(clock.now());
    if (!permit)
        co_return refuse(pipeline->circuitRefusal(permit), context);
    Task<Result> within = layer(run, index + 1, std::move(context));
    Result result = co_await within;
    if (result) {
        permit.succeed(clock.now(), run->options.correlationId);
    } else {
        const std::string message = result.error().message.toStdString();
        CallTrouble trouble = troubleOf(result.error());
        trouble.message = message;
        pipeline->settle(permit, trouble, clock.now(), run->options.correlationId);
    }
    co_return result;
}

Task<CallRunner::Private::Result> CallRunner::Private::faultLayer(RunPtr run, std::size_t index,
                                                                  CallContext context) {
    const std::optional<FaultRule> rule =
        pipeline->parts().faults->draw(pipeline->key(), clock.now());
    if (rule) {
        const CallError injected = pipeline->injected(*rule);
        tell(Kind::FaultInjected, context, rule->latency, rule->errorClass, injected.message);
        if (rule->kind == FaultRule::Kind::Fault)
            co_return refuse(injected, context, false);
        if (rule->kind == FaultRule::Kind::Latency) {
            const bool waited = co_await sleepFor(clock, rule->latency, context.stop);
            if (!waited)
                co_return refuse(pipeline->cancelled(), context, false);
        }
    }
    const CallContext told = context;
    Task<Result> within = layer(run, index + 1, std::move(context));
    Result result = co_await within;
    if (result && rule && rule->kind == FaultRule::Kind::Outcome)
        co_return refuse(pipeline->injected(*rule), told, false);
    co_return result;
}

} // namespace vigie
