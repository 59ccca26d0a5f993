#pragma once

#include "core/base/door.h"
#include "core/base/eventual.h"
#include "core/calls/callrunner.h"

namespace vigie {

/// The layers of a pipeline as coroutines. Each awaits the layer within it; `index` is its own
/// place in the order. Decisions are those of the strategies; here is only the waiting.
class CallRunner::Private {
public:
    using Result = Outcome<Value>;
    using Kind = CallEvent::Kind;

    /// One run. Shared, because an attempt that was left at its deadline may outlive it.
    struct Run {
        Function call;
        Fallback fallback;
        CallOptions options;
        const void* type = nullptr;
        const Pipeline::Live* live = nullptr;
        int attempts = 0; ///< calls begun
    };
    using RunPtr = std::shared_ptr<Run>;

    Private(Clock& c, std::shared_ptr<Pipeline> p, Classify f)
        : clock(c), pipeline(std::move(p)), classify(std::move(f)) {}

    Task<Result> layer(RunPtr run, std::size_t index, CallContext context);
    CallTrouble troubleOf(const Failure& failure) const;
    void tell(Kind kind, const CallContext& context, Duration span = {},
              ErrorClass errorClass = ErrorClass::Unknown, std::string_view detail = {}) const {
        pipeline->tell(kind, clock.now(), context.attempt, span, errorClass, detail);
    }
    tl::unexpected<Failure> refuse(const CallError& error, const CallContext& context,
                                   bool asRefusal = true) const;

    Clock& clock;
    const std::shared_ptr<Pipeline> pipeline;
    const Classify classify;
    Door door; ///< a place in the bulkhead may be granted by another thread
    TaskScope scope;

private:
    struct Attempt;
    struct Race;
    struct Queued;

    Task<Result> callLayer(RunPtr run, CallContext context);
    Task<Result> fallbackLayer(RunPtr run, std::size_t index, CallContext context);
    Task<Result> cacheLayer(RunPtr run, std::size_t index, CallContext context);
    Task<Result> bulkheadLayer(RunPtr run, std::size_t index, CallContext context);
    Task<Result> retryLayer(RunPtr run, std::size_t index, CallContext context);
    Task<Result> rateLayer(RunPtr run, std::size_t index, CallContext context);
    Task<Result> hedgeLayer(RunPtr run, std::size_t index, CallContext context);
    Task<Result> circuitLayer(RunPtr run, std::size_t index, CallContext context);
    Task<Result> timeoutLayer(RunPtr run, std::size_t index, CallContext context);
    Task<Result> faultLayer(RunPtr run, std::size_t index, CallContext context);

    Task<> drive(std::shared_ptr<Attempt> attempt, RunPtr run, std::size_t index,
                 CallContext context);
    Task<> drive(std::shared_ptr<Race> race, RunPtr run, std::size_t index, CallContext context,
                 int number);
    void armHedge(const std::shared_ptr<Race>& race, const RunPtr& run, std::size_t index,
                  const CallContext& context, Duration delay);
};

} // namespace vigie
