#pragma once

#include "core/base/clock.h"
#include "core/base/eventual.h"
#include "core/base/task.h"
#include "core/orchestrator/api/call.h"
#include "core/store/store.h"

#include <QHash>

#include <array>
#include <functional>
#include <vector>

namespace vigie {

/// Makes a repeated request answer as the first one did: the answer to (caller, Idempotency-Key) is
/// kept for 24 h. Repeats that come while the first is still being worked on wait for it.
class IdempotencyGate {
public:
    IdempotencyGate(Clock& clock, AccessStore& store) : m_clock(clock), m_store(store) {}

    /// Runs `handle` unless its answer is remembered. Answers of 500 and above are not remembered:
    /// the request may be tried again. The same key with another request is a 422.
    Task<ServerResponse> serve(Call call, std::function<Task<ServerResponse>(Call)> handle);

private:
    void finished(const QByteArray& key);

    Clock& m_clock;
    AccessStore& m_store;
    QHash<QByteArray, std::vector<Eventual<bool>>> m_inFlight;
};

/// For so long a repeat is a repeat; after that the key is free again.
inline constexpr Duration idempotencyKept = std::chrono::hours(24);

/// What the id of something made under an Idempotency-Key follows from: should we die between
/// storing it and remembering the answer, the repeated call finds it. Caller, key, request and day,
/// hashed: today's, then yesterday's, under which it may have been made. What is found counts only
/// if it is younger than idempotencyKept.
std::array<QString, 2> idempotencySeeds(const Call& call, WallTime now);

} // namespace vigie
