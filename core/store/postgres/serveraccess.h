#pragma once

#include "core/base/failure.h"
#include "core/resilience/circuitbreaker.h"
#include "core/resilience/retrypolicy.h"
#include "core/store/storecalls.h"

#include <mutex>

namespace vigie::stores::postgres {

/// What all our sessions at one server know of it together: while it can't be reached, one of them
/// tries now and then, and the others fail at once with what that one was told. Any thread.
class ServerAccess {
public:
    using Time = CircuitBreaker::Time;

    ServerAccess(StoreCalls calls, Time now);

    CircuitBreaker& circuit() { return m_circuit; }
    /// A try to connect has ended.
    void connected(Time now, Duration took);
    void failed(Time now, Duration took, const Failure& why);
    /// Why the newest try failed.
    Failure why() const;

    /// The tries of one transaction, from now on.
    RetryPolicy retries(Time now);
    /// A transaction is tried again after this wait.
    void retrying(Time now, Duration wait);

private:
    void tell(CallEvent::Kind kind, Time now, Duration duration) const;
    void circuitSaw(const CircuitEvent& event) const;

    const StoreCalls m_calls;
    CircuitBreaker m_circuit;
    std::atomic<std::uint64_t> m_seed;
    mutable std::mutex m_mutex;
    Failure m_why;
};

} // namespace vigie::stores::postgres
