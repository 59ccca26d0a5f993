#pragma once

#include "core/model/heartbeat.h"
#include "core/store/store.h"

namespace vigie {

/// What the instance has cost until `now`, in the currency of its price: the sum over the times in
/// which it had a machine. Nothing while it has cost nothing.
std::optional<double> costUntil(const InstanceRecord& record, WallTime now);

/// Brings the account of what an instance costs up to a change of its state, machine or price; what
/// is to be told of it, nothing when the change costs nothing.
std::optional<FinopsEvent> settleCost(const InstanceRecord& before, InstanceRecord& after,
                                      WallTime now);

/// An event for the books about an instance as it is now, with its cost so far.
FinopsEvent finopsEvent(FinopsKind kind, const Instance& instance, WallTime now);

/// Puts a record into a state, with all that goes with it: stamps, progress_percent by the
/// contract, the end of old error texts. The only place that writes `status`.
void enterStatus(InstanceRecord& record, InstanceStatus status, WallTime now);

/// Nothing is in hand any more, however it ended.
void endWork(InstanceRecord& record);

/// What goes with "the provider proved it absent": no work, no worker of it counts any more.
void markDeletedByProvider(InstanceRecord& record);

/// Whether a sign of life of its worker takes back that its start-up is over its limit: nothing was
/// heard of it when that passed, or it is `ready` now. Who beat all along without becoming ready
/// does nothing new by going on.
bool comesLate(const InstanceRecord& record, bool ready);

/// What a heartbeat changes in a record; an address is taken only when none is known.
void takeBeat(Instance& instance, const Heartbeat& heartbeat, WallTime now);

/// Copies the fields that takeBeat() writes.
void copyBeatFields(const Instance& from, Instance& to);

/// What the store keeps of the newest beat of an instance.
HeartbeatStamp heartbeatStamp(const Instance& instance);

/// Fills what a log entry leaves empty: id, times, instance, the states before and (when it is
/// complete already) after, the instance's correlation id, and as its parent the work in hand when
/// it is part of the same order.
void completeLog(ActionLog& entry, const InstanceRecord& before, const InstanceRecord& after,
                 WallTime now);

} // namespace vigie
