#include "core/calls/callfailure.h"
#include "core/calls/runlayers.h"

#include <algorithm>

namespace vigie {

// The layers in which several things race: the answer, a deadline, a second call, a free place.

/// An attempt and its deadline. Whichever comes first resolves `answer`.
struct CallRunner::Private::Attempt {
    Eventual<Result> answer;
    std::stop_source stop;
    bool timedOut = false;
    bool left = false; ///< nobody waits for it any more
};

Task<CallRunner::Private::Result> CallRunner::Private::timeoutLayer(RunPtr run, std::size_t index,
                                                                    CallContext context) {
    const MonotonicTime start = clock.now();
    const Duration limit =
        run->options.callTimeout.value_or(run->live->profile.timeout.callTimeout);
    const CallContext::Time due = Timeout::deadline(limit, start, context.deadline);
    if (due == CallContext::Time::max()) {
        Task<Result> within = layer(run, index + 1, std::move(context));
        Result result = co_await within;
        co_return result;
    }
    const auto attempt = std::make_shared<Attempt>();
    const std::stop_token callers = context.stop;
    context.deadline = due;
    context.stop = attempt->stop.get_token();
    // The callee is told to stop first; then whoever waits goes on, whatever the callee does.
    const auto leave = [attempt](Failure failure) {
        attempt->left = true;
        attempt->stop.request_stop();
        attempt->answer.resolve(fail(std::move(failure)));
    };
    const Timer deadline = clock.schedule(due - start, [this, attempt, leave, context, start] {
        const auto go = leave; // resuming the waiter destroys this timer
        const CallError error = pipeline->timeoutError(context.deadline - start);
        attempt->timedOut = true;
        pipeline->timeout().expired();
        tell(Kind::Timeout, context, context.deadline - start, error.errorClass, error.message);
        go(failureFrom(error));
    });
    const std::stop_callback onStop(callers, [this, leave] {
        const auto go = leave;
        go(failureFrom(pipeline->cancelled()));
    });
    if (!attempt->left)
        scope.spawn(drive(attempt, std::move(run), index, std::move(context)));
    Result result = co_await attempt->answer;
    co_return result;
}

Task<> CallRunner::Private::drive(std::shared_ptr<Attempt> attempt, RunPtr run, std::size_t index,
                                  CallContext context) {
    const MonotonicTime start = clock.now();
    const std::stop_callback onEnd(scope.token(), [attempt] { attempt->stop.request_stop(); });
    const CallContext told = context;
    Task<Result> within = layer(std::move(run), index + 1, std::move(context));
    Result result = co_await within;
    if (!attempt->left) {
        attempt->left = true;
        attempt->answer.resolve(std::move(result));
        co_return;
    }
    const bool obeyed = !result && classify(result.error()) == ErrorClass::Cancelled;
    if (!attempt->timedOut || obeyed)
        co_return;
    pipeline->timeout().cameLate();
    tell(Kind::LateResult, told, clock.now() - start);
}

/// Calls that run side by side for one answer.
struct CallRunner::Private::Race {
    Eventual<Result> answer;
    std::stop_source stop;
    Timer timer;
    int started = 0;
    int running = 0;
    bool over = false;

