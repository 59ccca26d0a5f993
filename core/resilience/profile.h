#pragma once

#include "core/resilience/bulkhead.h"
#include "core/resilience/cache.h"
#include "core/resilience/circuitoptions.h"
#include "core/resilience/fallback.h"
#include "core/resilience/hedge.h"
#include "core/resilience/ratelimiter.h"
#include "core/resilience/retrybudget.h"
#include "core/resilience/retrypolicy.h"
#include "core/resilience/timeout.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigie {

/// The layers a pipeline can have.
enum class Strategy {
    Fallback,
    Cache,
    Bulkhead,
    Retry,
    RateLimiter,
    Hedge,
    CircuitBreaker,
    Timeout,
    FaultInjection,
};
/// "fallback", "circuit_breaker", ...
const char* toString(Strategy strategy);
std::optional<Strategy> strategyFromString(std::string_view word);

/// How calls of one kind are made: data, so that it can be configured and changed at run time.
struct Profile {
    std::string name; ///< "api"
    RetryOptions retry;
    RetryBudgetOptions retryBudget{0, 10};
    std::optional<CircuitOptions> circuit{CircuitOptions()}; ///< none: no circuit breaker
    TimeoutOptions timeout;
    std::optional<BulkheadOptions> bulkhead;
    std::optional<RateLimiterOptions> rateLimiter;
    std::optional<HedgeOptions> hedge;
    std::optional<CacheOptions> cache;
    Fallback fallback;
    /// The call time-out of a model, in place of timeout.callTimeout.
    std::map<std::string, std::chrono::nanoseconds, std::less<>> modelTimeouts;
    /// Outermost first, each at most once. What is not named does not act.
    std::vector<Strategy> order = defaultOrder();

    static std::vector<Strategy> defaultOrder();
    /// The same profile with the time-out of `model`: the one of exactly that name, or else of the
    /// longest name that `model` begins with ("llama-3" for "llama-3-70b"), or unchanged.
    Profile forModel(std::string_view model) const;
    /// Empty when usable, else a sentence naming the part, the field, its value and the range.
    std::string problem() const;
};

} // namespace vigie
