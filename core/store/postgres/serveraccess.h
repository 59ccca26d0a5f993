#pragma once

#include "core/base/failure.h"
#include "core/resilience/circuitbreaker.h"
#include "core/resilience/profilesource.h"
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
    /// Takes the newest version of the profile; breaker and counts keep their state. To be called
    /// before each piece of work.
    void renew(Time now);
    /// What is to be done on purpose to a piece of work that begins now.
    std::optional<FaultRule> struck(Time now);
    /// A transaction is tried again after this wait.
    void retrying(Time now, Duration wait);

private:
    void tell(CallEvent::Kind kind, Time now, Duration duration) const;
    void circuitSaw(const CircuitEvent& event) const;
    void switchCircuit(Time now);

    const StoreCalls m_calls;
    CircuitBreaker m_circuit;
    std::atomic<std::uint64_t> m_seed;
    mutable std::mutex m_mutex; ///< of the next two
    Failure m_why;
    Profile m_profile;
    std::mutex m_renewal;                         ///< of the next two
    std::shared_ptr<const ProfileSet> m_profiles; ///< that the profile was taken from
    bool m_off = false;                           ///< the breaker, by configuration or profile
};

} // namespace vigie::stores::postgres
