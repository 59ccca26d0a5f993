#include "core/tasks/runner/activerun.h"

#include "core/base/log.h"

#include <algorithm>

namespace vigie {

namespace {

const QString runCategory = QStringLiteral("tasks.runner");

} // namespace

QueueRunner::Run::Run(const QueueRunnerParts& parts, const WorkflowPreset& preset,
                      ExecutionPlan plan, RunState state, std::unique_ptr<RunJournal> journal)
    : m_parts(parts), m_preset(preset), m_plan(std::move(plan)), m_state(std::move(state)),
      m_journal(std::move(journal)),
      m_history(parts.clock, parts.checkpoints, m_state.header.id, preset.checkpointKeep) {
    for (const TaskSpec& task : m_plan.tasks)
        m_tasks.emplace(task.id, &task);
}

QueueRunner::Run::~Run() = default;

void QueueRunner::Run::note(const QString& sentence) {
    if (m_notes.contains(sentence))
        return;
    m_notes.append(sentence);
    logWarning(runCategory, QStringLiteral("run %1: %2").arg(m_state.header.id, sentence));
}

Outcome<void> QueueRunner::Run::makeEngines(Profile profile) {
    auto engines =
        vigie::makeEngines(m_parts.clock, m_plan.engines, m_parts.kinds, m_parts.classifier);
    if (!engines)
        return fail(engines.error());
    m_engines = std::move(*engines);
    TaskExecutorOptions options;
    options.profile = std::move(profile);
    options.patience = m_plan.patience;
    options.parts = m_parts.calls;
    options.classifier = m_parts.classifier;
    options.parts.enabled = m_parts.calls.enabled && m_preset.enabled;
    if (!options.parts.enabled)
        note(QStringLiteral("resilience is off: each task is tried once, without time-out"));
    else if (!options.parts.circuitEnabled)
        note(QStringLiteral(
            "circuit breakers are off: an engine that fails is called all the same"));
    m_executor = std::make_unique<TaskExecutor>(m_parts.clock, m_engines, std::move(options));
    return {};
}

std::vector<TaskOrder> QueueRunner::Run::ordersLeft() const {
    std::vector<TaskOrder> orders;
    for (const TaskSpec& task : m_plan.tasks) {
        if (!m_state.results.contains(task.id))
            orders.push_back({task, idempotencyKey(m_state.header.id, task.id)});
    }
    return orders;
}

/// Those that failed of something that may have passed.
std::vector<TaskOrder> QueueRunner::Run::ordersToReplay() {
    std::vector<TaskOrder> orders;
    for (const auto& [id, result] : m_state.results) {
        const auto task = m_tasks.find(id);
        if (result.succeeded || task == m_tasks.end() ||
            !m_parts.classifier->traits(result.errorClass).retriable)
            continue;
        const auto letter = m_parts.letters.find(DeadLetter::idOf(m_state.header.id, id));
        // Edited or dropped letters are a person's business now.
        if (letter && m_parts.letters.mayReplay(*letter) && letter->task == *task->second)
            orders.push_back({*task->second, letter->idempotencyKey});
    }
    return orders;
}

Task<Outcome<void>> QueueRunner::Run::execute(Told told, std::stop_token stop) {
    m_told = std::move(told);
    arm();
    co_await m_executor->execute(
        ordersLeft(), m_plan.width(), [this](const TaskResult& result) { return ended(result); },
        stop);
    // Switched off, each task is tried once; a replay would be a second time.
    const bool replays = m_journal && m_parts.calls.enabled;
    for (int round = 0; replays && round < m_preset.deadLetterReplayRounds; ++round) {
        std::vector<TaskOrder> orders = ordersToReplay();
        if (orders.empty() || m_broken || stop.stop_requested())
            break;
        const bool rested = co_await sleepFor(m_parts.clock, m_preset.retryMaxDelay, stop);
        if (!rested)
            break;
        co_await m_executor->execute(
            std::move(orders), m_plan.width(),
            [this](const TaskResult& result) { return endedAgain(result); }, stop);
    }
    m_autoSave.reset();
    if (m_journal && !m_broken && summary().finished()) {
        m_state.finishedAt = m_parts.clock.wallNow();
        if (const auto appended = m_journal->append(RunFinished{*m_state.finishedAt}); !appended)
            m_broken = appended.error();
        m_dirty = true;
    }
    while (m_saving) { // one that the interval began; what it holds is older than the end
        co_await sleepFor(m_parts.clock, std::chrono::milliseconds(10), {});
    }
    co_await save();
    if (m_broken)
        co_return fail(*m_broken);
    co_return Outcome<void>();
}

/// Writes a result down and only then tells of it; false when the disk failed.
bool QueueRunner::Run::keep(const TaskResult& result) {
    if (m_journal) {
        if (const auto appended = m_journal->append(result); !appended) {
            m_broken = appended.error();
            return false;
        }
    }
    m_state.take(result);
    m_dirty = true;
    if (m_told)
        m_told(result);
    return true;
}

Outcome<void> QueueRunner::Run::bury(const TaskResult& result) {
    const TaskSpec& task = *m_tasks.at(result.taskId);
    DeadLetter letter;
    letter.id = DeadLetter::idOf(m_state.header.id, task.id);
    letter.runId = m_state.header.id;
    letter.planName = m_plan.name;
    letter.profile = m_plan.profile;
    letter.task = task;
    letter.engine = *m_plan.engine(task.engine);
    letter.idempotencyKey = idempotencyKey(m_state.header.id, task.id);
    letter.errorClass = result.errorClass;
    letter.message = result.message;
    letter.attempts = static_cast<int>(result.attempts.size());
    return m_parts.letters.add(std::move(letter));
}

bool QueueRunner::Run::ended(const TaskResult& result) {
    // The letter first: a crash between the two runs the task again and replaces the letter.
    if (!result.succeeded && m_journal) {
        if (const auto buried = bury(result); !buried) {
            m_broken = buried.error();
            return false;
        }
    }
    return keep(result);
}

bool QueueRunner::Run::endedAgain(const TaskResult& result) {
    const QString letter = DeadLetter::idOf(m_state.header.id, result.taskId);
    if (!result.succeeded) {
        const auto again = m_parts.letters.failedAgain(
            letter, static_cast<int>(result.attempts.size()), result.errorClass, result.message);
        return again || again.error().kind == FailureKind::NotFound; // dropped meanwhile
    }
    // The result first: a crash between the two leaves a letter whose replay meets the same key.
    if (!keep(result))
        return false;
    const auto dropped = m_parts.letters.drop(letter, QStringLiteral("replayed"));
    return dropped || dropped.error().kind == FailureKind::NotFound;
}

void QueueRunner::Run::arm() {
    if (m_journal)
        m_autoSave.emplace(m_parts.clock, m_preset.checkpointInterval,
                           [this] { m_scope.spawn(save()); });
}

Task<> QueueRunner::Run::save() {
    if (!m_journal || !m_dirty || m_saving)
        co_return;
    m_saving = true;
    m_dirty = false;
    const QByteArray state = encodeRunState(m_state);
    // Not the run's stop: what was done is worth keeping also when it is stopped.
    const auto saved = co_await m_history.save(state, {});
    m_saving = false;
    if (!saved) {
        // The journal holds everything; a checkpoint that can't be saved is no reason to stop.
        m_dirty = true;
        note(QStringLiteral("no checkpoint could be saved: ") + saved.error().message);
    }
}

RunSummary QueueRunner::Run::summary() const {
    RunSummary summary;
    summary.runId = m_state.header.id;
    summary.planName = m_plan.name;
    summary.total = static_cast<int>(m_plan.tasks.size());
    for (const TaskSpec& task : m_plan.tasks) {
        const auto result = m_state.results.find(task.id);
        if (result != m_state.results.end())
            ++(result->second.succeeded ? summary.succeeded : summary.failed);
    }
    summary.notes = m_notes;
    return summary;
}

std::string QueueRunner::Run::configure(const WorkflowPreset& preset, const Profile& profile) {
    if (std::string problem = m_executor->reload(profile); !problem.empty())
        return problem;
    const bool rearm = preset.checkpointInterval != m_preset.checkpointInterval;
    m_preset = preset;
    m_history.setKeep(preset.checkpointKeep);
    if (rearm && m_autoSave)
        arm();
    return {};
}

} // namespace vigie
