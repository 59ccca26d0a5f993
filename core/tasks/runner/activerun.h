#pragma once

#include "core/tasks/checkpoints/checkpointhistory.h"
#include "core/tasks/runner/queuerunner.h"
#include "core/tasks/runner/runjournal.h"

#include <memory>
#include <optional>

namespace vigie {

/// A run in this process: its state, where that is kept, and what executes it.
class QueueRunner::Run {
public:
    /// `journal` may be null: then nothing is kept.
    Run(const QueueRunnerParts& parts, const WorkflowPreset& preset, ExecutionPlan plan,
        RunState state, std::unique_ptr<RunJournal> journal);
    ~Run();

    Outcome<void> makeEngines(Profile profile);
    /// All that is not over, then the failed ones again, then the end.
    Task<Outcome<void>> execute(Told told, std::stop_token stop);
    RunSummary summary() const;
    std::string configure(const WorkflowPreset& preset, const Profile& profile);

    const ExecutionPlan& plan() const { return m_plan; }
    CheckpointHistory& history() { return m_history; }
    void note(const QString& sentence);

private:
    bool ended(const TaskResult& result);
    bool endedAgain(const TaskResult& result);
    bool keep(const TaskResult& result);
    Outcome<void> bury(const TaskResult& result);
    std::vector<TaskOrder> ordersLeft() const;
    std::vector<TaskOrder> ordersToReplay();
    Task<> save();
    void arm();

    const QueueRunnerParts& m_parts;
    WorkflowPreset m_preset;
    const ExecutionPlan m_plan;
    std::map<QString, const TaskSpec*> m_tasks; ///< of m_plan, by id
    RunState m_state;
    std::unique_ptr<RunJournal> m_journal;
    CheckpointHistory m_history;
    QStringList m_notes;
    Told m_told;
    std::optional<Failure> m_broken; ///< the disk failed: the run can't go on
    bool m_dirty = false;            ///< since the last checkpoint
    bool m_saving = false;
    EngineSet m_engines;
    std::unique_ptr<TaskExecutor> m_executor;
    std::optional<Ticker> m_autoSave;
    TaskScope m_scope;
};

} // namespace vigie
