#pragma once

#include "core/config/settings.h"
#include "core/http/httpclient.h"
#include "core/resilience/profilesource.h"
#include "core/services/storage/storageclient.h"
#include "core/tasks/runner/queuerunner.h"

#include <memory>

namespace vigie {

/// The keys of [tasks] and of [resilience] that say where and how queues of tasks run.
std::vector<SettingSpec> taskSettings();

/// The preset in force: the one that tasks.preset names, with the values that configuration sets by
/// themselves in its place. Invalid when there is no such preset.
Outcome<WorkflowPreset> presetFrom(const Settings& settings);

/// What somebody looks for: runs and dead letters, checkpoints, or whatever there is of a run,
/// whose checkpoints may be all that came to this machine.
enum class TaskTraces { Runs, Checkpoints, Any };

/// NotFound, naming the folder, when none is there that the configuration names for what is looked
/// for. A bucket counts as there. Makes nothing, as open() does.
Outcome<void> lookForTasks(const Settings& settings, TaskTraces traces);

/// Where runs, checkpoints and dead letters live, opened as the configuration says.
class TaskWorkspace {
public:
    /// Makes the folders that are missing. Invalid for a wrong configuration, Storage when a folder
    /// can't be used. `settings` must hold
    /// taskSettings(), profileSettings(), errorSettings(), resilience.enabled, and the keys of the
    /// storage service.
    /// `shared`: with the other calls of the program. Without faults in there, those of
    /// resilience.faults are put into its calls.
    static Outcome<std::unique_ptr<TaskWorkspace>> open(Clock& clock, const Settings& settings,
                                                        SharedCalls shared = {});

    /// Takes preset and profiles of other settings for runs to come; one under way takes them by
    /// QueueRunner::configure(). Invalid, and nothing changed, when they can't be used.
    Outcome<void> reload(const Settings& settings);

    QueueRunnerParts parts() const;
    const WorkflowPreset& preset() const { return m_preset; }
    CheckpointStorage& checkpoints() const { return *m_checkpoints; }
    DeadLetterQueue& letters() const { return *m_letters; }
    /// Whether calls are made to fail on purpose.
    bool faultsOn() const { return m_calls.faults && m_calls.faults->active(); }

    /// All runs in order of their beginning, as far as they can be read; `problems` gets a sentence
    /// for each that can't.
    std::vector<RunState> runs(QStringList& problems) const;
    Outcome<RunState> run(const QString& id, QStringList& notes) const;

private:
    explicit TaskWorkspace(Clock& clock) : m_clock(clock) {}
    Outcome<ProfileSet> profilesFrom(const Settings& settings) const;
    Outcome<void> openCheckpoints(const Settings& settings, const QString& folder);

    Clock& m_clock;
    QString m_runsFolder;
    WorkflowPreset m_preset;
    ProfileSet m_profiles;
    PipelineParts m_calls;
    const ProfileSource* m_source = nullptr;  ///< of the program's profiles; null: our own
    std::unique_ptr<FaultInjection> m_faults; ///< null: none, or somebody else's
    std::shared_ptr<const ErrorClassifier> m_classifier;
    std::unique_ptr<HttpClient> m_http;
    std::unique_ptr<StorageClient> m_storage;
    std::unique_ptr<CheckpointStorage> m_checkpoints;
    std::unique_ptr<DeadLetterQueue> m_letters;
};

/// How many tasks the plan of a run has; 0 when it can't be read.
int tasksOf(const RunState& state);

} // namespace vigie
