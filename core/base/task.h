#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"

#include <qcorotask.h>

#include <stop_token>

namespace vigie {

/// A coroutine on the event loop of the thread that started it. It starts at once and runs to its
/// first suspension. Destroying a Task does not stop it: hand it to a TaskScope and let it honour
/// its stop token.
template <typename T = void>
using Task = QCoro::Task<T>;

/// Waits `delay` on `clock`; false when `stop` was requested first (then it returns at once).
Task<bool> sleepFor(Clock& clock, Duration delay, std::stop_token stop);

/// Owns running tasks: an object that starts coroutines has one as its last member, so that they
/// are asked to stop and are over before anything they use dies.
class TaskScope {
public:
    TaskScope();
    /// Requests the stop and runs the event loop until every task is over.
    ~TaskScope();
    TaskScope(const TaskScope&) = delete;
    TaskScope& operator=(const TaskScope&) = delete;

    std::stop_token token() const { return m_stop.get_token(); }
    void requestStop() { m_stop.request_stop(); }
    void spawn(Task<> task);
    bool idle() const;
    /// Requests the stop and runs the event loop until every task is over.
    void drain();

private:
    struct Running;
    std::stop_source m_stop;
    std::shared_ptr<Running> m_running;
};

} // namespace vigie
