#pragma once

#include "core/model/instance.h"

namespace vigie {

/// Whether a person keeps automation away now: a hold may have an end.
inline bool isHeld(const std::optional<Held>& held, WallTime now) {
    return held && (!held->until || *held->until > now);
}

} // namespace vigie
