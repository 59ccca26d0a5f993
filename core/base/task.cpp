#include "core/base/task.h"

#include "core/base/eventual.h"

#include <QCoreApplication>
#include <QEventLoop>

namespace vigie {

Task<bool> sleepFor(Clock& clock, Duration delay, std::stop_token stop) {
    if (stop.stop_requested())
        co_return false;
    Eventual<bool> over;
    const Timer timer = clock.schedule(delay, [over] { over.resolve(true); });
    const std::stop_callback onStop(stop, [over] { over.resolve(false); });
    const bool elapsed = co_await over;
    co_return elapsed;
}

struct TaskScope::Running {
    int count = 0;
};

TaskScope::TaskScope() : m_running(std::make_shared<Running>()) {}

TaskScope::~TaskScope() {
    drain();
}

void TaskScope::spawn(Task<> task) {
    ++m_running->count;
    // The frame of this coroutine frees itself when it ends; its Task may be dropped.
    [](Task<> inner, std::shared_ptr<Running> running) -> Task<> {
        co_await inner;
        --running->count;
    }(std::move(task), m_running);
}

bool TaskScope::idle() const {
    return m_running->count == 0;
}

void TaskScope::drain() {
    requestStop();
    while (!idle())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

} // namespace vigie
