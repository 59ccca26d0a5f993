#include "core/resilience/callevent.h"

namespace vigie {

void CallListener::circuitSaw(std::string_view, const CircuitEvent&) {}

const char* toString(CallEvent::Kind kind) {
    switch (kind) {
    case CallEvent::Kind::Success:
        return "success";
    case CallEvent::Kind::Failure:
        return "failure";
    case CallEvent::Kind::Retry:
        return "retry";
    case CallEvent::Kind::Timeout:
        return "timeout";
    case CallEvent::Kind::LateResult:
        return "late_result";
    case CallEvent::Kind::Refused:
        return "refused";
    case CallEvent::Kind::CircuitOpened:
        return "circuit_opened";
    case CallEvent::Kind::CircuitHalfOpened:
        return "circuit_half_opened";
    case CallEvent::Kind::CircuitClosed:
        return "circuit_closed";
    case CallEvent::Kind::CircuitForced:
        return "circuit_forced";
    case CallEvent::Kind::Hedged:
        return "hedged";
    case CallEvent::Kind::HedgeWon:
        return "hedge_won";
    case CallEvent::Kind::FellBack:
        return "fell_back";
    case CallEvent::Kind::CacheHit:
        return "cache_hit";
    case CallEvent::Kind::FaultInjected:
        return "fault_injected";
    }
    return "success";
}

} // namespace vigie
