#pragma once

#include "core/base/failure.h"
#include "core/resilience/circuitbreaker.h"

#include <mutex>

namespace vigie::stores::postgres {

/// What all our sessions at one server know of it together: while it can't be reached, one of them
/// tries now and then, and the others fail at once with what that one was told. Any thread.
class ServerAccess {
public:
    ServerAccess();

    CircuitBreaker& circuit() { return m_circuit; }
    void failed(const Failure& why);
    /// Why the newest try failed.
    Failure why() const;

private:
    CircuitBreaker m_circuit;
    mutable std::mutex m_mutex;
    Failure m_why;
};

} // namespace vigie::stores::postgres
