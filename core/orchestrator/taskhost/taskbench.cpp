#include "core/orchestrator/taskhost/taskbench.h"

#include "core/base/ids.h"
#include "core/base/log.h"
#include "core/orchestrator/probetarget.h"
#include "core/orchestrator/taskhost/taskviews.h"
#include "core/tasks/deadletters/deadlettercodec.h"
#include "core/tasks/plan/planreader.h"
#include "core/tasks/runner/deadletterreplay.h"

#include <QEventLoop>
#include <QUrl>

namespace vigie {

namespace {

const QString hostCategory = QStringLiteral("tasks.host");

Failure refusedPlan(const QString& message) {
    return {FailureKind::Invalid, message, 0, {}, QStringLiteral("invalid_plan"), {}};
}

/// A plan that comes over the network must not read the daemon's files or its environment: both
/// would go to an address that the plan names. Nor may it ask in the daemon's name what a cloud
/// tells only to its own machines.
std::optional<Failure> reachesIn(const EngineConfig& engine) {
    const auto url = engine.options.find(QStringLiteral("url"));
    const QString host = url == engine.options.end() ? QString() : QUrl(url->second).host();
    if (!QHostAddress(host).isNull()) {
        const auto target = probeTarget(host, {}, {}, true);
        if (!target)
            return refusedPlan(QStringLiteral("engines.%1.url: %2")
                                   .arg(engine.name.left(80), target.error().message));
    }
    if (!engine.options.contains(QStringLiteral("api_key_env")))
        return std::nullopt;
    return refusedPlan(QStringLiteral("engines.%1.api_key_env: a plan that is sent over HTTP can't "
                                      "name variables of the daemon; run it with vigied task run")
                           .arg(engine.name.left(80)));
}

std::optional<Failure> reachesIn(const ExecutionPlan& plan) {
    for (const EngineConfig& engine : plan.engines) {
        if (auto refused = reachesIn(engine))
            return refused;
    }
    for (const TaskSpec& task : plan.tasks) {
        if (!task.file.isEmpty())
            return refusedPlan(QStringLiteral("task %1: a plan that is sent over HTTP can't name "
                                              "files of the daemon; run it with vigied task run")
                                   .arg(task.id.left(80)));
    }
    return std::nullopt;
}

} // namespace

TaskBench::TaskBench(const Settings& settings, QEventLoop& loop, QueueRunner::Told told,
                     SharedCalls shared)
    : m_settings(settings), m_loop(loop), m_told(std::move(told)), m_shared(shared) {}

TaskBench::~TaskBench() = default;

void TaskBench::leave() {
    m_loop.quit();
}

void TaskBench::stop() {
    m_scope.drain();
}

Outcome<TaskWorkspace*> TaskBench::workspace() {
    if (!m_workspace) {
        auto opened = TaskWorkspace::open(m_clock, m_settings, m_shared);
        if (!opened) {
            Failure failure = opened.error();
            failure.code = QStringLiteral("tasks_unavailable");
            if (failure.kind == FailureKind::Invalid)
                failure.kind = FailureKind::Storage; // no mistake of who calls
            return fail(std::move(failure));
        }
        m_workspace = std::move(*opened);
    }
    return m_workspace.get();
}

void TaskBench::reload(const Settings& settings) {
    m_settings = settings;
    if (!m_workspace)
        return; // opened with them
    if (const auto taken = m_workspace->reload(settings); !taken) {
        logError(hostCategory,
                 QStringLiteral("the configuration stays as it was: ") + taken.error().message);
        return;
    }
    for (auto each = m_runners.begin(); each != m_runners.end(); ++each) {
        const std::string problem = (*each)->configure(m_workspace->preset());
        if (!problem.empty())
            logError(hostCategory, QStringLiteral("run %1 goes on as it was: %2")
                                       .arg(each.key(), QString::fromStdString(problem)));
    }
}

std::optional<Failure> TaskBench::noRoom() const {
    qsizetype active = m_replaying.size();
    for (const HostedRun& run : m_runs)
        active += run.active ? 1 : 0;
    if (active < mostActive)
        return std::nullopt;
    return Failure{FailureKind::Overloaded,
                   QStringLiteral("%1 runs and replays are under way, which is all this daemon "
                                  "takes at once; try again when one is over")
                       .arg(active),
                   0,
                   std::chrono::seconds(10),
                   QStringLiteral("too_many_runs"),
                   {}};
}

Task<TaskBench::Answer> TaskBench::begin(RunOrder order) {
    const auto opened = workspace();
    if (!opened)
        co_return fail(opened.error());
    auto plan = readPlan(order.plan, QStringLiteral("plan"), {});
    if (!plan)
        co_return fail(refusedPlan(plan.error().message));
    if (auto refused = reachesIn(*plan))
        co_return fail(std::move(*refused));
    const QString id = order.id.isEmpty() ? newUuid().remove(u'-').left(12) : order.id;
    QStringList notes;
    if (!isRunId(id))
        co_return fail(refusedPlan(QStringLiteral("id is \"%1\", but must be letters, digits, '-' "
                                                  "and '_', at most 64")
                                       .arg(id.left(80))));
    if (m_runs.value(id).active || (*opened)->run(id, notes))
        co_return fail(Failure{FailureKind::Conflict,
                               QStringLiteral("there is a run %1 already; go on with it by POST "
                                              "/checkpoints/%1/resume")
                                   .arg(id),
                               0,
                               {},
                               QStringLiteral("run_exists"),
                               {}});
    if (auto full = noRoom())
        co_return fail(std::move(*full));
    const QueueRunnerParts parts = (*opened)->parts();
    if (const auto engines = makeEngines(m_clock, plan->engines, parts.kinds, parts.classifier);
        !engines)
        co_return fail(refusedPlan(engines.error().message));
    const int total = static_cast<int>(plan->tasks.size());
    spawn(carryOn(id, std::move(*plan)));
    if (const QString error = m_runs.value(id).error; !error.isEmpty())
        co_return fail(refusedPlan(error)); // it did not even begin
    co_return encodeBegun(id, QStringLiteral("running"), total);
}

/// Begins the run with its plan, or without one goes on with it, to its end.
Task<> TaskBench::carryOn(QString id, std::optional<ExecutionPlan> plan) {
    m_runs.insert(id, {true, {}, {}});
    QueueRunner runner(m_workspace->parts(), m_workspace->preset());
    m_runners.insert(id, &runner);
    Task<Outcome<RunSummary>> running =
        plan ? runner.run(std::move(*plan), id, m_told, m_scope.token())
             : runner.resume(id, m_told, m_scope.token());
    const Outcome<RunSummary> summary = co_await running;
    m_runners.remove(id);
    HostedRun& hosted = m_runs[id];
    hosted.active = false;
    if (!summary) {
        hosted.error = summary.error().message;
        logWarning(hostCategory, QStringLiteral("run %1: %2").arg(id, hosted.error));
        co_return;
    }
    hosted.notes = summary->notes;
    logInfo(hostCategory, QStringLiteral("run %1: %2 of %3 tasks done, %4 failed for good")
                              .arg(id)
                              .arg(summary->succeeded)
                              .arg(summary->total)
                              .arg(summary->failed));
}

Task<TaskBench::Answer> TaskBench::resume(QString id) {
    const auto opened = workspace();
    if (!opened)
        co_return fail(opened.error());
    if (m_runs.value(id).active)
        co_return fail(FailureKind::Conflict, QStringLiteral("run %1 is under way").arg(id));
    if (auto full = noRoom())
        co_return fail(std::move(*full));
    if (!isRunId(id))
        co_return fail(FailureKind::NotFound,
                       QStringLiteral("there is no run \"%1\"").arg(id.left(80)));
    // Its journal may be gone while its checkpoints are not.
    QStringList notes;
    const auto known = (*opened)->run(id, notes);
    if (!known) {
        const auto kept =
            co_await listCheckpoints((*opened)->checkpoints(), id, false, m_scope.token());
        if (!kept)
            co_return fail(kept.error());
        if (kept->empty())
            co_return fail(FailureKind::NotFound,
                           QStringLiteral("there is no run %1 and no checkpoint of it").arg(id));
    }
    spawn(carryOn(id, std::nullopt));
    if (const QString error = m_runs.value(id).error; !error.isEmpty())
        co_return fail(FailureKind::Conflict, error);
    co_return encodeBegun(id, QStringLiteral("running"));
}

Task<TaskBench::Answer> TaskBench::runs() {
    const auto opened = workspace();
    if (!opened)
        co_return fail(opened.error());
    QStringList problems;
    const std::vector<RunState> all = (*opened)->runs(problems);
    co_return encodeRuns(all, m_runs, problems);
}

Task<TaskBench::Answer> TaskBench::run(QString id) {
    const auto opened = workspace();
    if (!opened)
        co_return fail(opened.error());
    QStringList notes;
    const auto state = isRunId(id) ? (*opened)->run(id, notes)
                                   : Outcome<RunState>(fail(FailureKind::NotFound, QString()));
    if (!state && state.error().kind == FailureKind::NotFound)
        co_return fail(FailureKind::NotFound,
                       QStringLiteral("there is no run \"%1\"").arg(id.left(80)));
    if (!state)
        co_return fail(state.error());
    co_return encodeRun(*state, m_runs.value(id), notes);
}

Task<TaskBench::Answer> TaskBench::letters() {
    const auto opened = workspace();
    if (!opened)
        co_return fail(opened.error());
    const auto all = (*opened)->letters().letters();
    if (!all)
        co_return fail(all.error());
    co_return encodeLetters(*all, m_replaying);
}

Task<TaskBench::Answer> TaskBench::edit(QString id, LetterChange change) {
    const auto opened = workspace();
    if (!opened)
        co_return fail(opened.error());
    if (change.options.contains(QStringLiteral("api_key_env")))
        co_return fail(refusedPlan(QStringLiteral("options.api_key_env can't be changed over "
                                                  "HTTP; use vigied dlq edit")));
    const auto before = (*opened)->letters().find(id);
    if (!before)
        co_return fail(before.error());
    // Its key would go to wherever the new options point.
    if (!change.options.empty())
        if (auto refused = reachesIn(changedEngine(before->engine, change)))
            co_return fail(std::move(*refused));
    const auto letter = changeLetter((*opened)->parts(), id, change);
    if (!letter)
        co_return fail(letter.error());
    co_return encodeDeadLetter(*letter);
}

Task<TaskBench::Answer> TaskBench::drop(QString id, QString why) {
    const auto opened = workspace();
    if (!opened)
        co_return fail(opened.error());
    const auto dropped = (*opened)->letters().drop(id, why);
    if (!dropped)
        co_return fail(dropped.error());
    co_return encodeBegun(id, QStringLiteral("dropped"));
}

Task<TaskBench::Answer> TaskBench::replay(QString id) {
    const auto opened = workspace();
    if (!opened)
        co_return fail(opened.error());
    DeadLetterQueue& queue = (*opened)->letters();
    const auto letter = queue.find(id);
    if (!letter)
        co_return fail(letter.error());
    if (m_replaying.contains(id))
        co_return fail(FailureKind::Conflict,
                       QStringLiteral("letter %1 is being replayed").arg(id));
    if (!queue.mayReplay(*letter))
        co_return fail(FailureKind::Conflict,
                       QStringLiteral("letter %1 has had its %2 tries; edit it for new ones")
                           .arg(id)
                           .arg(queue.options().maxTries));
    if (auto full = noRoom())
        co_return fail(std::move(*full));
    m_replaying.append(id);
    spawn(replayOne(id));
    co_return encodeBegun(id, QStringLiteral("replaying"));
}

Task<> TaskBench::replayOne(QString id) {
    ReplayOptions options;
    options.ids = {id};
    options.perSecond = 1000;
    Task<Outcome<ReplaySummary>> running = replayDeadLetters(
        m_workspace->parts(), m_workspace->preset(), options, m_told, m_scope.token());
    const auto summary = co_await running;
    m_replaying.removeAll(id);
    if (!summary)
        logWarning(hostCategory,
                   QStringLiteral("replay of %1: %2").arg(id, summary.error().message));
}

Task<TaskBench::Answer> TaskBench::checkpoints() {
    const auto opened = workspace();
    if (!opened)
        co_return fail(opened.error());
    const QString everyOne;
    const auto all =
        co_await listCheckpoints((*opened)->checkpoints(), everyOne, true, m_scope.token());
    if (!all)
        co_return fail(all.error());
    co_return encodeCheckpoints(*all);
}

} // namespace vigie