    void end(Result result) {
        over = true;
        timer.cancel();
        stop.request_stop();
        answer.resolve(std::move(result));
    }
};

Task<CallRunner::Private::Result> CallRunner::Private::hedgeLayer(RunPtr run, std::size_t index,
                                                                  CallContext context) {
    if (!run->options.idempotent) {
        Task<Result> within = layer(run, index + 1, std::move(context));
        Result result = co_await within;
        co_return result;
    }
    const auto race = std::make_shared<Race>();
    const std::stop_token callers = context.stop;
    context.stop = race->stop.get_token();
    const std::stop_callback onStop(callers, [this, race] {
        const auto own = race;
        own->end(fail(failureFrom(pipeline->cancelled())));
    });
    if (!race->over) {
        const Duration delay = Hedge::delay(*run->live->profile.hedge, pipeline->latency());
        armHedge(race, run, index, context, delay);
        race->started = race->running = 1;
        scope.spawn(drive(race, run, index, context, 1));
    }
    Result result = co_await race->answer;
    co_return result;
}

void CallRunner::Private::armHedge(const std::shared_ptr<Race>& race, const RunPtr& run,
                                   std::size_t index, const CallContext& context, Duration delay) {
    race->timer =
        clock.schedule(delay, [this, weak = std::weak_ptr<Race>(race), run, index, context, delay] {
            const auto own = weak.lock();
            if (!own || own->over)
                return;
            // Copied: arming anew replaces the timer that holds these.
            const auto [r, i, c, d] = std::tuple(run, index, context, delay);
            const int number = ++own->started;
            ++own->running;
            if (number < r->live->profile.hedge->maxCalls)
                armHedge(own, r, i, c, d);
            tell(Kind::Hedged, c, d);
            scope.spawn(drive(own, r, i, c, number));
        });
}

Task<> CallRunner::Private::drive(std::shared_ptr<Race> race, RunPtr run, std::size_t index,
                                  CallContext context, int number) {
    const MonotonicTime start = clock.now();
    const std::stop_callback onEnd(scope.token(), [race] { race->stop.request_stop(); });
    const CallContext told = context;
    Task<Result> within = layer(std::move(run), index + 1, std::move(context));
    Result result = co_await within;
    --race->running;
    // A failure only counts when nothing else may still answer.
    if (race->over || (!result && race->running > 0))
        co_return;
    if (result && number > 1)
        tell(Kind::HedgeWon, told, clock.now() - start);
    race->end(std::move(result));
}

/// A coroutine in the bulkhead's queue. The place may be granted on any thread.
struct CallRunner::Private::Queued : Bulkhead::Waiter {
    enum class Turn { Granted, TooLate, Stopped };
    Eventual<Turn> turn;
    Eventual<bool> granting; ///< resolved by the grant alone
    Door::Handle door;

    static void grant(Bulkhead::Waiter& waiter) {
        auto& self = static_cast<Queued&>(waiter);
        self.door.post([turn = self.turn, granting = self.granting] {
            granting.resolve(true);
            turn.resolve(Turn::Granted);
        });
    }
};

Task<CallRunner::Private::Result> CallRunner::Private::bulkheadLayer(RunPtr run, std::size_t index,
                                                                     CallContext context) {
    Bulkhead& bulkhead = *run->live->bulkhead;
    BulkheadPermit permit = bulkhead.tryAcquire();
    if (!permit) {
        Queued queued;
        queued.granted = &Queued::grant;
        queued.door = door.handle();
        const Bulkhead::Entry entry = bulkhead.enter(queued);
        if (entry == Bulkhead::Entry::Full)
            co_return refuse(pipeline->bulkheadRefusal(), context);
        if (entry == Bulkhead::Entry::Waiting) {
            const MonotonicTime now = clock.now();
            const Eventual<Queued::Turn> turn = queued.turn;
            const Timer limit = clock.schedule(
                std::min<Duration>(bulkhead.maxWait(), context.deadline - now), [turn] {
                    const auto own = turn;
                    own.resolve(Queued::Turn::TooLate);
                });
            const std::stop_callback onStop(context.stop, [turn] {
                const auto own = turn;
                own.resolve(Queued::Turn::Stopped);
            });
            const Queued::Turn got = co_await turn;
            if (got != Queued::Turn::Granted) {
                if (!bulkhead.abandon(queued)) {
                    // Granted in the same moment: the place is ours and goes back.
                    co_await queued.granting;
                    bulkhead.adopt().release();
                }
                if (got == Queued::Turn::Stopped)
                    co_return refuse(pipeline->cancelled(), context, false);
                co_return refuse(pipeline->bulkheadRefusal(), context);
            }
        }
        permit = bulkhead.adopt();
    }
    Task<Result> within = layer(run, index + 1, std::move(context));
    Result result = co_await within;
    co_return result;
}

} // namespace vigie
