#pragma once

#include "core/resilience/calloptions.h"
#include "core/resilience/pipeline.h"
#include "core/resilience/threadtime.h"

#include <exception>
#include <memory>

namespace vigie::threadrun {

/// Where a run on threads stands. Layers hand it inwards; a call that may be left gets a copy,
/// which keeps alive what it refers to. The clock is read when a layer asks for the time, and once
/// between two calls: reading it costs more than all layers together.
template <class R, class TimeSource, class Call, class Instead>
struct Frame {
    using Value = R;
    using Kind = CallEvent::Kind;

    Pipeline* pipeline = nullptr;
    const Pipeline::Live* live = nullptr;
    TimeSource time;
    Call* call = nullptr;
    Instead* instead = nullptr; ///< the fallback; null: none
    const CallOptions* options = nullptr;
    std::shared_ptr<void> owner{}; ///< of these three, where a call may be left; null: it may not
    CallContext context{};
    int attempts = 0;
    bool knowsNow = false; ///< nothing took time since `lastNow`
    CallContext::Time lastNow{};

    CallContext::Time now() {
        if (!knowsNow) {
            lastNow = time.now();
            knowsNow = true;
        }
        return lastNow;
    }
    void timePassed() { knowsNow = false; }
    void tell(Kind kind, std::chrono::nanoseconds span = {},
              ErrorClass errorClass = ErrorClass::Unknown, std::string_view detail = {}) {
        if (pipeline->hasListener())
            pipeline->tell(kind, now(), context.attempt, span, errorClass, detail);
    }
    R refuse(CallError error, bool asRefusal = true) {
        if (asRefusal)
            tell(Kind::Refused, {}, error.errorClass, error.message);
        return CallTraits<R>::refuse(std::move(error));
    }
    /// False: a stop was requested meanwhile.
    bool pause(std::chrono::nanoseconds span) {
        Gate never;
        time.wait(never, now() + span, context.stop);
        timePassed();
        return !context.stop.stop_requested();
    }
};

/// The innermost: the call itself. Its exceptions end here.
template <class R, class F>
[[gnu::always_inline]] inline R makeCall(F& frame) {
    const bool learns = frame.live->learnsLatency;
    const auto start = learns || frame.pipeline->hasListener() ? frame.now() : CallContext::Time();
    ++frame.attempts;
    R result = [&frame]() -> R {
        try {
            return (*frame.call)(std::as_const(frame.context));
        } catch (const std::exception& error) {
            return frame.refuse({ErrorClass::Internal, frame.pipeline->thrown(error.what()), {}},
                                false);
        } catch (...) {
            return frame.refuse({ErrorClass::Internal, frame.pipeline->thrown(nullptr), {}}, false);
        }
    }();
    frame.timePassed();
    if (CallTraits<R>::ok(result)) [[likely]] {
        if (learns)
            frame.pipeline->latency().record(frame.now() - start);
        return result;
    }
    const CallTrouble trouble = CallTraits<R>::trouble(result);
    if (trouble.errorClass == ErrorClass::Timeout && frame.now() <= frame.context.deadline) {
        // It kept a deadline of its own; one that the engine had to keep is told there.
        frame.pipeline->timeout().expired();
        frame.tell(CallEvent::Kind::Timeout, frame.now() - start, ErrorClass::Timeout,
                   trouble.message);
    }
    return result;
}

} // namespace vigie::threadrun
