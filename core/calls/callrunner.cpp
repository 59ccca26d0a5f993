#include "core/calls/callrunner.h"

#include "core/calls/callfailure.h"
#include "core/calls/runlayers.h"
#include "core/errors/classify.h"

namespace vigie {

namespace {

CallRunner::Classify builtIn() {
    return [classifier = ErrorClassifier()](const Failure& failure) {
        return vigie::classify(failure, classifier);
    };
}

} // namespace

CallRunner::CallRunner(Clock& clock, std::shared_ptr<Pipeline> pipeline, Classify classify)
    : d(std::make_unique<Private>(clock, std::move(pipeline),
                                  classify ? std::move(classify) : builtIn())) {}

CallRunner::~CallRunner() = default;

Pipeline& CallRunner::pipeline() const {
    return *d->pipeline;
}

Task<Outcome<CallRunner::Value>> CallRunner::runUntyped(Function call, CallOptions options,
                                                        Fallback fallback, const void* type) {
    const MonotonicTime start = d->clock.now();
    CallContext context;
    context.stop = options.stop;
    context.idempotencyKey = options.idempotencyKey;
    const auto run = std::make_shared<Private::Run>();
    run->call = std::move(call);
    run->fallback = std::move(fallback);
    run->options = std::move(options);
    run->type = type;
    run->live = &d->pipeline->live();

    Task<Private::Result> outermost = d->layer(run, 0, std::move(context));
    Private::Result result = co_await outermost;
    const MonotonicTime end = d->clock.now();
    if (result) {
        d->pipeline->tell(CallEvent::Kind::Success, end, run->attempts, end - start);
    } else {
        const std::string message = result.error().message.toStdString();
        d->pipeline->tell(CallEvent::Kind::Failure, end, run->attempts, end - start,
                          d->classify(result.error()), message);
    }
    co_return result;
}

CallTrouble CallRunner::Private::troubleOf(const Failure& failure) const {
    return {classify(failure), failure.retryAfter, {}};
}

tl::unexpected<Failure> CallRunner::Private::refuse(const CallError& error,
                                                    const CallContext& context,
                                                    bool asRefusal) const {
    if (asRefusal)
        tell(Kind::Refused, context, {}, error.errorClass, error.message);
    return fail(failureFrom(error));
}

Task<CallRunner::Private::Result> CallRunner::Private::layer(RunPtr run, std::size_t index,
                                                             CallContext context) {
    const std::vector<Strategy>& layers = run->live->layers;
    if (index == layers.size())
        return callLayer(std::move(run), std::move(context));
    switch (layers[index]) {
    case Strategy::Fallback:
        return fallbackLayer(std::move(run), index, std::move(context));
    case Strategy::Cache:
        return cacheLayer(std::move(run), index, std::move(context));
    case Strategy::Bulkhead:
        return bulkheadLayer(std::move(run), index, std::move(context));
    case Strategy::Retry:
        return retryLayer(std::move(run), index, std::move(context));
    case Strategy::RateLimiter:
        return rateLayer(std::move(run), index, std::move(context));
    case Strategy::Hedge:
        return hedgeLayer(std::move(run), index, std::move(context));
    case Strategy::CircuitBreaker:
        return circuitLayer(std::move(run), index, std::move(context));
    case Strategy::Timeout:
        return timeoutLayer(std::move(run), index, std::move(context));
    case Strategy::FaultInjection:
        return faultLayer(std::move(run), index, std::move(context));
    }
    return callLayer(std::move(run), std::move(context));
}

Task<CallRunner::Private::Result> CallRunner::Private::callLayer(RunPtr run, CallContext context) {
    const MonotonicTime start = clock.now();
    ++run->attempts;
    const CallContext told = context;
    Result result;
    try {
        Task<Result> called = run->call(std::move(context));
        result = co_await called;
    } catch (const std::exception& error) {
        result =
            fail(FailureKind::Internal, QString::fromStdString(pipeline->thrown(error.what())));
    } catch (...) {
        result = fail(FailureKind::Internal, QString::fromStdString(pipeline->thrown(nullptr)));
    }
    if (result) {
        if (run->live->learnsLatency)
            pipeline->latency().record(clock.now() - start);
    } else if (clock.now() <= told.deadline && classify(result.error()) == ErrorClass::Timeout) {
        // It kept a deadline of its own; one that the engine had to keep is told there.
        pipeline->timeout().expired();
        const std::string message = result.error().message.toStdString();
        tell(Kind::Timeout, told, clock.now() - start, ErrorClass::Timeout, message);
    }
    co_return result;
}

} // namespace vigie
