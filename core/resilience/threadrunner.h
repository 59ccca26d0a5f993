#pragma once

#include "core/resilience/threadqueue.h"
#include "core/resilience/threadraces.h"

#include <type_traits>
#include <utility>

namespace vigie {

namespace threadrun {

/// A call whose type is forgotten.
template <class R, class Argument>
struct AnyCall {
    const void* object = nullptr;
    R (*invoke)(const void*, Argument) = nullptr;

    R operator()(Argument argument) const { return invoke(object, argument); }
    template <class Object>
    static AnyCall of(Object& object) {
        if constexpr (std::is_invocable_v<Object&, Argument>)
            return {std::addressof(object), [](const void* self, Argument argument) -> R {
                        return (*static_cast<Object*>(const_cast<void*>(self)))(argument);
                    }};
        else
            return {}; // a fallback that nobody gave
    }
};

/// Layers in an order that is known when compiling.
template <Strategy... Order>
struct Fixed;
template <>
struct Fixed<> {
    template <class F>
    [[gnu::always_inline]] typename F::Value operator()(F& frame) const {
        return makeCall<typename F::Value>(frame);
    }
};
template <Strategy First, Strategy... Rest>
struct Fixed<First, Rest...> {
    template <class F>
    [[gnu::always_inline]] typename F::Value operator()(F& frame) const {
        return Layer<First>::run(frame, Fixed<Rest...>());
    }
};

/// Layers in the order of the profile, from `index` on.
struct Ordered {
    std::size_t index = 0;

    template <class F>
    typename F::Value operator()(F& frame) const {
        if (index == frame.live->layers.size())
            return makeCall<typename F::Value>(frame);
        const Ordered next{index + 1};
        switch (frame.live->layers[index]) {
        case Strategy::Fallback:
            return Layer<Strategy::Fallback>::run(frame, next);
        case Strategy::Cache:
            return Layer<Strategy::Cache>::run(frame, next);
        case Strategy::Bulkhead:
            return Layer<Strategy::Bulkhead>::run(frame, next);
        case Strategy::Retry:
            return Layer<Strategy::Retry>::run(frame, next);
        case Strategy::RateLimiter:
            return Layer<Strategy::RateLimiter>::run(frame, next);
        case Strategy::Hedge:
            return Layer<Strategy::Hedge>::run(frame, next);
        case Strategy::CircuitBreaker:
            return Layer<Strategy::CircuitBreaker>::run(frame, next);
        case Strategy::Timeout:
            return Layer<Strategy::Timeout>::run(frame, next);
        case Strategy::FaultInjection:
            return Layer<Strategy::FaultInjection>::run(frame, next);
        }
        return next(frame);
    }
};

template <class F, class Layers>
typename F::Value run(F& frame, const Layers& layers) {
    const bool listens = frame.pipeline->hasListener();
    const auto start = listens ? frame.now() : CallContext::Time();
    if (frame.options->stop.stop_possible())
        frame.context.stop = frame.options->stop;
    if (!frame.options->idempotencyKey.empty())
        frame.context.idempotencyKey = frame.options->idempotencyKey;
    auto result = layers(frame);
    if (listens) {
        using Traits = CallTraits<typename F::Value>;
        const bool good = Traits::ok(result);
        const CallTrouble trouble = good ? CallTrouble() : Traits::trouble(result);
        frame.pipeline->tell(good ? CallEvent::Kind::Success : CallEvent::Kind::Failure,
                             frame.now(), frame.attempts, frame.now() - start, trouble.errorClass,
                             trouble.message);
    }
    return result;
}

inline const CallOptions noOptions{};

/// Stands where a fallback would be.
template <class R>
struct None {};

template <class Other, class Instead>
Other given(Instead& instead) {
    if constexpr (std::is_null_pointer_v<Instead>)
        return {};
    else
        return instead;
}

} // namespace threadrun

/// Calls `call(const CallContext&)` through the pipeline on this thread and returns its result, or
/// what CallTraits<R>::refuse() makes of a refusal. Layers and order are those of the profile. With
/// PipelineParts::threads the call runs on another thread and is copied, so that it can be left; it
/// must not refer to anything that ends with the caller.
///
/// `instead(const CallTrouble&)` is the fallback. Exceptions of the call become
/// ErrorClass::Internal.
template <class TimeSource, class Call, class Instead = std::nullptr_t>
auto runOnThread(Pipeline& pipeline, TimeSource time, Call&& call,
                 const CallOptions& options = threadrun::noOptions, Instead&& instead = {}) {
    using R = std::invoke_result_t<Call&, const CallContext&>;
    using Copy = std::decay_t<Call>;
    constexpr bool hasInstead = !std::is_null_pointer_v<std::decay_t<Instead>>;
    using Other = std::conditional_t<hasInstead, std::decay_t<Instead>, threadrun::None<R>>;
    using AnyC = threadrun::AnyCall<R, const CallContext&>;
    using AnyI = threadrun::AnyCall<R, const CallTrouble&>;

    threadrun::Frame<R, TimeSource, AnyC, AnyI> frame{&pipeline, &pipeline.live(), time};
    if (pipeline.parts().threads) {
        struct Owned {
            Copy call;
            Other instead;
            CallOptions options;
            AnyC anyCall;
            AnyI anyInstead;
        };
        auto owned = std::make_shared<Owned>(
            Owned{std::forward<Call>(call), threadrun::given<Other>(instead), options, {}, {}});
        owned->anyCall = AnyC::of(owned->call);
        owned->anyInstead = AnyI::of(owned->instead);
        frame.call = &owned->anyCall;
        frame.instead = hasInstead ? &owned->anyInstead : nullptr;
        frame.options = &owned->options;
        frame.owner = std::move(owned);
        return threadrun::run(frame, threadrun::Ordered());
    }
    std::conditional_t<std::is_function_v<std::remove_reference_t<Call>>, Copy, Call&> callee =
        call;
    AnyC anyCall = AnyC::of(callee);
    AnyI anyInstead = AnyI::of(instead);
    frame.call = &anyCall;
    if constexpr (hasInstead)
        frame.instead = &anyInstead;
    frame.options = &options;
    return threadrun::run(frame, threadrun::Ordered());
}

/// The same with the order fixed when compiling, so that everything is inlined:
///
///     using enum Strategy;
///     const auto order = FixedOrder<Retry, CircuitBreaker, Timeout>();
///     order.run(pipeline, SteadyTime(), call);
///
/// Always on this thread: a late call is seen as late when it returns. Precondition: the profile
/// has what the order names. Switched off (PipelineParts::enabled) a call is made once, without
/// any.
template <Strategy... Order>
struct FixedOrder {
    template <class TimeSource, class Call>
    auto run(Pipeline& pipeline, TimeSource time, Call&& call,
             const CallOptions& options = threadrun::noOptions) const {
        using R = std::invoke_result_t<Call&, const CallContext&>;
        static_assert(((Order != Strategy::Hedge && Order != Strategy::Fallback) && ...),
                      "a hedge needs threads and a fallback needs runOnThread");
        threadrun::Frame<R, TimeSource, std::remove_reference_t<Call>, threadrun::None<R>> frame{
            &pipeline, &pipeline.live(), time, std::addressof(call), nullptr, &options};
        if (!pipeline.parts().enabled) [[unlikely]]
            return threadrun::run(frame, threadrun::Fixed<>());
        return threadrun::run(frame, threadrun::Fixed<Order...>());
    }
};

} // namespace vigie
