#include "core/model/action.h"

#include "core/model/transitions.h"
#include "core/model/words.h"

namespace vigie {

namespace {

constexpr std::array<Word<Action>, 3> actions{{
    {Action::Terminate, u"terminate"},
    {Action::Reinstall, u"reinstall"},
    {Action::Archive, u"archive"},
}};

constexpr std::array<Word<ActionLogStatus>, 3> logStatuses{{
    {ActionLogStatus::InProgress, u"in_progress"},
    {ActionLogStatus::Success, u"success"},
    {ActionLogStatus::Failed, u"failed"},
}};

const Transition* rowFor(Action action, InstanceStatus status) {
    const TransitionCause cause = action == Action::Terminate ? TransitionCause::TerminateAsked
                                  : action == Action::Archive ? TransitionCause::ArchiveAsked
                                                              : TransitionCause::ReinstallByPerson;
    for (const Transition& row : transitionTable()) {
        if (row.from == status && row.cause == cause)
            return &row;
    }
    return nullptr;
}

QString refusal(Action action, InstanceStatus status) {
    const QString word = toString(status);
    if (status == InstanceStatus::Unknown)
        return QStringLiteral("its status is one that this version does not know");
    if (action == Action::Archive) {
        return status == InstanceStatus::Archived
                   ? QStringLiteral("it is archived already")
                   : QStringLiteral("it is %1; only a terminated instance can be archived")
                         .arg(word);
    }
    if (isOver(status))
        return action == Action::Terminate
                   ? QStringLiteral("it is %1 already").arg(word)
                   : QStringLiteral("it is %1; there is no machine left to reinstall").arg(word);
    if (isStarting(status))
        return QStringLiteral("it is %1; a reinstall can be asked once that has ended, or has "
                              "failed")
            .arg(word);
    return QStringLiteral("it is %1; a reinstall is possible when it is startup_failed, "
                          "unavailable, ready, worker_dead or failed")
        .arg(word);
}

} // namespace

QString toString(Action action) {
    return wordOf(actions, action);
}

std::optional<Action> actionFromString(QStringView word) {
    return fromWord(actions, word);
}

QString toString(ActionLogStatus status) {
    return wordOf(logStatuses, status);
}

std::optional<ActionLogStatus> actionLogStatusFromString(QStringView word) {
    return fromWord(logStatuses, word);
}

std::optional<QString> whyNot(Action action, InstanceStatus status, bool hasProviderId) {
    const Transition* row = rowFor(action, status);
    if (row && (hasProviderId || !row->needsProviderId))
        return std::nullopt;
    const QString why =
        row ? QStringLiteral("it has no machine at the provider yet") : refusal(action, status);
    return QStringLiteral("It cannot be %1: %2.")
        .arg(action == Action::Terminate   ? QStringLiteral("terminated")
             : action == Action::Reinstall ? QStringLiteral("reinstalled")
                                           : QStringLiteral("archived"),
             why);
}

} // namespace vigie
