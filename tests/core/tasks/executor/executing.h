#pragma once

#include "core/calls/profiles.h"
#include "core/tasks/engines/mock/mockfactory.h"
#include "core/tasks/executor/taskexecutor.h"
#include "tests/support/fakeclock.h"

#include <map>

namespace vigie {

inline Profile llmTask() {
    return *builtInProfiles().find("llm-task");
}

/// An engine that is whatever a test says, call by call.
class ScriptedEngine final : public TaskEngine {
public:
    using Script = std::function<Task<Outcome<QString>>(int call, EngineRequest, std::stop_token)>;
    explicit ScriptedEngine(Script script) : m_script(std::move(script)) {}

    Task<Outcome<QString>> generate(EngineRequest request, std::stop_token stop) override {
        requests.push_back(request);
        return m_script(static_cast<int>(requests.size()), std::move(request), std::move(stop));
    }
    std::vector<EngineRequest> requests;

private:
    Script m_script;
};

inline tl::unexpected<Failure> failing(ErrorClass errorClass) {
    Failure failure;
    failure.kind = FailureKind::ServerError;
    failure.code = QString::fromLatin1(toString(errorClass));
    failure.message = QStringLiteral("it failed on purpose");
    return fail(std::move(failure));
}

/// A fake clock, one engine called "gpu" and an executor over it.
class ExecutionBench {
public:
    explicit ExecutionBench(std::unique_ptr<TaskEngine> engine, bool resilient = true,
                            Profile profile = llmTask(),
                            Duration patience = std::chrono::minutes(10)) {
        engines.emplace(QStringLiteral("gpu"), std::move(engine));
        TaskExecutorOptions options;
        options.profile = std::move(profile);
        options.patience = patience;
        options.parts.enabled = resilient;
        options.parts.seed = 42;
        executor = std::make_unique<TaskExecutor>(clock, engines, std::move(options));
    }

    static std::vector<TaskOrder> orders(int count, const QString& model = {}) {
        std::vector<TaskOrder> all;
        for (int i = 1; i <= count; ++i)
            all.push_back({{QString::number(i),
                            QStringLiteral("gpu"),
                            model,
                            QStringLiteral("prompt %1").arg(i),
                            {},
                            {}},
                           QStringLiteral("key-%1").arg(i)});
        return all;
    }

    /// Runs all to their end, moving the clock as far as that takes.
    std::vector<TaskResult> run(std::vector<TaskOrder> all, int width, std::stop_token stop = {}) {
        std::vector<TaskResult> results;
        bool over = false;
        const auto watch = [](Task<> running, bool* end) -> Task<> {
            co_await running;
            *end = true;
        };
        const Task<> running = watch(executor->execute(
                                         std::move(all), width,
                                         [&results](const TaskResult& result) {
                                             results.push_back(result);
                                             return true;
                                         },
                                         stop),
                                     &over);
        // Ten days are more than any of it may take.
        for (int step = 0; !over && step < 24 * 3600 * 100; ++step)
            clock.advance(std::chrono::milliseconds(100));
        return over ? results : std::vector<TaskResult>();
    }

    TaskResult one(TaskOrder order) {
        std::vector<TaskOrder> single;
        single.push_back(std::move(order));
        const std::vector<TaskResult> results = run(std::move(single), 1);
        return results.empty() ? TaskResult() : results.front();
    }

    FakeClock clock;
    EngineSet engines;
    std::unique_ptr<TaskExecutor> executor;
};

} // namespace vigie
