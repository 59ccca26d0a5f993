#pragma once

#include "core/base/task.h"

#include <QTest>

#include <optional>

namespace vigie {

/// Runs the event loop until a task is over and returns its result. Gives up (and ends the test
/// program with a message) after 30 s, because then nothing else makes sense.
template <typename T>
T awaited(Task<T> task) {
    std::optional<T> result;
    [](Task<T> inner, std::optional<T>& out) -> Task<> {
        out.emplace(co_await inner);
    }(std::move(task), result);
    if (!QTest::qWaitFor([&result] { return result.has_value(); }, 30'000))
        qFatal("a task did not end within 30 s");
    return std::move(*result);
}

} // namespace vigie
