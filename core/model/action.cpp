#include "core/model/action.h"

#include "core/model/transitions.h"
#include "core/model/words.h"

#include <QStringList>

#include <algorithm>

namespace vigie {

namespace {

constexpr std::array<Word<Action>, allActions.size()> actions{{
    {Action::Terminate, u"terminate"},
    {Action::Reinstall, u"reinstall"},
    {Action::RestartWorker, u"restart_worker"},
    {Action::Replace, u"replace"},
    {Action::Drain, u"drain"},
    {Action::Undrain, u"undrain"},
    {Action::Hold, u"hold"},
    {Action::Release, u"release"},
    {Action::Archive, u"archive"},
    {Action::DeleteVolume, u"delete_volume"},
}};

constexpr std::array<Word<ActionLogStatus>, 3> logStatuses{{
    {ActionLogStatus::InProgress, u"in_progress"},
    {ActionLogStatus::Success, u"success"},
    {ActionLogStatus::Failed, u"failed"},
}};

/// What stands in the state table for an action, and how a sentence speaks of it.
struct Rule {
    Action action;
    std::optional<TransitionCause> cause; ///< its rows say from where it can be asked
    bool needsMachine;                    ///< as far as the row itself does not say so
    QStringView done;                     ///< "It cannot be ..."
};
constexpr std::array<Rule, allActions.size()> rules{{
    {Action::Terminate, TransitionCause::TerminateAsked, false, u"terminated"},
    {Action::Reinstall, TransitionCause::ReinstallByPerson, true, u"reinstalled"},
    {Action::RestartWorker, TransitionCause::ReinstallByPerson, true, u"restarted"},
    // It keeps its state until the new one serves; where a reinstall makes sense this does too.
    {Action::Replace, TransitionCause::ReinstallByPerson, false, u"replaced"},
    {Action::Drain, TransitionCause::DrainAsked, false, u"drained"},
    {Action::Undrain, TransitionCause::UndrainAsked, false, u"put back into service"},
    {Action::Hold, std::nullopt, false, u"held"},
    {Action::Release, std::nullopt, false, u"released"},
    {Action::Archive, TransitionCause::ArchiveAsked, false, u"archived"},
    {Action::DeleteVolume, std::nullopt, false, u"rid of a volume"},
}};

const Rule& ruleOf(Action action) {
    return *std::ranges::find(rules, action, &Rule::action);
}

bool hasRow(TransitionCause cause, InstanceStatus status) {
    return std::ranges::any_of(transitionTable(), [&](const Transition& row) {
        return row.from == status && row.cause == cause;
    });
}

QString statesFor(TransitionCause cause) {
    QStringList names;
    for (const Transition& row : transitionTable()) {
        if (row.cause == cause)
            names.append(toString(row.from));
    }
    const QString last = names.takeLast();
    return names.isEmpty() ? last : names.join(QLatin1String(", ")) + QLatin1String(" or ") + last;
}

QString noun(Action action) {
    return action == Action::Reinstall       ? QStringLiteral("reinstall")
           : action == Action::RestartWorker ? QStringLiteral("restart")
                                             : QStringLiteral("replacement");
}

QString refusal(Action action, InstanceStatus status) {
    const QString word = toString(status);
    if (status == InstanceStatus::Unknown)
        return QStringLiteral("its status is one that this version does not know");
    switch (action) {
    case Action::Archive:
        return status == InstanceStatus::Archived
                   ? QStringLiteral("it is archived already")
                   : QStringLiteral("it is %1; only a terminated instance can be archived")
                         .arg(word);
    case Action::Terminate:
    case Action::Hold:
    case Action::Release:
        return QStringLiteral("it is %1 already").arg(word);
    case Action::Drain:
    case Action::Undrain:
        return QStringLiteral("it is %1; that is possible when it is %2")
            .arg(word, statesFor(*ruleOf(action).cause));
    case Action::DeleteVolume:
        return QStringLiteral("it is %1 and may use it; terminate it first").arg(word);
    case Action::Reinstall:
    case Action::RestartWorker:
    case Action::Replace:
        break;
    }
    if (isOver(status))
        return action == Action::Replace
                   ? QStringLiteral("it is %1 already; deploy a new one").arg(word)
                   : QStringLiteral("it is %1; there is no machine left to %2")
                         .arg(word, action == Action::Reinstall ? QStringLiteral("reinstall")
                                                                : QStringLiteral("restart"));
    if (isStarting(status))
        return QStringLiteral("it is %1; a %2 can be asked once that has ended, or has failed")
            .arg(word, noun(action));
    return QStringLiteral("it is %1; a %2 is possible when it is startup_failed, unavailable, "
                          "ready, worker_dead or failed")
        .arg(word, noun(action));
}

bool possibleIn(Action action, InstanceStatus status) {
    if (status == InstanceStatus::Unknown)
        return false;
    if (action == Action::DeleteVolume)
        return isOver(status) || status == InstanceStatus::Failed;
    const auto cause = ruleOf(action).cause;
    return cause ? hasRow(*cause, status) : !isOver(status);
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
    const bool possible = possibleIn(action, status);
    if (possible && (hasProviderId || !ruleOf(action).needsMachine))
        return std::nullopt;
    const QString why = possible ? QStringLiteral("it has no machine at the provider yet")
                                 : refusal(action, status);
    return QStringLiteral("It cannot be %1: %2.").arg(ruleOf(action).done, why);
}

} // namespace vigie
