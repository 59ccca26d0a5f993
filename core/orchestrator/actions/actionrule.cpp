#include "core/orchestrator/actions/actionrule.h"

#include "core/model/words.h"

namespace vigie {

namespace {

constexpr unsigned always = bit(ManualGuard::State);
constexpr unsigned careful = always | bit(ManualGuard::Hold) | bit(ManualGuard::StormBrake);
constexpr unsigned remedy = careful | bit(ManualGuard::WorkInHand) | bit(ManualGuard::BlastRadius) |
                            bit(ManualGuard::InFlight) | bit(ManualGuard::Pace);

// A pool that is being recovered must not lose those that serve it meanwhile.
constexpr unsigned departing = careful | bit(ManualGuard::BlastRadius);

constexpr std::array<ActionRule, allActions.size()> rules{{
    {Action::RestartWorker, u"reboot", actiontype::requestRestartWorker, remedy, true},
    {Action::Reinstall, u"reinstall", actiontype::requestReinstall, remedy, true},
    {Action::Replace, u"create, delete", actiontype::requestReplace, remedy, true},
    {Action::Drain, u"delete", actiontype::requestDrain, departing | bit(ManualGuard::WorkInHand),
     false},
    {Action::Undrain, u"", actiontype::requestUndrain, always | bit(ManualGuard::WorkInHand),
     false},
    {Action::Hold, u"", actiontype::hold, always, false},
    {Action::Release, u"", actiontype::release, always, false},
    // Termination takes over from any other work.
    {Action::Terminate, u"delete", actiontype::requestTerminate, departing, true},
    {Action::Archive, u"", actiontype::archiveInstance, always, false},
    {Action::DeleteVolume, u"delete_volume", actiontype::requestDeleteVolume,
     careful | bit(ManualGuard::Volume), true},
}};

constexpr std::array<Word<ManualGuard>, 8> guardWords{{
    {ManualGuard::State, u"state"},
    {ManualGuard::WorkInHand, u"work in hand"},
    {ManualGuard::Volume, u"volume"},
    {ManualGuard::Hold, u"hold"},
    {ManualGuard::StormBrake, u"storm brake"},
    {ManualGuard::BlastRadius, u"blast radius"},
    {ManualGuard::InFlight, u"in flight"},
    {ManualGuard::Pace, u"pace"},
}};

} // namespace

const ActionRule& ruleFor(Action action) {
    return *std::ranges::find(rules, action, &ActionRule::action);
}

QString nameOf(ManualGuard guard) {
    return wordOf(guardWords, guard);
}

bool mayBePassed(ManualGuard guard) {
    return guard != ManualGuard::State && guard != ManualGuard::WorkInHand &&
           guard != ManualGuard::Volume;
}

bool liftsByItself(ManualGuard guard) {
    return guard == ManualGuard::BlastRadius || guard == ManualGuard::InFlight ||
           guard == ManualGuard::Pace;
}

} // namespace vigie
