#pragma once

#include "core/model/action.h"
#include "core/model/instance.h"
#include "core/orchestrator/controlplane.h"

#include <cstddef>

namespace vigie {

/// How an operation goes through its items.
struct WaveOptions {
    int canary = 1;                            ///< items of the first wave; 0: none
    int size = 5;                              ///< of each further wave, 1 or more
    Duration pause = std::chrono::seconds(10); ///< between two waves
    double maxFailedShare = 0.2; ///< of a wave; beyond it the operation pauses by itself
    bool operator==(const WaveOptions&) const = default;
};

enum class ItemStage { Pending, Running, Done, Failed, Skipped };
QString toString(ItemStage stage);

/// One target of an operation and what became of it.
struct ActionItem {
    QString id; ///< of the instance or volume
    InstanceId instance;
    InstanceStatus plannedStatus = InstanceStatus::Unknown; ///< what the plan was made on
    int plannedIncarnation = 0;
    ItemStage stage = ItemStage::Pending;
    QString code;    ///< why it was skipped or failed: a guard's name, "changed", ...
    QString message; ///< one sentence; while pending, what it waits for
    std::optional<WallTime> startedAt, endedAt;
    std::optional<MonotonicTime> waitsSince; ///< for a guard that lifts by itself
};

/// A manual action on one or many, as it is carried out; its journal is rows of the action log.
struct ActionOperation {
    ActionLogId id;
    Action action = Action::Terminate;
    bool override = false;
    std::optional<WallTime> holdUntil; ///< of Hold
    WaveOptions waves;
    Asker asker;
    std::vector<ActionItem> items; ///< in the order of the waves
    WallTime startedAt{};
    std::optional<WallTime> finishedAt;

    struct Pause {
        ActionLogId row;
        QString reason, actor;
        WallTime at{};
        std::optional<int> wave; ///< that failed too much; nothing: a person paused it
        bool operator==(const Pause&) const = default;
    };
    std::optional<Pause> paused;
    std::optional<Pause> aborted;
    std::vector<int> acceptedWaves; ///< that failed too much and were gone on from by a person
    std::optional<MonotonicTime> waveEndedAt; ///< of the newest wave that ended
    bool unsure = false; ///< what was written last is not known: read the journal first
};

/// The wave that the item at this place belongs to.
int waveOf(std::size_t item, const WaveOptions& waves);
int waveCount(const ActionOperation& operation);
/// "running", "paused", "aborting", "finished", "aborted".
QString stateOf(const ActionOperation& operation);

/// What is to be done with an operation now.
struct NextStep {
    std::vector<std::size_t> start;              ///< items
    std::optional<ActionOperation::Pause> pause; ///< by itself: a wave failed too much
    bool abandon = false;                        ///< what was not begun is skipped
    bool finished = false;                       ///< every item has ended
};

/// Pure; running items are looked after by who calls.
NextStep nextStep(const ActionOperation& operation, MonotonicTime now);

/// The row of the action log that is an item's journal: its id follows from the operation's, so
/// that an item that was begun can't be begun again.
ActionLogId itemRowId(const ActionLogId& operation, const QString& item);

} // namespace vigie
