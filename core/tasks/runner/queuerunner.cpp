#include "core/tasks/runner/queuerunner.h"

#include "core/tasks/plan/planreader.h"
#include "core/tasks/runner/activerun.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

namespace vigie {

namespace {

DeadLetterOptions letterOptions(const WorkflowPreset& preset, DeadLetterOptions options) {
    options.maxTries = preset.deadLetterMaxTries;
    options.timeToLive = preset.deadLetterKeep;
    return options;
}

} // namespace

bool isRunId(const QString& text) {
    static const QRegularExpression wellFormed(
        QRegularExpression::anchoredPattern(QStringLiteral("[A-Za-z0-9_][A-Za-z0-9_-]{0,63}")));
    return wellFormed.match(text).hasMatch();
}

QueueRunner::QueueRunner(QueueRunnerParts parts, WorkflowPreset preset)
    : m_parts(std::move(parts)), m_preset(std::move(preset)) {
    m_parts.letters.setOptions(letterOptions(m_preset, m_parts.letters.options()));
}

QueueRunner::~QueueRunner() = default;

QString QueueRunner::folderOf(const QString& runId) const {
    return QDir(m_parts.runsFolder).filePath(runId);
}

Outcome<Profile> QueueRunner::profileFor(const ExecutionPlan& plan,
                                         const WorkflowPreset& preset) const {
    const std::string name =
        plan.profile.isEmpty() ? std::string("llm-task") : plan.profile.toStdString();
    const Profile* profile = m_parts.profiles.find(name);
    if (!profile)
        return fail(FailureKind::Invalid,
                    QStringLiteral("profile: ") +
                        QString::fromStdString(m_parts.profiles.unknown(name)));
    // A plan that names its profile means that one, to the letter.
    return plan.profile.isEmpty() ? preset.over(*profile) : *profile;
}

Task<Outcome<RunSummary>> QueueRunner::run(ExecutionPlan plan, QString runId, Told told,
                                           std::stop_token stop) {
    if (!isRunId(runId))
        co_return fail(FailureKind::Invalid,
                       QStringLiteral("\"%1\" is no id of a run: expected letters, digits, '-' and "
                                      "'_', at most 64")
                           .arg(runId.left(80)));
    RunState state;
    state.header = {runId, plan.source, plan.name, plan.folder, m_parts.clock.wallNow()};
    std::unique_ptr<RunJournal> journal;
    // Made before anything is written: a plan that can't be run leaves no trace.
    const auto profile = profileFor(plan, m_preset);
    if (!profile)
        co_return fail(profile.error());
    if (const auto engines =
            makeEngines(m_parts.clock, plan.engines, m_parts.kinds, m_parts.classifier);
        !engines)
        co_return fail(engines.error());
    if (m_preset.enabled) {
        auto opened = RunJournal::open(folderOf(runId), runId);
        if (!opened)
            co_return fail(opened.error());
        if (!opened->state.header.id.isEmpty())
            co_return fail(FailureKind::Conflict,
                           QStringLiteral("there is a run %1 already; go on with it by vigied task "
                                          "resume %1")
                               .arg(runId));
        journal = std::move(opened->journal);
        if (const auto begun = journal->append(state.header); !begun)
            co_return fail(begun.error());
    }
    auto run = std::make_unique<Run>(m_parts, m_preset, std::move(plan), std::move(state),
                                     std::move(journal));
    if (const auto made = run->makeEngines(*profile); !made)
        co_return fail(made.error());
    co_return co_await work(std::move(run), std::move(told), std::move(stop));
}

Task<Outcome<RunSummary>> QueueRunner::resume(QString runId, Told told, std::stop_token stop) {
    if (!isRunId(runId))
        co_return fail(FailureKind::Invalid,
                       QStringLiteral("\"%1\" is no id of a run").arg(runId.left(80)));
    CheckpointHistory history(m_parts.clock, m_parts.checkpoints, runId, 1);
    const auto found = co_await history.newest(stop);
    const bool hasJournal =
        QFileInfo::exists(QDir(folderOf(runId)).filePath(QStringLiteral("journal.log")));
    if (!hasJournal && (!found || !found->checkpoint))
        co_return fail(found ? Failure{FailureKind::NotFound,
                                       QStringLiteral("there is no run \"%1\"; vigied task list "
                                                      "shows all")
                                           .arg(runId),
                                       0,
                                       {},
                                       {},
                                       {}}
                             : found.error());
    auto opened = RunJournal::open(folderOf(runId), runId);
    if (!opened)
        co_return fail(opened.error());
    RunState state = std::move(opened->state);
    QStringList notes = std::move(opened->notes);
    if (!found)
        notes.append(QStringLiteral("the checkpoints can't be read: ") + found.error().message);
    else
        for (const QString& passed : found->passedOver)
            notes.append(QStringLiteral("passed over a checkpoint, the one before is used: ") +
                         passed);
    // What the journal lacks, because it was damaged or left on another machine.
    std::vector<RunRecord> missing;
    if (found && found->checkpoint) {
        const auto saved = decodeRunState(found->checkpoint->state);
        if (!saved)
            co_return fail(saved.error());
        if (state.header.id.isEmpty()) {
            state.header = saved->header;
            missing.emplace_back(saved->header);
        }
        for (const auto& [id, result] : saved->results) {
            const auto there = state.results.find(id);
            if (there == state.results.end() || (result.succeeded && !there->second.succeeded)) {
                state.take(result);
                missing.emplace_back(result);
            }
        }
    }
    if (state.header.id.isEmpty())
        co_return fail(FailureKind::Malformed,
                       QStringLiteral("run %1 can't be resumed: its journal has no beginning and "
                                      "no checkpoint is readable")
                           .arg(runId));
    if (!missing.empty()) {
        notes.append(QStringLiteral("%1 results were taken from checkpoint %2")
                         .arg(missing.size())
                         .arg(found->checkpoint->sequence));
        if (const auto mended = opened->journal->append(missing); !mended)
            co_return fail(mended.error());
    }
    auto plan = readPlan(state.header.planSource, QStringLiteral("plan of run ") + runId,
                         state.header.folder);
    if (!plan)
        co_return fail(plan.error());
    const auto profile = profileFor(*plan, m_preset);
    if (!profile)
        co_return fail(profile.error());
    auto run = std::make_unique<Run>(m_parts, m_preset, std::move(*plan), std::move(state),
                                     std::move(opened->journal));
    for (const QString& sentence : notes)
        run->note(sentence);
    if (const auto made = run->makeEngines(*profile); !made)
        co_return fail(made.error());
    co_return co_await work(std::move(run), std::move(told), std::move(stop));
}

Task<Outcome<RunSummary>> QueueRunner::work(std::unique_ptr<Run> run, Told told,
                                            std::stop_token stop) {
    m_active = run.get();
    const auto executed = co_await run->execute(std::move(told), std::move(stop));
    m_active = nullptr;
    if (!executed)
        co_return fail(executed.error());
    co_return run->summary();
}

std::string QueueRunner::configure(const WorkflowPreset& preset) {
    if (m_active) {
        const auto profile = profileFor(m_active->plan(), preset);
        if (!profile)
            return profile.error().message.toStdString();
        if (std::string problem = m_active->configure(preset, *profile); !problem.empty())
            return problem;
    }
    m_preset = preset;
    m_parts.letters.setOptions(letterOptions(preset, m_parts.letters.options()));
    return {};
}

} // namespace vigie
