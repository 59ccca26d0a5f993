#include "core/tasks/runner/letterchange.h"

namespace vigie {

EngineConfig changedEngine(EngineConfig engine, const LetterChange& change) {
    for (const auto& [name, text] : change.options) {
        if (text.isEmpty())
            engine.options.erase(name);
        else
            engine.options.insert_or_assign(name, text);
    }
    return engine;
}

Outcome<DeadLetter> changeLetter(const QueueRunnerParts& parts, const QString& id,
                                 const LetterChange& change) {
    const auto before = parts.letters.find(id);
    if (!before)
        return fail(before.error());
    const EngineConfig engine = changedEngine(before->engine, change);
    if (!change.options.empty()) {
        // A replay that can't even begin would cost the letter a try each time.
        const auto usable = makeEngines(parts.clock, {engine}, parts.kinds, parts.classifier);
        if (!usable)
            return fail(usable.error());
    }
    return parts.letters.edit(id, [&](DeadLetter& changed) {
        changed.task.prompt = change.prompt.value_or(changed.task.prompt);
        changed.task.model = change.model.value_or(changed.task.model);
        if (change.timeout)
            changed.task.timeout = change.timeout;
        changed.engine = engine;
    });
}

} // namespace vigie
