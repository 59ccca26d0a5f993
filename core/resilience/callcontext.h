#pragma once

#include <chrono>
#include <stop_token>
#include <string>

namespace vigie {

/// What a call is told about itself: which attempt it is, how long it may take, who can stop it.
struct CallContext {
    using Time = std::chrono::steady_clock::time_point;

    int attempt = 1;             ///< 1 is the first; a hedged call has its attempt's number
    Time deadline = Time::max(); ///< of this attempt; its answer counts for nothing later
    std::stop_token stop;        ///< requested when nobody waits any more
    std::string idempotencyKey;  ///< the same for all attempts of one run; may be empty
};

} // namespace vigie
