#pragma once

#include "core/resilience/errorclass.h"

#include <chrono>
#include <string_view>

namespace vigie {

/// Something that a pipeline did or decided, the same for calls on threads and on the event loop.
struct CallEvent {
    enum class Kind {
        Success,           ///< the operation, with all its attempts, gave the caller a value
        Failure,           ///< it gave none
        Retry,             ///< an attempt failed; another begins after `duration`
        Timeout,           ///< an attempt had no answer at its deadline
        LateResult,        ///< the answer of such an attempt came after all; it was discarded
        Refused,           ///< not called; `errorClass` tells by what
        CircuitOpened,     ///< also when a trial call failed
        CircuitHalfOpened, ///< trial calls are admitted
        CircuitClosed,     ///< well again
        CircuitForced,     ///< a person imposed or released a state
        Hedged,            ///< a second call was started beside a slow one
        HedgeWon,          ///< and it answered first
        FellBack,          ///< a fallback stood in for the failure
        CacheHit,          ///< answered from the cache; nothing was called
        FaultInjected,     ///< chaos: a fault, a delay or an outcome was put in on purpose
    };
    Kind kind = Kind::Success;
    std::string_view key; ///< of the pipeline
    std::chrono::steady_clock::time_point at;
    int attempt = 0;                             ///< 1 is the first; 0 where none was made
    std::chrono::nanoseconds duration{};         ///< of the operation, or the wait of a Retry
    ErrorClass errorClass = ErrorClass::Unknown; ///< where something failed
    std::string_view detail;                     ///< a sentence; valid during the call only
};
/// "success", "circuit_opened", ...
const char* toString(CallEvent::Kind kind);

struct CircuitEvent;

/// Told of every event of the pipelines it was given to, on the thread that caused it. It must not
/// throw and not call back into the pipeline.
class CallListener {
public:
    virtual ~CallListener() = default;
    virtual void happened(const CallEvent& event) = 0;
    /// Everything that the circuit breaker of `key` saw, call by call.
    virtual void circuitSaw(std::string_view key, const CircuitEvent& event);
};

} // namespace vigie
