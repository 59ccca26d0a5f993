#pragma once

#include "core/resilience/errorclass.h"
#include "core/tasks/plan/executionplan.h"

namespace vigie {

/// A task that failed for good, with all that is needed to try it again.
struct DeadLetter {
    QString id; ///< "<run>:<task>": a task that dies again replaces its letter
    QString runId;
    QString planName;
    QString profile;
    TaskSpec task;
    EngineConfig engine;
    QString idempotencyKey;
    ErrorClass errorClass = ErrorClass::Unknown;
    QString message;
    int attempts = 0; ///< calls made so far, replays included
    int tries = 0;    ///< replays that failed
    WallTime diedAt{};
    WallTime lastTriedAt{};
    WallTime expiresAt{};
    bool operator==(const DeadLetter&) const = default;

    static QString idOf(const QString& runId, const QString& taskId) {
        return runId + u':' + taskId;
    }
};

} // namespace vigie
