#include "core/tasks/workspace/taskworkspace.h"

#include "core/calls/profiles.h"
#include "core/errors/errorpolicy.h"
#include "core/services/servicesettings.h"
#include "core/services/storage/storagesettings.h"
#include "core/tasks/checkpoints/checkpointcodec.h"
#include "core/tasks/checkpoints/localcheckpoints.h"
#include "core/tasks/checkpoints/storagecheckpoints.h"
#include "core/tasks/plan/planreader.h"
#include "core/tasks/runner/runjournal.h"

#include <QDir>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QStandardPaths>

#include <algorithm>
#include <cmath>

namespace vigie {

namespace {

const QString storageWord = QStringLiteral("storage");

SettingSpec setting(const char* section, const char* key, SettingType type, QVariant fallback,
                    const char* flag, const char* help) {
    SettingSpec spec;
    spec.section = QString::fromLatin1(section);
    spec.key = QString::fromLatin1(key);
    spec.type = type;
    spec.fallback = std::move(fallback);
    spec.flag = QString::fromLatin1(flag);
    spec.help = QString::fromUtf8(help);
    return spec;
}

QString value(const char* path) {
    return QString::fromLatin1(path);
}

/// Absolute: a name in a sentence must mean the same in another folder, and to a process that
/// moves.
QString tasksFolder(const Settings& settings) {
    const QString named = settings.text(value("tasks.directory"));
    return named.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
                                 QStringLiteral("/vigie/tasks")
                           : QDir(named).absolutePath();
}

/// Absolute, or empty when checkpoints are kept in the tasks' folder.
QString checkpointFolder(const Settings& settings) {
    const QString named = settings.text(value("resilience.checkpoint_dir"));
    return named.isEmpty() ? named : QDir(named).absolutePath();
}

} // namespace

std::vector<SettingSpec> taskSettings() {
    SettingSpec where =
        setting("tasks", "checkpoints", SettingType::Text, QStringLiteral("disk"), "checkpoints",
                "Where checkpoints are kept: on disk, or in the bucket of "
                "[services.storage]");
    where.allowed = {QStringLiteral("disk"), storageWord};
    SettingSpec folder =
        setting("resilience", "checkpoint_dir", SettingType::Text, QString(), "checkpoint-dir",
                "Folder of checkpoints; empty: checkpoints in the tasks' directory");
    folder.seedVariable = QStringLiteral("RESILIENCE_CHECKPOINT_DIR");
    SettingSpec interval =
        setting("resilience", "checkpoint_interval_seconds", SettingType::Seconds, 0.0,
                "checkpoint-interval", "Seconds between checkpoints; 0: as the preset says");
    interval.maximum = 86'400;
    SettingSpec keep =
        setting("resilience", "checkpoint_keep", SettingType::Integer, 0, "checkpoint-keep",
                "How many checkpoints of a run are kept; 0: as the preset says");
    keep.minimum = 0;
    keep.maximum = 1000;
    SettingSpec health =
        setting("resilience", "health_check_interval_seconds", SettingType::Seconds, 0.0,
                "health-check-interval",
                "Seconds between checks of a component's health; 0: as the preset says");
    health.seedVariable = QStringLiteral("RESILIENCE_HEALTH_CHECK_INTERVAL");
    health.seedScale = 0.001;
    health.maximum = 86'400;
    SettingSpec rounds =
        setting("tasks", "replay_rounds", SettingType::Integer, -1, "replay-rounds",
                "How often a run tries again, at its end, what failed of "
                "something that may have passed; -1: as the preset says");
    rounds.minimum = -1;
    rounds.maximum = 100;
    return {setting("tasks", "directory", SettingType::Text, QString(), "tasks-dir",
                    "Where runs and dead letters are kept; empty: vigie/tasks in the user's data "
                    "directory"),
            setting("tasks", "preset", SettingType::Text, QStringLiteral("default"), "preset",
                    "How queues of tasks are run: production, development, testing, default, or "
                    "one of the presets file"),
            setting("tasks", "presets_file", SettingType::Text, QString(), "presets-file",
                    "TOML file of presets; empty: those of the program"),
            where,
            rounds,
            folder,
            interval,
            keep,
            health};
}

Outcome<WorkflowPreset> presetFrom(const Settings& settings) {
    auto preset = workflowPreset(settings.text(value("tasks.preset")),
                                 settings.text(value("tasks.presets_file")));
    if (!preset)
        return preset;
    if (const Duration interval = settings.seconds(value("resilience.checkpoint_interval_seconds"));
        interval > Duration::zero())
        preset->checkpointInterval = std::max<Duration>(interval, std::chrono::milliseconds(10));
    if (const int keep = settings.integer(value("resilience.checkpoint_keep")); keep > 0)
        preset->checkpointKeep = keep;
    if (const Duration health = settings.seconds(value("resilience.health_check_interval_seconds"));
        health > Duration::zero())
        preset->healthInterval = std::max<Duration>(health, std::chrono::milliseconds(50));
    if (const int rounds = settings.integer(value("tasks.replay_rounds")); rounds >= 0)
        preset->deadLetterReplayRounds = rounds;
    return preset;
}

Outcome<void> lookForTasks(const Settings& settings, TaskTraces traces) {
    const bool checkpointsCount = traces != TaskTraces::Runs;
    if (checkpointsCount && settings.text(value("tasks.checkpoints")) == storageWord)
        return {};
    const QString checkpoints = checkpointFolder(settings);
    const bool ownFolder = checkpointsCount && !checkpoints.isEmpty();
    if (ownFolder && QFileInfo(checkpoints).isDir())
        return {};
    const QString folder =
        ownFolder && traces == TaskTraces::Checkpoints ? checkpoints : tasksFolder(settings);
    if (QFileInfo(folder).isDir())
        return {};
    return fail(FailureKind::NotFound,
                QStringLiteral("there is no folder %1; no task was run with this configuration")
                    .arg(folder));
}

Outcome<std::unique_ptr<TaskWorkspace>> TaskWorkspace::open(Clock& clock, const Settings& settings,
                                                            SharedCalls shared) {
    std::unique_ptr<TaskWorkspace> workspace(new TaskWorkspace(clock));
    const auto preset = presetFrom(settings);
    if (!preset)
        return fail(preset.error());
    workspace->m_preset = *preset;
    workspace->m_source = shared.profiles;
    auto profiles = workspace->profilesFrom(settings);
    if (!profiles)
        return fail(profiles.error());
    workspace->m_profiles = std::move(*profiles);
    auto classifier = errorClassifierFrom(settings);
    if (!classifier)
        return fail(classifier.error());
    workspace->m_classifier = std::move(*classifier);
    workspace->m_calls.enabled = settings.boolean(value("resilience.enabled"));
    workspace->m_calls.circuitEnabled = settings.boolean(value("circuit_breaker.enabled"));
    workspace->m_calls.listener = shared.listener;
    workspace->m_calls.circuits = shared.circuits;
    workspace->m_calls.faults = shared.faults;
    if (!shared.faults) {
        auto rules = loadFaultRules(settings.text(value("resilience.faults")));
        if (!rules)
            return fail(rules.error());
        if (!rules->empty()) {
            workspace->m_faults =
                std::make_unique<FaultInjection>(QRandomGenerator::global()->generate64());
            workspace->m_faults->set(std::move(*rules), clock.now());
            workspace->m_calls.faults = workspace->m_faults.get();
        }
    }

    const QDir folder(tasksFolder(settings));
    workspace->m_runsFolder = folder.filePath(QStringLiteral("runs"));
    if (auto opened =
            workspace->openCheckpoints(settings, folder.filePath(QStringLiteral("checkpoints")));
        !opened)
        return fail(opened.error());
    DeadLetterOptions letters;
    letters.maxTries = preset->deadLetterMaxTries;
    letters.timeToLive = preset->deadLetterKeep;
    auto queue =
        DeadLetterQueue::open(clock, folder.filePath(QStringLiteral("dead-letters")), letters);
    if (!queue)
        return fail(queue.error());
    workspace->m_letters = std::make_unique<DeadLetterQueue>(std::move(*queue));
    return workspace;
}

Outcome<ProfileSet> TaskWorkspace::profilesFrom(const Settings& settings) const {
    return m_source ? Outcome<ProfileSet>(*m_source->current())
                    : loadProfiles(settings.text(value("resilience.profiles")));
}

Outcome<void> TaskWorkspace::reload(const Settings& settings) {
    auto preset = presetFrom(settings);
    if (!preset)
        return fail(preset.error());
    auto profiles = profilesFrom(settings);
    if (!profiles)
        return fail(profiles.error());
    m_preset = std::move(*preset);
    m_profiles = std::move(*profiles);
    return {};
}

Outcome<void> TaskWorkspace::openCheckpoints(const Settings& settings, const QString& folder) {
    if (settings.text(value("tasks.checkpoints")) != storageWord) {
        const QString named = checkpointFolder(settings);
        m_checkpoints = std::make_unique<LocalCheckpoints>(named.isEmpty() ? folder : named);
        return {};
    }
    auto options = storageOptionsFrom(settings);
    if (!options)
        return fail(options.error());
    auto http = serviceHttpClient(storageWord, m_clock, settings);
    if (!http)
        return fail(http.error());
    options->classifier = m_classifier;
    options->resilienceEnabled = m_calls.enabled;
    options->breakerEnabled = m_calls.circuitEnabled;
    options->shared = {m_calls.listener, m_calls.faults, m_calls.circuits, m_source};
    options->profiles = std::make_shared<const ProfileSet>(m_profiles);
    options->maxObjectBytes = maxCheckpointBytes;
    const QString where =
        options->url.toString() + u'/' + options->bucket + QStringLiteral("/checkpoints/");
    m_http = std::move(*http);
    m_storage = std::make_unique<StorageClient>(m_clock, *m_http, std::move(*options));
    m_checkpoints =
        std::make_unique<StorageCheckpoints>(*m_storage, QStringLiteral("checkpoints/"), where);
    return {};
}

QueueRunnerParts TaskWorkspace::parts() const {
    return {m_clock,    m_runsFolder,        *m_checkpoints, *m_letters,
            m_profiles, engines::registry(), m_calls,        m_classifier};
}

Outcome<RunState> TaskWorkspace::run(const QString& id, QStringList& notes) const {
    if (!isRunId(id))
        return fail(FailureKind::Invalid,
                    QStringLiteral("\"%1\" is no id of a run").arg(id.left(80)));
    auto opened = RunJournal::look(QDir(m_runsFolder).filePath(id), id);
    if (!opened)
        return fail(opened.error());
    notes += opened->notes;
    return std::move(opened->state);
}

std::vector<RunState> TaskWorkspace::runs(QStringList& problems) const {
    std::vector<RunState> all;
    for (const QString& id :
         QDir(m_runsFolder).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
        auto state = run(id, problems);
        if (!state)
            problems.append(QStringLiteral("%1: %2").arg(id, state.error().message));
        else if (!state->header.id.isEmpty())
            all.push_back(std::move(*state));
    }
    std::ranges::sort(all, {}, [](const RunState& each) { return each.header.startedAt; });
    return all;
}

int tasksOf(const RunState& state) {
    const auto plan = readPlan(state.header.planSource, state.header.id, state.header.folder);
    return plan ? static_cast<int>(plan->tasks.size()) : 0;
}

} // namespace vigie
