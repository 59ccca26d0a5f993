#pragma once

#include "core/tasks/runner/queuerunner.h"

#include <map>

namespace vigie {

/// What a person changes about a dead letter; at least one of them.
struct LetterChange {
    std::optional<QString> prompt, model;
    std::optional<Duration> timeout;
    std::map<QString, QString> options; ///< of its engine; an empty text takes one away
};

/// The engine of a letter as it would be.
EngineConfig changedEngine(EngineConfig engine, const LetterChange& change);

/// Changes a letter, which gets new tries; the letter as it is then. NotFound for an id that there
/// is no letter of, and Invalid, with nothing changed, when the letter would be the same or no
/// engine can be made with the options.
Outcome<DeadLetter> changeLetter(const QueueRunnerParts& parts, const QString& id,
                                 const LetterChange& change);

} // namespace vigie
