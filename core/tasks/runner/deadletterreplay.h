#pragma once

#include "core/tasks/runner/queuerunner.h"

namespace vigie {

struct ReplayOptions {
    QStringList ids;      ///< empty: all that may be replayed, oldest first
    double perSecond = 1; ///< at most so many letters begin in a second; above 0
};

struct ReplaySummary {
    int replayed = 0; ///< of those, succeeded + failed
    int succeeded = 0;
    int failed = 0;
    /// Left alone: they have had their tries; editing one gives it new ones. One that was named has
    /// a note.
    int resting = 0;
    QStringList notes;
};

/// Tries dead letters again, one after the other, under the key they always had. A success is
/// written into the journal of its run and ends the letter; a failure costs the letter one try.
/// NotFound for an id that there is no letter of; then nothing is replayed.
Task<Outcome<ReplaySummary>> replayDeadLetters(QueueRunnerParts parts, WorkflowPreset preset,
                                               ReplayOptions options, QueueRunner::Told told,
                                               std::stop_token stop);

} // namespace vigie
