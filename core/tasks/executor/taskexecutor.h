#pragma once

#include "core/calls/callrunner.h"
#include "core/resilience/errorclassifier.h"
#include "core/resilience/pipeline.h"
#include "core/tasks/engines/taskengine.h"
#include "core/tasks/plan/taskresult.h"

#include <functional>
#include <map>
#include <memory>
#include <span>

namespace vigie {

struct TaskExecutorOptions {
    /// What calls go through; the time-out of a task or of its model goes before the profile's.
    Profile profile;
    /// How long a task waits, over all, because it is told to: for the breaker of its model, and as
    /// long as a server asks by Retry-After. Told to wait longer it has failed. Waits of more than
    /// a few seconds are told in the log, once for all that wait for the same.
    Duration patience = std::chrono::minutes(10);
    /// Shared by all pipelines: listener, RESILIENCE_ENABLED, the jitter's seed. With circuits to
    /// share, an engine that has a peer takes the breaker of "engine:" and that peer.
    PipelineParts parts{};
    /// Finds the class of a failure and says what it means; also to the pipelines, unless `parts`
    /// say something else.
    std::shared_ptr<const ErrorClassifier> classifier = std::make_shared<const ErrorClassifier>();
};

/// One task to execute and the key it is sent under.
struct TaskOrder {
    TaskSpec task;
    QString idempotencyKey;
};

/// Runs tasks through engines behind the resilience engine: each model of each engine has its own
/// pipeline with breaker, retry and time-out. A task that fails is a result like any other and ends
/// nothing. Belongs to one thread.
class TaskExecutor {
public:
    /// `engines` must outlive it.
    TaskExecutor(Clock& clock, const EngineSet& engines, TaskExecutorOptions options);
    ~TaskExecutor();
    TaskExecutor(const TaskExecutor&) = delete;
    TaskExecutor& operator=(const TaskExecutor&) = delete;

    /// Told of each task as it ends, in the order they end; false ends the run: nothing new begins
    /// and what runs is stopped.
    using Ended = std::function<bool(const TaskResult&)>;

    /// At most `width` at once, begun in their order. Over when all have ended, or, after a stop,
    /// when those under way have; a task that was stopped is not reported.
    Task<> execute(std::vector<TaskOrder> orders, int width, Ended ended, std::stop_token stop);

    Task<TaskResult> executeOne(TaskOrder order, std::stop_token stop);

    /// Puts another profile into force for calls to come; breakers keep their state. Empty, or a
    /// sentence saying why it can't be used.
    std::string reload(const Profile& profile);
    /// One for each model that was asked so far.
    std::vector<const Pipeline*> pipelines() const;

private:
    struct Line;
    struct Round;

    Line& lineOf(const TaskSpec& task);
    /// What the calls of a line go through: `m_options.profile` as it is for its model.
    Profile profileFor(const Line& line) const;
    void tellWait(Line& line, Duration wait, const QString& sentence);
    Task<> lane(std::shared_ptr<Round> round);

    Clock& m_clock;
    const EngineSet& m_engines;
    TaskExecutorOptions m_options;
    std::map<std::string, std::unique_ptr<Line>, std::less<>> m_lines; ///< by pipeline key
    TaskScope m_scope;
};

} // namespace vigie
