#include "core/tasks/runner/deadletterreplay.h"

#include "core/resilience/ratelimiter.h"
#include "core/tasks/runner/runjournal.h"

#include <QDir>
#include <QFileInfo>

#include <cmath>

namespace vigie {

namespace {

Outcome<std::vector<DeadLetter>> lettersToReplay(DeadLetterQueue& queue, const QStringList& ids,
                                                 ReplaySummary& summary) {
    std::vector<DeadLetter> letters;
    if (ids.isEmpty()) {
        auto all = queue.letters();
        if (!all)
            return all;
        letters = std::move(*all);
    }
    for (const QString& id : ids) {
        auto letter = queue.find(id);
        if (!letter)
            return fail(letter.error());
        letters.push_back(std::move(*letter));
    }
    std::erase_if(letters, [&](const DeadLetter& each) {
        if (queue.mayReplay(each))
            return false;
        ++summary.resting;
        if (!ids.isEmpty()) // somebody means this one
            summary.notes.append(QStringLiteral("letter %1 has had its %2 tries; vigied dlq edit "
                                                "%1 changes it and gives it new ones")
                                     .arg(each.id)
                                     .arg(queue.options().maxTries));
        return true;
    });
    return letters;
}

/// The run's own story says then that the task is done. A sentence when that can't be written.
QString tellRun(const QString& runsFolder, const QString& runId, const TaskResult& result) {
    const QString folder = QDir(runsFolder).filePath(runId);
    if (!isRunId(runId) || !QFileInfo::exists(QDir(folder).filePath(QStringLiteral("journal.log"))))
        return {}; // it was cleaned away; the letter stood for itself
    const auto opened = RunJournal::open(folder, runId);
    if (!opened)
        return opened.error().message;
    const auto appended = opened->journal->append(result);
    return appended ? QString() : appended.error().message;
}

RateLimiterOptions paceOf(double perSecond) {
    RateLimiterOptions pace;
    pace.limitForPeriod = 1;
    pace.limitRefreshPeriod = Duration(std::llround(1e9 / perSecond));
    pace.burst = 1;
    pace.maxWait = std::chrono::hours(24);
    return pace;
}

} // namespace

Task<Outcome<ReplaySummary>> replayDeadLetters(QueueRunnerParts parts, WorkflowPreset preset,
                                               ReplayOptions options, QueueRunner::Told told,
                                               std::stop_token stop) {
    ReplaySummary summary;
    const auto letters = lettersToReplay(parts.letters, options.ids, summary);
    if (!letters)
        co_return fail(letters.error());
    const RateLimiterOptions pace = paceOf(options.perSecond);
    if (const std::string problem = pace.problem(); !problem.empty())
        co_return fail(FailureKind::Invalid, QString::fromStdString(problem));
    RateLimiter limiter(pace);
    for (const DeadLetter& letter : *letters) {
        const auto wait = limiter.reserve(parts.clock.now());
        const bool rested =
            co_await sleepFor(parts.clock, wait.value_or(std::chrono::hours(24)), stop);
        if (!rested)
            break;
        auto engines = makeEngines(parts.clock, {letter.engine}, parts.kinds, parts.classifier);
        const std::string name =
            letter.profile.isEmpty() ? std::string("llm-task") : letter.profile.toStdString();
        const Profile* profile = parts.profiles.find(name);
        TaskResult result;
        result.taskId = letter.task.id;
        if (!engines || !profile) {
            result.errorClass = ErrorClass::InvalidRequest;
            result.message = !engines ? engines.error().message
                                      : QString::fromStdString(parts.profiles.unknown(name));
        } else {
            TaskExecutorOptions executing;
            executing.profile = letter.profile.isEmpty() ? preset.over(*profile) : *profile;
            executing.parts = parts.calls;
            executing.classifier = parts.classifier;
            TaskExecutor executor(parts.clock, *engines, std::move(executing));
            TaskOrder order{letter.task, letter.idempotencyKey};
            result = co_await executor.executeOne(std::move(order), stop);
            // What answered is still on the stack, and the executor ends here.
            co_await sleepFor(parts.clock, Duration::zero(), {});
        }
        if (!result.succeeded && stop.stop_requested())
            break; // says nothing about the letter
        ++summary.replayed;
        ++(result.succeeded ? summary.succeeded : summary.failed);
        if (result.succeeded) {
            // The run first: a crash between the two leaves a letter that meets the same key.
            if (const QString problem = tellRun(parts.runsFolder, letter.runId, result);
                !problem.isEmpty())
                summary.notes.append(problem);
            if (const auto dropped = parts.letters.drop(letter.id, QStringLiteral("replayed"));
                !dropped && dropped.error().kind != FailureKind::NotFound)
                co_return fail(dropped.error());
        } else if (const auto noted = parts.letters.failedAgain(
                       letter.id, static_cast<int>(result.attempts.size()), result.errorClass,
                       result.message);
                   !noted && noted.error().kind != FailureKind::NotFound) {
            co_return fail(noted.error());
        }
        if (told)
            told(result);
    }
    co_return summary;
}

} // namespace vigie
