#pragma once

#include "core/tasks/plan/executionplan.h"
#include "core/tasks/plan/taskresult.h"

#include <map>

namespace vigie {

/// What a run is, written down when it begins and never changed.
struct RunHeader {
    QString id;
    QByteArray planSource; ///< TOML
    QString planName;
    QString folder; ///< that relative files of the plan start from
    WallTime startedAt{};
    bool operator==(const RunHeader&) const = default;
};

/// What is known of a run: tasks that are over, each once.
struct RunState {
    RunHeader header;
    std::map<QString, TaskResult> results; ///< by task id
    std::optional<WallTime> finishedAt;

    /// A success is never replaced; anything else by what came later. True when it was taken.
    bool take(const TaskResult& result) {
        const auto there = results.find(result.taskId);
        if (there != results.end() && there->second.succeeded)
            return false;
        results.insert_or_assign(result.taskId, result);
        return true;
    }
    int succeeded() const;
};

} // namespace vigie
