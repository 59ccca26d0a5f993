#pragma once

#include "core/base/clock.h"

#include <QString>

#include <map>
#include <optional>
#include <vector>

namespace vigie {

/// How many tasks of a plan run at once.
enum class ExecutionStrategy {
    Serial,          ///< one after the other, in their order
    Parallel,        ///< all at once
    ParallelLimited, ///< at most ExecutionPlan::limit at once
};
/// "serial", "parallel", "parallel-limited".
QString toString(ExecutionStrategy strategy);

/// Which engine, and what it is told. Options are as people wrote them; its descriptor checks them.
struct EngineConfig {
    QString name; ///< as tasks call it
    QString kind; ///< "mock", "openai", ...
    std::map<QString, QString> options;
    bool operator==(const EngineConfig&) const = default;
};

/// One thing to ask of an engine.
struct TaskSpec {
    QString id;     ///< unique in its plan
    QString engine; ///< EngineConfig::name
    QString model;
    QString prompt;
    QString file; ///< what the engine is to read, for those that take files; absolute
    std::optional<Duration> timeout; ///< of one attempt; else that of the profile or the model
    bool operator==(const TaskSpec&) const = default;
};

/// What is to be done and how.
struct ExecutionPlan {
    QString name;
    ExecutionStrategy strategy = ExecutionStrategy::Serial;
    int limit = 2; ///< for ParallelLimited
    /// Resilience profile of every call; empty: llm-task with the retry and breaker of the preset.
    QString profile;
    Duration patience = std::chrono::minutes(10); ///< how long a task waits for an open breaker
    std::vector<EngineConfig> engines;
    std::vector<TaskSpec> tasks;
    QByteArray source; ///< the TOML it was read from
    QString folder;    ///< that relative file names start from

    /// How many run at once, at least 1.
    int width() const;
    const EngineConfig* engine(const QString& called) const;
};

/// What `Idempotency-Key` a task is sent with, every time it is sent: a run that begins again after
/// a crash uses the same, so that an engine can recognise what it did already.
QString idempotencyKey(const QString& runId, const QString& taskId);

} // namespace vigie
