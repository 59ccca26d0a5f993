#include "core/orchestrator/api/guardholds.h"

#include "core/orchestrator/ownership.h"

#include <array>

namespace vigie {

namespace {

/// "guard: why" taken apart.
GuardHold holdOf(const QString& guardAndWhy, const QString& job, const QString& id) {
    return {guardName(guardAndWhy), job, id, guardAndWhy.section(QStringLiteral(": "), 1)};
}

} // namespace

std::span<const GuardSentence> guardSentences() {
    static constexpr std::array all{
        GuardSentence{u"recovery", u"Automatic recovery is switched off."},
        GuardSentence{u"hold", u"A person keeps automation away from it."},
        GuardSentence{u"work in hand", u"Something else is being done to it."},
        GuardSentence{u"pause", u"A person has paused automation."},
        GuardSentence{u"storm brake",
                      u"Too many fell silent at once, or the watcher was not healthy: nothing is "
                      u"done until most are back or a person releases it."},
        GuardSentence{u"hold time", u"The verdict has not stood long enough."},
        GuardSentence{u"flapping", u"It died and revived too often: only a person acts."},
        GuardSentence{u"preserve", u"Some failed ones are kept for debugging."},
        GuardSentence{u"retry cap", u"All tries are used up: a person is asked."},
        GuardSentence{u"ladder", u"Every step of the ladder was tried: a person is asked."},
        GuardSentence{u"breaker", u"Too many recoveries of this instance failed in a row."},
        GuardSentence{u"zone breaker",
                      u"Too many recoveries in its provider zone failed in a row."},
        GuardSentence{u"last healthy", u"No other one in its small pool is healthy."},
        GuardSentence{u"blast radius", u"Enough of its pool is in recovery already."},
        GuardSentence{u"in flight", u"Enough recoveries run already."},
        GuardSentence{u"pace", u"The last start in its pool is too recent."},
        GuardSentence{u"mode", u"Automation observes here: it says what it would do, once."},
        GuardSentence{u"storm", u"Many are silent together, so that silence proves nothing."},
        GuardSentence{u"watcher", u"The watcher itself is not healthy and concludes nothing."},
        GuardSentence{u"store", u"What was tried before can't be read: nothing is begun blindly."},
        GuardSentence{u"not begun", u"Its step could not be begun; the next tick tries again."},
        GuardSentence{u"mass-absence",
                      u"The provider calls many machines absent at once: none is written down as "
                      u"gone until a person looks."},
        GuardSentence{u"delete-limit", u"Enough orphans are deleted in one cycle."},
        GuardSentence{u"older-store",
                      u"The store is older than what the provider shows: nothing is deleted."},
        GuardSentence{u"restored-store",
                      u"The store was restored: a person has to look before anything is touched."},
    };
    return all;
}

std::vector<GuardHold> guardHolds(const ControlPlane& plane, const VolumeBoard& volumes,
                                  const MachineBoard& machines, const CleanUpBoard& cleanUps) {
    std::vector<GuardHold> holds;
    for (const FleetEntry* entry : plane.entries()) {
        const auto& testimony = entry->live.testimony;
        if (testimony && !testimony->isBlocked())
            continue; // its sentences need not be made
        const auto said = entry->live.assessment();
        if (said && !said->blockedBy.isEmpty())
            holds.push_back(
                holdOf(said->blockedBy, QStringLiteral("worker-watchdog"), entry->id().value()));
    }
    if (const QString why = plane.whyUntouched(); !why.isEmpty()) {
        for (const FleetEntry* entry : plane.entries()) {
            const bool starts = entry->status() == InstanceStatus::Provisioning;
            if (starts || entry->status() == InstanceStatus::Terminating)
                holds.push_back(
                    {QStringLiteral("pause"),
                     starts ? QStringLiteral("provisioning") : QStringLiteral("terminator"),
                     entry->id().value(), why});
        }
    }
    for (const VolumeFinding& one : volumes.findings) {
        if (!one.blockedBy.isEmpty())
            holds.push_back(
                holdOf(one.blockedBy, QStringLiteral("volume-reconciliation"), one.resource()));
    }
    for (const OrphanMachine& one : machines.orphans) {
        if (!one.blockedBy.isEmpty())
            holds.push_back(
                holdOf(one.blockedBy, QStringLiteral("watch-dog"), one.machine.value()));
    }
    for (const CleanUpBoard::Held& one : cleanUps.held)
        holds.push_back(holdOf(one.blockedBy, QStringLiteral("recovery"), one.instance.value()));
    if (!machines.massAbsence.isEmpty())
        holds.push_back({QStringLiteral("mass-absence"), QStringLiteral("watch-dog"), QString(),
                         machines.massAbsence});
    return holds;
}

} // namespace vigie
