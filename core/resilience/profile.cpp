#include "core/resilience/profile.h"

#include "core/resilience/outofrange.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vigie {

namespace {

constexpr std::array words{
    std::pair{Strategy::Fallback, "fallback"},
    std::pair{Strategy::Cache, "cache"},
    std::pair{Strategy::Bulkhead, "bulkhead"},
    std::pair{Strategy::Retry, "retry"},
    std::pair{Strategy::RateLimiter, "rate_limiter"},
    std::pair{Strategy::Hedge, "hedge"},
    std::pair{Strategy::CircuitBreaker, "circuit_breaker"},
    std::pair{Strategy::Timeout, "timeout"},
    std::pair{Strategy::FaultInjection, "fault_injection"},
};

std::string within(const char* part, const std::string& problem) {
    return problem.empty() ? problem : std::string(part) + ": " + problem;
}

template <class Options>
std::string within(const char* part, const std::optional<Options>& options) {
    return options ? within(part, options->problem()) : std::string();
}

} // namespace

const char* toString(Strategy strategy) {
    for (const auto& [each, word] : words)
        if (each == strategy)
            return word;
    return "fallback";
}

std::optional<Strategy> strategyFromString(std::string_view text) {
    for (const auto& [each, word] : words)
        if (text == word)
            return each;
    return {};
}

std::vector<Strategy> Profile::defaultOrder() {
    using enum Strategy;
    return {Fallback, Cache,          Bulkhead, Retry,         RateLimiter,
            Hedge,    CircuitBreaker, Timeout,  FaultInjection};
}

Profile Profile::forModel(std::string_view model) const {
    const std::chrono::nanoseconds* best = nullptr;
    std::size_t length = 0;
    for (const auto& [prefix, limit] : modelTimeouts) {
        if (prefix.size() >= length && model.substr(0, prefix.size()) == prefix) {
            best = &limit;
            length = prefix.size();
        }
    }
    Profile made = *this;
    if (best)
        made.timeout.callTimeout = *best;
    return made;
}

std::string Profile::problem() const {
    for (const std::string& wrong :
         {within("retry", retry.problem()), within("retryBudget", retryBudget.problem()),
          within("timeout", timeout.problem()), within("circuit", circuit),
          within("bulkhead", bulkhead), within("rateLimiter", rateLimiter), within("hedge", hedge),
          within("cache", cache)}) {
        if (!wrong.empty())
            return wrong;
    }
    for (const auto& [model, limit] : modelTimeouts) {
        if (model.empty())
            return "modelTimeouts: a model has no name";
        if (const std::string wrong = TimeoutOptions{limit}.problem(); !wrong.empty())
            return "modelTimeouts: " + model + ": " + wrong;
    }
    std::vector<Strategy> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice != sorted.end())
        return std::string("order: ") + toString(*twice) + " is named twice, but must be once";
    return {};
}

} // namespace vigie
