#pragma once

#include "core/base/outcome.h"
#include "core/orchestrator/breakerorder.h"

namespace vigie {

/// POST /circuit_breakers/{name}, as received.
struct BreakerRequest {
    std::optional<BreakerMode> override_; ///< nothing: "none", back to what it computes
    QString reason;
    std::optional<Duration> expiresIn; ///< nothing: until it is taken back
};

/// Invalid, naming the field and what is expected.
Outcome<BreakerRequest> decodeBreakerRequest(const QByteArray& body);

} // namespace vigie
