#pragma once

#include <chrono>
#include <memory>
#include <string_view>

namespace vigie {

class CallListener;
class CircuitBreaker;
class FaultInjection;
class ProfileSource;
struct CircuitOptions;

/// Hands out circuit breakers that several pipelines lean on at once: what one of them learnt of a
/// peer, the others need not learn again. Any thread.
class SharedCircuits {
public:
    virtual ~SharedCircuits() = default;
    /// The breaker of `key`, under these options from now on; made when there is none. It stays
    /// the same as long as somebody holds it. Null when there is no room for another: the pipeline
    /// has one of its own then.
    virtual std::shared_ptr<CircuitBreaker> circuit(std::string_view key,
                                                    const CircuitOptions& options,
                                                    std::chrono::steady_clock::time_point now) = 0;
};

/// What the pipelines of a program have in common. Each may be null; what is given outlives them.
struct SharedCalls {
    CallListener* listener = nullptr; ///< told of all that they do, on the thread that does it
    FaultInjection* faults = nullptr;
    SharedCircuits* circuits = nullptr;
    /// Where those under a named profile look for its newest version.
    const ProfileSource* profiles = nullptr;
};

} // namespace vigie
