#pragma once

#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/resilience/calloptions.h"
#include "core/resilience/pipeline.h"

#include <functional>
#include <memory>

namespace vigie {

/// One attempt: starts the call and awaits its answer. It may be called several times and, under a
/// hedge, twice at once. It should honour `context.stop` and `context.deadline`; when it does not,
/// the caller has its answer at the deadline all the same, and the late one is dropped.
template <typename T>
using CallFunction = std::function<Task<Outcome<T>>(CallContext context)>;

/// Another answer in place of a failure.
template <typename T>
using FallbackFunction = std::function<Task<Outcome<T>>(Failure failure)>;

/// Runs calls through one pipeline on the event loop of its thread. No run may be under way when it
/// is destroyed; calls that were left at their deadline and still run are waited for.
class CallRunner {
public:
    using Classify = std::function<ErrorClass(const Failure&)>;

    /// `classify`: what a failure is for the engine; empty: as ErrorClassifier has it built in.
    CallRunner(Clock& clock, std::shared_ptr<Pipeline> pipeline, Classify classify = {});
    ~CallRunner();
    CallRunner(const CallRunner&) = delete;
    CallRunner& operator=(const CallRunner&) = delete;

    /// The value of the first good attempt, of the cache or of the fallback, or the failure that
    /// ended it all. T is copyable or void. Cancelled when `options.stop` is requested.
    template <typename T>
    Task<Outcome<T>> run(CallFunction<T> call, CallOptions options = {},
                         FallbackFunction<T> fallback = {});

    Pipeline& pipeline() const;

    /// A run without its type: what the templates above are made of.
    using Value = std::shared_ptr<const void>;
    using Function = std::function<Task<Outcome<Value>>(CallContext)>;
    using Fallback = std::function<Task<Outcome<Value>>(Failure)>;
    /// `type` tells values of different types in the cache apart.
    Task<Outcome<Value>> runUntyped(Function call, CallOptions options, Fallback fallback,
                                    const void* type);

private:
    class Private;
    std::unique_ptr<Private> d;
};

namespace calls_detail {

template <typename T>
Outcome<CallRunner::Value> untyped(Outcome<T> outcome) {
    if (!outcome)
        return fail(std::move(outcome.error()));
    if constexpr (std::is_void_v<T>)
        return CallRunner::Value();
    else
        return CallRunner::Value(std::make_shared<const T>(std::move(*outcome)));
}

template <typename T>
Task<Outcome<CallRunner::Value>> untypedTask(Task<Outcome<T>> task) {
    Outcome<T> outcome = co_await task;
    co_return untyped(std::move(outcome));
}

} // namespace calls_detail

template <typename T>
Task<Outcome<T>> CallRunner::run(CallFunction<T> call, CallOptions options,
                                 FallbackFunction<T> fallback) {
    Function untypedCall = [call = std::move(call)](CallContext context) {
        return calls_detail::untypedTask<T>(call(std::move(context)));
    };
    Fallback untypedFallback;
    if (fallback) {
        untypedFallback = [fallback = std::move(fallback)](Failure failure) {
            return calls_detail::untypedTask<T>(fallback(std::move(failure)));
        };
    }
    Task<Outcome<Value>> running = runUntyped(std::move(untypedCall), std::move(options),
                                              std::move(untypedFallback), Cache::typeOf<T>());
    Outcome<Value> outcome = co_await running;
    if (!outcome)
        co_return fail(std::move(outcome.error()));
    if constexpr (std::is_void_v<T>)
        co_return Outcome<void>();
    else
        co_return *static_cast<const T*>(outcome->get());
}

} // namespace vigie
