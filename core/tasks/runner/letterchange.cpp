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
    TaskSpec task = before->task;
    task.prompt = change.prompt.value_or(task.prompt);
    task.model = change.model.value_or(task.model);
    if (change.timeout)
        task.timeout = change.timeout;
    if (task == before->task && engine == before->engine)
        return fail(FailureKind::Invalid,
                    QStringLiteral("letter %1 would stay as it is; new tries are for one that has "
                                   "another prompt, model, time-out or option")
                        .arg(id.left(200)));
    if (!change.options.empty()) {
        // A replay that can't even begin would cost the letter a try each time.
        const auto usable = makeEngines(parts.clock, {engine}, parts.kinds, parts.classifier);
        if (!usable)
            return fail(usable.error());
    }
    return parts.letters.edit(id, [&](DeadLetter& changed) {
        changed.task = task;
        changed.engine = engine;
    });
}

} // namespace vigie
