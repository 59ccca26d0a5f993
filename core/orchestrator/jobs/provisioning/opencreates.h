#pragma once

#include "core/orchestrator/jobs/job.h"

namespace vigie::jobs::provisioning {

/// Creates of which nobody knows whether they made a machine: those that were not answered, and
/// those of a daemon that died, which other daemons and the next start find in the action log,
/// where their PROVIDER_CREATE has no end. A provider's lists may show such a machine late, and
/// until then another create, or to call the instance gone, would leak one.
class OpenCreates {
public:
    explicit OpenCreates(JobContext& context) : m_context(context) {}

    /// Its outcome is unknown since now.
    void note(const InstanceId& id) { m_since.insert(id, m_context.clock.now()); }
    /// For how long a machine of the instance, which no list shows, may still show up; zero: it
    /// doesn't exist, and its create has been ended. Counted from when the doubt arose here, which
    /// is later than the create was sent.
    Task<Outcome<Duration>> mayShowUpFor(InstanceId id);
    /// It made that machine.
    Task<Outcome<void>> made(InstanceId id, MachineId machine);

private:
    /// The row of the log; nothing when the newest create of the instance has an end.
    Task<Outcome<std::optional<ActionLogId>>> open(InstanceId id);

    JobContext& m_context;
    QHash<InstanceId, MonotonicTime> m_since;
};

/// Whether a create that ended so may have made a machine.
bool mayHaveMadeOne(const Failure& failure);
/// What stands against another one for `rest`, looked at again after `next`.
Failure unsettled(Duration rest, Duration next);
bool isUnsettled(const Failure& failure);

} // namespace vigie::jobs::provisioning
