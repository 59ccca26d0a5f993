#pragma once

#include "core/resilience/profileset.h"
#include "core/tasks/checkpoints/checkpointstorage.h"
#include "core/tasks/deadletters/deadletterqueue.h"
#include "core/tasks/engines/taskengine.h"
#include "core/tasks/executor/taskexecutor.h"
#include "core/tasks/presets/workflowpreset.h"
#include "core/tasks/runner/runstate.h"

#include <functional>
#include <memory>

namespace vigie {

/// What a run came to so far.
struct RunSummary {
    QString runId;
    QString planName;
    int total = 0;
    int succeeded = 0;
    int failed = 0;    ///< for good; each has a dead letter
    QStringList notes; ///< what a person should know: a checkpoint passed over, damage found
    bool finished() const { return succeeded + failed == total; }
};

/// What a runner works with; all outlive it.
struct QueueRunnerParts {
    Clock& clock;
    QString runsFolder;
    CheckpointStorage& checkpoints;
    DeadLetterQueue& letters;
    const ProfileSet& profiles;
    std::vector<EngineDescriptor> kinds;
    PipelineParts calls{}; ///< of every pipeline; enabled false: RESILIENCE_ENABLED=false
    /// Of failures: built in, or as [resilience.errors] says.
    std::shared_ptr<const ErrorClassifier> classifier = std::make_shared<const ErrorClassifier>();
};

/// Runs plans so that a process killed at any point loses no task that is over and does none of
/// them twice: a result is in the journal, durably, before anyone is told. A task under way when
/// the process dies is sent again under its idempotency key. One run at a time.
class QueueRunner {
public:
    using Told = std::function<void(const TaskResult&)>;

    QueueRunner(QueueRunnerParts parts, WorkflowPreset preset);
    ~QueueRunner();
    QueueRunner(const QueueRunner&) = delete;
    QueueRunner& operator=(const QueueRunner&) = delete;

    /// Begins the run `runId`. Conflict when there is one of that id. `told` hears of each task
    /// that is over, once it is durable. A stop ends it early; resume() goes on. Under a preset
    /// that is not enabled nothing is kept and nothing can be resumed.
    Task<Outcome<RunSummary>> run(ExecutionPlan plan, QString runId, Told told,
                                  std::stop_token stop);
    /// Goes on with a run, from its journal and its newest good checkpoint. NotFound when there is
    /// neither; Conflict when another process works on it.
    Task<Outcome<RunSummary>> resume(QString runId, Told told, std::stop_token stop);

    /// Another preset from now on, also for a run under way: breakers keep their state, results
    /// stay. Empty, or a sentence saying why it can't be used, and nothing changes. Whether
    /// anything is kept at all is decided when a run begins.
    std::string configure(const WorkflowPreset& preset);
    const WorkflowPreset& preset() const { return m_preset; }

private:
    class Run;

    Task<Outcome<RunSummary>> work(std::unique_ptr<Run> run, Told told, std::stop_token stop);
    Outcome<Profile> profileFor(const ExecutionPlan& plan, const WorkflowPreset& preset) const;
    QString folderOf(const QString& runId) const;

    QueueRunnerParts m_parts;
    WorkflowPreset m_preset;
    Run* m_active = nullptr;
};

/// Whether the text can be a run's id: letters, digits, '-' and '_', at most 64.
bool isRunId(const QString& text);

} // namespace vigie
