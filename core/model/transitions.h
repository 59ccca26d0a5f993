#pragma once

#include "core/base/outcome.h"
#include "core/model/instancestatus.h"

#include <span>

namespace vigie {

/// Why an instance changes its state; the contract's "when" column. The reason is what a
/// transition is looked up by, together with the state it starts from.
enum class TransitionCause {
    ProviderStarted,    ///< the provider created and started the machine
    ProvisioningFailed, ///< creation failed for good
    AgentSeen,          ///< the agent registered, or SSH answers
    InstallFinished,
    BecameReady,        ///< health check passed, or a fresh ready heartbeat and no failing probe
    StartupLimitPassed, ///< its per-state limit passed, or a permanent start-up error
    LateWorker,         ///< heard after STARTUP_TIMEOUT, or before it was deleted for its silence
    StoppedServing,     ///< N probes failed while it beats, or silent but serving
    VerdictDead,
    WorkerRevived, ///< a beat of the current incarnation before anything was begun
    RecoveryBegun, ///< restart_worker or reinstall by automation
    ReinstallByPerson,
    DrainAsked,
    UndrainAsked,
    DrainFinished, ///< queue empty or deadline passed
    TerminateAsked,
    ProviderConfirmedGone, ///< machine gone and its volumes dealt with
    DeletionRetriesUsedUp,
    ProviderProvedAbsent,
    CleanUp, ///< by policy, of what failed; a person's clean-up is TerminateAsked
    ArchiveAsked,
};
QString toString(TransitionCause cause);

/// One row of the state machine.
struct Transition {
    InstanceStatus from;
    InstanceStatus to;
    TransitionCause cause;
    bool needsProviderId = false; ///< only for an instance that has a machine at the provider
};

/// The whole state machine; nothing else in the code decides what may follow what.
std::span<const Transition> transitionTable();

/// Where `cause` leads from `from`, or a sentence that names the state, what was asked and what is
/// possible: Invalid (HTTP 400) for an instance that is over or can't be archived, else Conflict
/// (HTTP 409). Unknown admits nothing. Whether `needsProviderId` holds is the caller's to check.
Outcome<InstanceStatus> transition(InstanceStatus from, TransitionCause cause);

} // namespace vigie
