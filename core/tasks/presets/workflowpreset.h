#pragma once

#include "core/base/outcome.h"
#include "core/resilience/profile.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace vigie {

/// How a queue of tasks is run and watched: one of seed 004's presets.
struct WorkflowPreset {
    QString name = QStringLiteral("default");
    /// False lets calls pass through once, without breaker or time-out, and keeps nothing.
    bool enabled = true;
    Duration checkpointInterval = std::chrono::seconds(60);
    int checkpointKeep = 5;
    int breakerFailures = 5; ///< in a row
    int breakerSuccessesToClose = 2;
    Duration breakerOpenFor = std::chrono::seconds(30);
    int breakerMinimumCalls = 10;
    int retryMaxAttempts = 3; ///< total calls
    Duration retryFirstDelay = std::chrono::seconds(1);
    Duration retryMaxDelay = std::chrono::seconds(10);
    double retryFactor = 2;
    double retryJitter = 0.1;
    Duration healthInterval = std::chrono::seconds(30);
    double healthyRate = 0.8;
    double degradedRate = 0.5;
    int deadLetterMaxTries = 3;
    Duration deadLetterKeep = std::chrono::hours(24);
    /// How often a run tries again, at its end, what failed of something that may have passed.
    int deadLetterReplayRounds = 2;
    bool operator==(const WorkflowPreset&) const = default;

    /// `profile` with this preset's retry and breaker; its time-outs stay.
    Profile over(Profile profile) const;
};

/// Reads presets from TOML, a table each; what one does not say is as in [default], and what that
/// does not say as in the defaults above. Invalid with one sentence naming file and line, key,
/// value and what is expected.
Outcome<std::vector<WorkflowPreset>> readWorkflowPresets(const QByteArray& toml,
                                                         const QString& fileName);

/// The presets that the program carries: resources/profiles/workflow/presets.toml.
QByteArray builtInWorkflowPresets();

/// The preset of that name from `file`, or from the program when `file` is empty. Invalid, naming
/// those that there are, for any other name.
Outcome<WorkflowPreset> workflowPreset(const QString& name, const QString& file = {});

} // namespace vigie
