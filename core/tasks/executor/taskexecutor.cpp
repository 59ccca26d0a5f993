#include "core/tasks/executor/taskexecutor.h"

#include "core/base/eventual.h"
#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/errors/classify.h"

#include <algorithm>

namespace vigie {

namespace {

/// Shortest wait for an open breaker; it may not know when a trial call will be over.
constexpr Duration leastWait = std::chrono::milliseconds(250);
/// Shorter waits are not worth a line.
constexpr Duration longWait = std::chrono::seconds(3);
/// Characters; written down with everything escaped it still fits a record of a journal.
constexpr qsizetype longestAnswer = 2'000'000;

/// Calls of one task, gathered while they are made; an attempt that was given up at its deadline
/// may still end later, when nobody looks any more.
struct Gathering {
    TaskResult result;
    MonotonicTime begun{};
    std::function<void(Duration)> askedToWait;
    std::optional<MonotonicTime> askedAt; ///< by the attempt before
    Duration waited{};                    ///< because somebody asked for it
};

Task<Outcome<QString>> attempt(Clock& clock, TaskEngine& engine, EngineRequest request,
                               std::shared_ptr<Gathering> gathering,
                               const ErrorClassifier& classifier, CallContext context) {
    const MonotonicTime start = clock.now();
    if (gathering->askedAt)
        gathering->waited += start - *std::exchange(gathering->askedAt, std::nullopt);
    request.timeout = std::min<Duration>(context.deadline - start, std::chrono::hours(24));
    const std::size_t index = gathering->result.attempts.size();
    // As it looks to the caller when no answer comes by the deadline.
    gathering->result.attempts.push_back(
        {start - gathering->begun, request.timeout, false, ErrorClass::Timeout});
    Outcome<QString> outcome = co_await engine.generate(std::move(request), context.stop);
    const MonotonicTime end = clock.now();
    if (end < context.deadline && index < gathering->result.attempts.size()) {
        TaskAttempt& noted = gathering->result.attempts[index];
        noted.took = end - start;
        noted.succeeded = outcome.has_value();
        noted.errorClass =
            outcome ? ErrorClass::Unknown : classify(outcome.error(), classifier, "tasks");
        if (!outcome && outcome.error().retryAfter) {
            gathering->askedAt = end;
            gathering->askedToWait(*outcome.error().retryAfter);
        }
    }
    co_return outcome;
}

} // namespace

/// The pipeline of one model of one engine.
struct TaskExecutor::Line {
    std::string name; ///< what people see of it
    std::string model;
    MonotonicTime quietUntil{}; ///< those who wait till then were told of
    std::shared_ptr<Pipeline> pipeline;
    std::unique_ptr<CallRunner> runner;
};

/// One execute(): what its lanes share.
struct TaskExecutor::Round {
    std::vector<TaskOrder> orders;
    std::size_t next = 0;
    int lanes = 0;
    Ended ended;
    std::stop_source stop;
    Eventual<bool> over;
};

TaskExecutor::TaskExecutor(Clock& clock, const EngineSet& engines, TaskExecutorOptions options)
    : m_clock(clock), m_engines(engines), m_options(std::move(options)) {
    if (!m_options.parts.traits)
        m_options.parts.traits = [classifier = m_options.classifier](ErrorClass errorClass) {
            return classifier->traits(errorClass);
        };
}

TaskExecutor::~TaskExecutor() = default;

TaskExecutor::Line& TaskExecutor::lineOf(const TaskSpec& task) {
    const std::string model = task.model.toStdString();
    std::string key = "engine:" + task.engine.toStdString();
    if (!model.empty())
        key += ":" + model;
    const auto there = m_lines.find(key);
    if (there != m_lines.end())
        return *there->second;
    auto line = std::make_unique<Line>();
    PipelineParts parts = m_options.parts;
    line->model = model;
    line->name = key;
    const QString peer = m_engines.at(task.engine)->peer(task.model);
    if (peer.isEmpty())
        parts.circuits = nullptr;
    else if (parts.circuits)
        line->name = "engine:" + peer.toStdString();
    line->pipeline =
        std::make_shared<Pipeline>(line->name, profileFor(*line), std::move(parts), m_clock.now());
    line->runner =
        std::make_unique<CallRunner>(m_clock, line->pipeline, [this](const Failure& failure) {
            return classify(failure, *m_options.classifier, "tasks");
        });
    return *m_lines.emplace(std::move(key), std::move(line)).first->second;
}

Profile TaskExecutor::profileFor(const Line& line) const {
    Profile profile = m_options.profile.forModel(line.model);
    if (profile.circuit)
        profile.circuit->name = line.name;
    profile.retry.awaitsBreaker = false; // the task's patience decides
    return profile;
}

void TaskExecutor::tellWait(Line& line, Duration wait, const QString& sentence) {
    const MonotonicTime now = m_clock.now();
    if (wait < longWait || now < line.quietUntil)
        return;
    line.quietUntil = now + wait;
    logWarning(QStringLiteral("tasks"), sentence);
}

Task<TaskResult> TaskExecutor::executeOne(TaskOrder order, std::stop_token stop) {
    const auto gathering = std::make_shared<Gathering>();
    gathering->begun = m_clock.now();
    TaskResult& result = gathering->result;
    result.taskId = order.task.id;
    result.engine = order.task.engine;
    result.model = order.task.model;
    result.startedAt = m_clock.wallNow();
    const auto engine = m_engines.find(order.task.engine);
    if (engine == m_engines.end()) {
        result.errorClass = ErrorClass::Internal;
        result.message = QStringLiteral("there is no engine \"%1\"").arg(order.task.engine);
        co_return result;
    }
    Line& line = lineOf(order.task);
    gathering->askedToWait = [this, &line, id = order.task.id](Duration wait) {
        tellWait(line, wait,
                 QStringLiteral("task %1: %2 asks to wait %3 before it is asked again")
                     .arg(id, QString::fromStdString(line.name), humanDuration(wait)));
    };
    CallOptions options;
    options.stop = stop;
    // Sent under one key however often: what an engine did already it need not do again.
    options.idempotent = true;
    options.idempotencyKey = order.idempotencyKey.toStdString();
    options.callTimeout = order.task.timeout;
    const EngineRequest request{order.task.model, order.task.prompt, order.task.file,
                                order.idempotencyKey};
    const CallFunction<QString> call = [this, request, gathering,
                                        &engine = *engine->second](CallContext context) {
        return attempt(m_clock, engine, request, gathering, *m_options.classifier,
                       std::move(context));
    };
    for (;;) {
        options.patience = std::max(m_options.patience - gathering->waited, Duration::zero());
        Outcome<QString> outcome = co_await line.runner->run<QString>(call, options);
        result.took = m_clock.now() - gathering->begun;
        if (outcome && outcome->size() > longestAnswer) {
            result.errorClass = ErrorClass::AnswerTooLarge;
            result.message = QStringLiteral("the answer has %1 characters, more than %2")
                                 .arg(outcome->size())
                                 .arg(longestAnswer);
            break;
        }
        if (outcome) {
            result.succeeded = true;
            result.text = std::move(*outcome);
            break;
        }
        result.errorClass = classify(outcome.error(), *m_options.classifier, "tasks");
        result.message = outcome.error().message;
        const Duration wait = std::max(outcome.error().retryAfter.value_or(leastWait), leastWait);
        const Duration left = m_options.patience - gathering->waited;
        if (result.errorClass != ErrorClass::BreakerOpen || wait > left) {
            if (outcome.error().retryAfter && wait > left &&
                m_options.classifier->traits(result.errorClass).retriable)
                result.message += QStringLiteral("; it asks to wait %1, longer than the task's "
                                                 "patience")
                                      .arg(humanDuration(wait));
            break;
        }
        // Nothing was sent: an open breaker is no verdict on this task, which can wait for it.
        gathering->waited += wait;
        gathering->askedAt.reset();
        tellWait(line, wait,
                 QStringLiteral("task %1 waits %2 for the circuit breaker %3, which is open")
                     .arg(order.task.id, humanDuration(wait), QString::fromStdString(line.name)));
        const bool rested = co_await sleepFor(m_clock, wait, stop);
        if (!rested) {
            result.errorClass = ErrorClass::Cancelled;
            break;
        }
    }
    TaskResult done = result;
    co_return done;
}

Task<> TaskExecutor::lane(std::shared_ptr<Round> round) {
    const std::stop_token stop = round->stop.get_token();
    while (round->next < round->orders.size() && !stop.stop_requested()) {
        TaskOrder order = std::move(round->orders[round->next++]);
        const TaskResult result = co_await executeOne(std::move(order), stop);
        const bool stopped = !result.succeeded && result.errorClass == ErrorClass::Cancelled &&
                             stop.stop_requested();
        if (!stopped && !round->ended(result))
            round->stop.request_stop();
    }
    if (--round->lanes == 0)
        round->over.resolve(true);
}

Task<> TaskExecutor::execute(std::vector<TaskOrder> orders, int width, Ended ended,
                             std::stop_token stop) {
    if (orders.empty())
        co_return;
    const auto round = std::make_shared<Round>();
    round->lanes = std::clamp(width, 1, static_cast<int>(orders.size()));
    round->orders = std::move(orders);
    round->ended = std::move(ended);
    const std::stop_callback passOn(stop, [round] { round->stop.request_stop(); });
    const std::stop_callback onEnd(m_scope.token(), [round] { round->stop.request_stop(); });
    const int lanes = round->lanes;
    for (int i = 0; i < lanes; ++i)
        m_scope.spawn(lane(round));
    co_await round->over;
    // The last lane is still on the stack; who awaits this may destroy the executor next.
    co_await sleepFor(m_clock, Duration::zero(), {});
}

std::string TaskExecutor::reload(const Profile& profile) {
    if (std::string problem = profile.problem(); !problem.empty())
        return problem;
    m_options.profile = profile;
    for (const auto& [key, line] : m_lines) {
        if (std::string problem = line->pipeline->reload(profileFor(*line), m_clock.now());
            !problem.empty())
            return problem;
    }
    return {};
}

std::vector<const Pipeline*> TaskExecutor::pipelines() const {
    std::vector<const Pipeline*> all;
    for (const auto& [key, line] : m_lines)
        all.push_back(line->pipeline.get());
    return all;
}

} // namespace vigie
