#include "core/orchestrator/actions/actionrule.h"

#include "core/model/words.h"

namespace vigie {

namespace {

using enum ManualGuard;

constexpr unsigned always = bit(State);
constexpr unsigned careful = always | bit(Hold) | bit(StormBrake);
constexpr unsigned remedy =
    careful | bit(WorkInHand) | bit(BlastRadius) | bit(InFlight) | bit(Pace);

constexpr std::array<ActionRule, allActions.size()> rules{{
    {Action::RestartWorker, u"reboot", actiontype::requestRestartWorker, remedy, true},
    {Action::Reinstall, u"reinstall", actiontype::requestReinstall, remedy, true},
    {Action::Replace, u"create, delete", actiontype::requestReplace, remedy, true},
    {Action::Drain, u"delete", actiontype::requestDrain, careful | bit(WorkInHand), false},
    {Action::Undrain, u"", actiontype::requestUndrain, always | bit(WorkInHand), false},
    {Action::Hold, u"", actiontype::hold, always, false},
    {Action::Release, u"", actiontype::release, always, false},
    // Termination takes over from any other work.
    {Action::Terminate, u"delete", actiontype::requestTerminate, careful, true},
    {Action::Archive, u"", actiontype::archiveInstance, always, false},
    {Action::DeleteVolume, u"delete_volume", actiontype::requestDeleteVolume, careful | bit(Volume),
     true},
}};

constexpr std::array<Word<ManualGuard>, 8> guardWords{{
    {State, u"state"},
    {WorkInHand, u"work in hand"},
    {Volume, u"volume"},
    {Hold, u"hold"},
    {StormBrake, u"storm brake"},
    {BlastRadius, u"blast radius"},
    {InFlight, u"in flight"},
    {Pace, u"pace"},
}};

} // namespace

const ActionRule& ruleFor(Action action) {
    return *std::ranges::find(rules, action, &ActionRule::action);
}

QString nameOf(ManualGuard guard) {
    return wordOf(guardWords, guard);
}

bool mayBePassed(ManualGuard guard) {
    return guard != State && guard != WorkInHand && guard != Volume;
}

bool liftsByItself(ManualGuard guard) {
    return guard == BlastRadius || guard == InFlight || guard == Pace;
}

} // namespace vigie
