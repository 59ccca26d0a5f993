#pragma once

#include "core/resilience/threadlayers.h"

namespace vigie::threadrun {

/// A thread in the bulkhead's queue.
struct QueuedThread : Bulkhead::Waiter {
    Gate gate;
    QueuedThread() {
        granted = [](Bulkhead::Waiter& waiter) { static_cast<QueuedThread&>(waiter).gate.open(); };
    }
};

template <>
struct Layer<Strategy::Bulkhead> {
    template <class F, class Next>
    static typename F::Value run(F& frame, const Next& next) {
        BulkheadPermit permit = frame.live->bulkhead->tryAcquire();
        if (!permit) [[unlikely]] {
            permit = queue(frame);
            if (!permit)
                return frame.context.stop.stop_requested()
                           ? frame.refuse(frame.pipeline->cancelled(), false)
                           : frame.refuse(frame.pipeline->bulkheadRefusal());
        }
        return next(frame);
    }

private:
    template <class F>
    static BulkheadPermit queue(F& frame) {
        Bulkhead& bulkhead = *frame.live->bulkhead;
        QueuedThread queued;
        const Bulkhead::Entry entry = bulkhead.enter(queued);
        if (entry == Bulkhead::Entry::Full)
            return {};
        if (entry == Bulkhead::Entry::Waiting) {
            const auto until = std::min(frame.now() + bulkhead.maxWait(), frame.context.deadline);
            bool admitted = frame.time.wait(queued.gate, until, frame.context.stop);
            frame.timePassed();
            if (!admitted && bulkhead.abandon(queued))
                return {};
            if (!admitted) {
                // Granted in the same moment: the gate is being opened just now.
                queued.gate.waitUntil(CallContext::Time::max(), {});
            }
        }
        return bulkhead.adopt();
    }
};

} // namespace vigie::threadrun
