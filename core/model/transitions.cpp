#include "core/model/transitions.h"

#include "core/model/words.h"

#include <QStringList>

#include <vector>

namespace vigie {

namespace {

using enum InstanceStatus;

constexpr std::array<Word<TransitionCause>, 21> causeWords{{
    {TransitionCause::ProviderStarted, u"provider_started"},
    {TransitionCause::ProvisioningFailed, u"provisioning_failed"},
    {TransitionCause::AgentSeen, u"agent_seen"},
    {TransitionCause::InstallFinished, u"install_finished"},
    {TransitionCause::BecameReady, u"became_ready"},
    {TransitionCause::StartupLimitPassed, u"startup_limit_passed"},
    {TransitionCause::LateWorker, u"late_worker"},
    {TransitionCause::StoppedServing, u"stopped_serving"},
    {TransitionCause::VerdictDead, u"verdict_dead"},
    {TransitionCause::WorkerRevived, u"worker_revived"},
    {TransitionCause::RecoveryBegun, u"recovery_begun"},
    {TransitionCause::ReinstallByPerson, u"reinstall_by_person"},
    {TransitionCause::DrainAsked, u"drain_asked"},
    {TransitionCause::UndrainAsked, u"undrain_asked"},
    {TransitionCause::DrainFinished, u"drain_finished"},
    {TransitionCause::TerminateAsked, u"terminate_asked"},
    {TransitionCause::ProviderConfirmedGone, u"provider_confirmed_gone"},
    {TransitionCause::DeletionRetriesUsedUp, u"deletion_retries_used_up"},
    {TransitionCause::ProviderProvedAbsent, u"provider_proved_absent"},
    {TransitionCause::CleanUp, u"clean_up"},
    {TransitionCause::ArchiveAsked, u"archive_asked"},
}};

/// A row of the contract's table as it is written there: several states may share it.
struct Row {
    std::vector<InstanceStatus> from;
    InstanceStatus to;
    TransitionCause cause;
    bool needsProviderId = false;
};

std::vector<InstanceStatus> anyButOver() {
    std::vector<InstanceStatus> all;
    for (const InstanceStatus status : allInstanceStatuses) {
        if (!isOver(status))
            all.push_back(status);
    }
    return all;
}

std::vector<Transition> expandTable() {
    using enum TransitionCause;
    const std::vector<Row> rows{
        {{Provisioning}, Booting, ProviderStarted},
        {{Provisioning}, InstanceStatus::ProvisioningFailed, TransitionCause::ProvisioningFailed},
        {{Booting}, Installing, AgentSeen},
        {{Booting, Installing}, Starting, InstallFinished},
        {{Booting, Installing, Starting, Unavailable}, Ready, BecameReady},
        {{Booting, Installing, Starting}, StartupFailed, StartupLimitPassed},
        {{StartupFailed, Terminating}, Booting, LateWorker},
        {{Ready, Starting}, Unavailable, StoppedServing},
        {{Ready, Unavailable, Draining}, WorkerDead, VerdictDead},
        {{WorkerDead}, Ready, WorkerRevived},
        {{WorkerDead}, Booting, RecoveryBegun, true},
        {{StartupFailed, Unavailable, Ready, WorkerDead, Failed}, Booting, ReinstallByPerson, true},
        {{Ready, Unavailable}, Draining, DrainAsked},
        {{Draining}, Ready, UndrainAsked},
        {{Draining}, Terminating, DrainFinished},
        {anyButOver(), Terminating, TerminateAsked},
        {{Terminating}, Terminated, ProviderConfirmedGone},
        {{Terminating}, Failed, DeletionRetriesUsedUp},
        {anyButOver(), Terminated, ProviderProvedAbsent, true},
        {{InstanceStatus::ProvisioningFailed, StartupFailed, Failed}, Terminating, CleanUp},
        {{Terminated}, Archived, ArchiveAsked},
    };
    std::vector<Transition> table;
    for (const Row& row : rows) {
        for (const InstanceStatus from : row.from)
            table.push_back({from, row.to, row.cause, row.needsProviderId});
    }
    return table;
}

QString spaced(const QString& word) {
    return QString(word).replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString possibleFrom(InstanceStatus from) {
    QStringList possible;
    for (const Transition& row : transitionTable()) {
        if (row.from == from)
            possible.append(QStringLiteral("\"%1\" (to %2)")
                                .arg(spaced(toString(row.cause)), toString(row.to)));
    }
    return possible.isEmpty()
               ? QStringLiteral("nothing is possible from there")
               : QStringLiteral("possible from there: ") + possible.join(QLatin1String(", "));
}

} // namespace

QString toString(TransitionCause cause) {
    return wordOf(causeWords, cause);
}

std::span<const Transition> transitionTable() {
    static const std::vector<Transition> table = expandTable();
    return table;
}

Outcome<InstanceStatus> transition(InstanceStatus from, TransitionCause cause) {
    for (const Transition& row : transitionTable()) {
        if (row.from == from && row.cause == cause)
            return row.to;
    }
    const bool wrongRequest = isOver(from) || cause == TransitionCause::ArchiveAsked;
    Failure failure{wrongRequest ? FailureKind::Invalid : FailureKind::Conflict, {}, 0, {}, {}, {}};
    failure.code = QStringLiteral("illegal_transition");
    failure.message = QStringLiteral("\"%1\" is not possible for an instance that is %2; %3.")
                          .arg(spaced(toString(cause)), toString(from), possibleFrom(from));
    return fail(std::move(failure));
}

} // namespace vigie
