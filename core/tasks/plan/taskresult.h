#pragma once

#include "core/base/clock.h"
#include "core/resilience/errorclass.h"

#include <QString>

#include <vector>

namespace vigie {

/// One call of an engine for a task.
struct TaskAttempt {
    Duration after{}; ///< between the task's start and this call's
    Duration took{};
    bool succeeded = false;
    ErrorClass errorClass = ErrorClass::Unknown; ///< when it failed
    bool operator==(const TaskAttempt&) const = default;
};

/// What became of a task. It is over either way; a plan goes on.
struct TaskResult {
    QString taskId;
    QString engine, model;
    bool succeeded = false;
    QString text;                                ///< the engine's answer
    ErrorClass errorClass = ErrorClass::Unknown; ///< when it failed
    QString message;                             ///< when it failed: one sentence
    std::vector<TaskAttempt> attempts;           ///< of this process, in their order
    WallTime startedAt{};
    Duration took{}; ///< waits between attempts included
    bool operator==(const TaskResult&) const = default;
};

} // namespace vigie
