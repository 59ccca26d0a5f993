#include "core/resilience/replay.h"

#include "core/resilience/circuitbreaker.h"
#include "core/resilience/saturating.h"

#include <queue>

#include <algorithm>
#include <memory>

namespace vigie {

namespace {

using Time = CircuitBreaker::Time;

/// A call under way: it ends after those that end earlier or, together, began earlier.
struct UnderWay {
    Time end;
    std::size_t order;
    const RecordedCall* call;
    std::shared_ptr<CircuitPermit> permit;

    bool operator<(const UnderWay& other) const { // for a queue with the earliest on top
        return end != other.end ? end > other.end : order > other.order;
    }
};

void finish(const UnderWay& done) {
    if (done.call->failed)
        done.permit->fail(done.end, done.call->errorClass, done.call->cause);
    else
        done.permit->succeed(done.end);
}

std::chrono::nanoseconds timeNotClosed(const std::vector<CircuitTransition>& transitions,
                                       Time end) {
    std::chrono::nanoseconds total{};
    std::optional<Time> since;
    for (const CircuitTransition& transition : transitions) {
        if (transition.to == CircuitMode::Closed && since) {
            total += transition.at - *since;
            since.reset();
        } else if (transition.to == CircuitMode::Open && !since) {
            since = transition.at;
        }
    }
    return since ? total + (end - *since) : total;
}

} // namespace

ReplayResult replay(std::span<const RecordedCall> calls, const CircuitOptions& options) {
    ReplayResult result;
    CircuitBreaker breaker(options, [&result](const CircuitEvent& event) {
        if (event.transition)
            result.transitions.push_back(*event.transition);
    });
    std::vector<const RecordedCall*> inOrder;
    for (const RecordedCall& call : calls)
        inOrder.push_back(&call);
    std::ranges::stable_sort(inOrder, {}, &RecordedCall::at);

    std::priority_queue<UnderWay> underWay;
    Time last{};
    const auto finishUntil = [&](Time now) {
        for (; !underWay.empty() && underWay.top().end <= now; underWay.pop()) {
            finish(underWay.top());
            last = underWay.top().end;
        }
    };
    for (const RecordedCall* call : inOrder) {
        const Time begin(call->at);
        finishUntil(begin);
        last = begin;
        ++result.calls;
        result.failures += call->failed;
        auto permit = std::make_shared<CircuitPermit>(breaker.acquire(begin));
        if (*permit)
            underWay.push({saturating::later(begin, call->duration), result.calls, call, permit});
        else
            ++(call->failed ? result.refusedFailures : result.refusedSuccesses);
    }
    finishUntil(Time::max());
    const CircuitSnapshot end = breaker.snapshot(last);
    result.opens = end.opens;
    result.resets = end.resets;
    result.endsAs = end.computed;
    result.notClosed = timeNotClosed(result.transitions, last);
    return result;
}

} // namespace vigie
