#pragma once

#include "core/base/systemclock.h"
#include "core/base/task.h"

#include <QEventLoop>

#include <memory>
#include <optional>

namespace vigie {

/// Runs the event loop until `task` has its value; nothing when it has none after `limit`, so that
/// a lost answer fails its test instead of hanging it.
template <typename T>
std::optional<T> await(Task<T> task, Duration limit = std::chrono::seconds(60)) {
    struct Waiting {
        std::optional<T> value;
        QEventLoop* loop = nullptr;
    };
    const auto finish = [](Task<T> running, std::shared_ptr<Waiting> waiting) -> Task<> {
        T result = co_await running;
        waiting->value.emplace(std::move(result));
        if (waiting->loop)
            waiting->loop->quit();
    };
    const auto waiting = std::make_shared<Waiting>();
    const Task<> finishing = finish(std::move(task), waiting);
    if (!waiting->value) {
        QEventLoop loop;
        SystemClock clock;
        const Timer deadline = clock.schedule(limit, [&loop] { loop.quit(); });
        waiting->loop = &loop;
        loop.exec();
        waiting->loop = nullptr;
    }
    return std::move(waiting->value);
}

/// The same for one that has no value; false when it was not over after `limit`.
inline bool await(Task<> task, Duration limit = std::chrono::seconds(60)) {
    const auto valued = [](Task<> running) -> Task<bool> {
        co_await running;
        co_return true;
    };
    return await(valued(std::move(task)), limit).value_or(false);
}

} // namespace vigie
