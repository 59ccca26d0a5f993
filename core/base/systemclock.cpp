#include "core/base/systemclock.h"

#include <QTimer>

#include <algorithm>
#include <ctime>

namespace vigie {

namespace {

/// Owns the QTimer, so that cancelling an hour's timer leaves nothing behind for an hour.
struct OwningState final : Timer::State {
    ~OwningState() {
        if (firing)
            timer->deleteLater(); // its signal is still being delivered
        else
            delete timer;
    }
    QTimer* timer = new QTimer;
    bool firing = false;
};

} // namespace

MonotonicTime SystemClock::now() const noexcept {
    return std::chrono::steady_clock::now();
}

WallTime SystemClock::wallNow() const noexcept {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now());
}

Duration SystemClock::asleep() noexcept {
    timespec counted{}, withSleep{};
    ::clock_gettime(CLOCK_MONOTONIC, &counted);
    ::clock_gettime(CLOCK_BOOTTIME, &withSleep);
    return std::chrono::seconds(withSleep.tv_sec - counted.tv_sec) +
           std::chrono::nanoseconds(withSleep.tv_nsec - counted.tv_nsec);
}

Timer SystemClock::schedule(Duration delay, std::function<void()> action) {
    auto state = std::make_shared<OwningState>();
    state->action = std::move(action);
    // Rounded up: an action must never run before its delay is over.
    const auto wait =
        std::chrono::ceil<std::chrono::milliseconds>(std::max(delay, Duration::zero()));
    state->timer->setSingleShot(true);
    state->timer->setTimerType(Qt::PreciseTimer);
    QObject::connect(state->timer, &QTimer::timeout, state->timer,
                     [weak = std::weak_ptr<OwningState>(state)] {
                         const auto due = weak.lock();
                         if (!due || !due->action)
                             return;
                         due->firing = true;
                         const auto run = std::move(due->action);
                         due->action = nullptr;
                         run();
                         if (due.use_count() > 1)
                             due->firing = false; // kept by its owner: deleted in peace later
                     });
    state->timer->start(wait);
    return Timer(std::move(state));
}

} // namespace vigie
