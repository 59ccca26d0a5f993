#pragma once

#include "core/base/clock.h"
#include "core/base/eventual.h"
#include "core/base/task.h"
#include "core/orchestrator/api/call.h"
#include "core/store/store.h"

#include <QHash>

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

/// What names a remembered answer: caller and key, hashed.
QByteArray idempotencyKeyOf(const Call& call);

} // namespace vigie
