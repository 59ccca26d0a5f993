#pragma once

#include "core/resilience/callthreads.h"
#include "core/resilience/threadlayers.h"

#include <optional>

namespace vigie::threadrun {

/// Calls on threads of their own that race for one answer: one against its deadline, or several
/// against each other. Shared by who waits and by the threads; a call that was left ends on its
/// own.
template <class F>
struct Race {
    using R = typename F::Value;

    Gate decided;
    std::stop_source stop;
    std::mutex mutex; ///< of the rest
    std::optional<R> answer;
    int attempts = 0;
    int running = 0;
    bool left = false;     ///< nobody waits any more
    bool timedOut = false; ///< because the deadline had passed

    /// Runs `next` on a thread with a copy of the frame; false when there is no thread.
    template <class Next>
    static bool start(const std::shared_ptr<Race>& race, const F& frame, const Next& next,
                      bool hedged) {
        auto own = std::make_shared<F>(frame);
        own->attempts = 0;
        own->pipeline->callLeaves();
        {
            const std::lock_guard lock(race->mutex);
            ++race->running;
        }
        const bool started =
            frame.pipeline->parts().threads->start([race = race, own, next, hedged]() mutable {
                race->ended(*own, next(*own), hedged);
                Pipeline* pipeline = own->pipeline;
                own.reset();
                race.reset();
                pipeline->callReturned();
            });
        if (!started) {
            own->pipeline->callReturned();
            const std::lock_guard lock(race->mutex);
            --race->running;
        }
        return started;
    }

    void ended(F& frame, R result, bool hedged) {
        const bool good = CallTraits<R>::ok(result);
        bool late = false;
        bool won = false;
        {
            const std::lock_guard lock(mutex);
            --running;
            attempts += frame.attempts;
            // A failure only counts when nothing else may still answer.
            const bool decides = !left && !answer && (good || running == 0);
            late = left && timedOut;
            if (decides) {
                won = good && hedged;
                answer.emplace(std::move(result));
            }
        }
        if (won)
            frame.tell(CallEvent::Kind::HedgeWon);
        if (late && (good || CallTraits<R>::trouble(result).errorClass != ErrorClass::Cancelled)) {
            frame.pipeline->timeout().cameLate();
            frame.tell(CallEvent::Kind::LateResult);
        }
        const std::lock_guard lock(mutex);
        if (answer && !left)
            decided.open();
    }

    /// What the waiting thread has in the end: the answer, or that it stops waiting.
    R conclude(F& frame, CallContext::Time due, CallContext::Time start) {
        frame.timePassed();
        {
            const std::lock_guard lock(mutex);
            frame.attempts += attempts + running;
            left = true;
            timedOut = !answer && !frame.context.stop.stop_requested();
        }
        stop.request_stop();
        if (answer)
            return std::move(*answer);
        if (!timedOut)
            return frame.refuse(frame.pipeline->cancelled(), false);
        return tooLate(frame, due - start);
    }

    static R tooLate(F& frame, std::chrono::nanoseconds limit) {
        CallError error = frame.pipeline->timeoutError(limit);
        frame.pipeline->timeout().expired();
        frame.tell(CallEvent::Kind::Timeout, limit, error.errorClass, error.message);
        return frame.refuse(std::move(error), false);
    }
};

template <>
struct Layer<Strategy::Timeout> {
    template <class F, class Next>
    [[gnu::always_inline]] static inline typename F::Value run(F& frame, const Next& next) {
        const auto start = frame.now();
        const auto outer = frame.context.deadline;
        const auto due =
            Timeout::deadline(frame.options->callTimeout ? *frame.options->callTimeout
                                                         : frame.live->profile.timeout.callTimeout,
                              start, outer);
        if (frame.owner && due != CallContext::Time::max())
            return held(frame, next, due);
        return seen(frame, next, due, outer);
    }

private:
    /// On the caller's own thread, where nobody can leave earlier.
    template <class F, class Next>
    [[gnu::always_inline]] static inline typename F::Value
    seen(F& frame, const Next& next, CallContext::Time due, CallContext::Time outer) {
        const auto start = frame.now();
        frame.context.deadline = due;
        auto result = next(frame);
        frame.context.deadline = outer;
        if (frame.now() > due) [[unlikely]] {
            result = Race<F>::tooLate(frame, due - start);
            frame.pipeline->timeout().cameLate();
            frame.tell(CallEvent::Kind::LateResult, frame.now() - start);
        }
        return result;
    }
    template <class F, class Next>
    [[gnu::noinline]] static typename F::Value held(F& frame, const Next& next,
                                                    CallContext::Time due) {
        const auto start = frame.now();
        const auto race = std::make_shared<Race<F>>();
        F inner = frame;
        inner.context.deadline = due;
        inner.context.stop = race->stop.get_token();
        const std::stop_callback onStop(frame.context.stop, [race] { race->stop.request_stop(); });
        if (!Race<F>::start(race, inner, next, false))
            return frame.refuse(frame.pipeline->noThread());
        frame.time.wait(race->decided, due, frame.context.stop);
        return race->conclude(frame, due, start);
    }
};

template <>
struct Layer<Strategy::Hedge> {
    template <class F, class Next>
    static typename F::Value run(F& frame, const Next& next) {
        if (!frame.options->idempotent || !frame.owner)
            return next(frame);
        const HedgeOptions& options = *frame.live->profile.hedge;
        const auto start = frame.now();
        const auto delay = Hedge::delay(options, frame.pipeline->latency());
        const auto race = std::make_shared<Race<F>>();
        F inner = frame;
        inner.context.stop = race->stop.get_token();
        const std::stop_callback onStop(frame.context.stop, [race] { race->stop.request_stop(); });
        if (!Race<F>::start(race, inner, next, false))
            return frame.refuse(frame.pipeline->noThread());
        const auto due = frame.context.deadline;
        for (int calls = 1; calls < options.maxCalls; ++calls) {
            const auto until = Timeout::deadline(delay * calls, start, due);
            if (frame.time.wait(race->decided, until, frame.context.stop) || until == due ||
                frame.context.stop.stop_requested())
                break;
            frame.timePassed();
            inner.timePassed();
            frame.tell(CallEvent::Kind::Hedged, delay);
            if (!Race<F>::start(race, inner, next, true))
                break; // the first goes on alone
        }
        frame.time.wait(race->decided, due, frame.context.stop);
        return race->conclude(frame, due, start);
    }
};

} // namespace vigie::threadrun
