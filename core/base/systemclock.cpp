#include "core/base/systemclock.h"

#include <QTimer>

#include <algorithm>

namespace vigie {

MonotonicTime SystemClock::now() const noexcept {
    return std::chrono::steady_clock::now();
}

WallTime SystemClock::wallNow() const noexcept {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now());
}

Timer SystemClock::schedule(Duration delay, std::function<void()> action) {
    auto state = std::make_shared<Timer::State>(Timer::State{std::move(action)});
    // Rounded up: an action must never run before its delay is over.
    const auto wait =
        std::chrono::ceil<std::chrono::milliseconds>(std::max(delay, Duration::zero()));
    // The timer is its own context, so that a cancelled long timer is the only thing left behind,
    // and holds the state weakly, so that cancelling frees what the action captured at once.
    auto* timer = new QTimer;
    timer->setSingleShot(true);
    timer->setTimerType(Qt::PreciseTimer);
    QObject::connect(timer, &QTimer::timeout, timer,
                     [timer, weak = std::weak_ptr<Timer::State>(state)] {
                         timer->deleteLater();
                         const auto pending = weak.lock();
                         if (!pending || !pending->action)
                             return;
                         const auto run = std::move(pending->action);
                         pending->action = nullptr;
                         run();
                     });
    timer->start(wait);
    return Timer(std::move(state));
}

} // namespace vigie
