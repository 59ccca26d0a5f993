#pragma once

#include "core/orchestrator/controlplane.h"

namespace vigie {

/// The work in hand of an instance in whose place a new one is being made.
inline const QString replaceWork = QStringLiteral("replace");

/// The instance that this work makes: its id follows from the work's, so that whoever goes on with
/// it after a crash finds it and never makes a second one.
InstanceId replacementOf(const ActionLogId& work);

/// Puts a new instance in the place of another: creates it like the old one, awaits that it is
/// ready, then drains the old one (or terminates it at once where nothing is left to drain). The
/// old one serves as long as it can; should the new one fail, it goes and the old one stays. An old
/// one that automation took for dead and that is alive again is never ended: a new one without a
/// machine goes, else both stay, and a person decides.
class Replacement {
public:
    explicit Replacement(ControlPlane& plane) : m_plane(plane) {}

    /// What is to be done now for an instance with `replaceWork` in hand; to be called again and
    /// again until that work is over. Every call is one atomic step at most. `automatic`: no person
    /// asked for it.
    Task<> advance(InstanceId old, bool automatic);

private:
    Task<Outcome<InstanceRecord>> create(InstanceRecord old);
    Task<Outcome<InstanceRecord>> handOver(InstanceRecord old, bool automatic);
    Task<Outcome<InstanceRecord>> giveUp(InstanceRecord old, InstanceRecord made);
    Task<Outcome<InstanceRecord>> keep(InstanceRecord old, std::optional<InstanceRecord> made);
    Task<Outcome<InstanceRecord>> sendAway(InstanceRecord made, TransitionCause cause,
                                           QString reason);
    Task<Outcome<InstanceRecord>> end(InstanceRecord old, QStringView code, QString why);

    ControlPlane& m_plane;
};

} // namespace vigie
