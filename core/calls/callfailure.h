#pragma once

#include "core/base/failure.h"
#include "core/resilience/result.h"

namespace vigie {

/// The failure that a caller sees where the engine stands in for an answer; its code is the word of
/// the class.
Failure failureFrom(const CallError& error);

} // namespace vigie
