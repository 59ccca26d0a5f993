#pragma once

#include "core/orchestrator/controlplane.h"
#include "core/providers/provider.h"

#include <optional>
#include <vector>

namespace vigie {

/// What a volume is, by what store and provider say of it together.
enum class VolumeWord {
    InUse,   ///< attached, or wanted by its instance
    Kept,    ///< tagged vigie-keep, or not to go with its instance
    Orphan,  ///< ours, attached to nothing, wanted by nobody
    Lost,    ///< in the store; the provider does not list it
    Gone,    ///< deleted, say both
    Foreign, ///< without our tag: shown, never touched
    Unknown, ///< in the store; the provider was not asked yet or did not answer
};
QString toString(VolumeWord word);

/// One volume, with who says what.
struct VolumeFinding {
    VolumeWord word = VolumeWord::Unknown;
    std::optional<Volume> row;           ///< what the store says
    std::optional<MachineVolume> listed; ///< what the provider says
    InstanceId instance;                 ///< whose it is, by the row or by its tag
    QString says;                        ///< one sentence: why it is called so
    bool deletionAsked = false;          ///< the store says `deleting`
    bool disowned = false;               ///< the store is older than it

    // What the reconciliation has come to; empty until it looked.
    std::optional<WallTime> orphanSince, markedAt, deleteAfter;
    int attempts = 0;
    bool retriesUsedUp = false;
    QString lastError, blockedBy;

    /// The provider's id, as far as it is known.
    QString resource() const {
        return listed ? listed->id : row ? row->providerVolumeId : QString();
    }
};

/// What the newest reconciliation saw, for the API.
struct VolumeBoard {
    std::vector<VolumeFinding> findings;
    std::optional<WallTime> listedAt; ///< when the provider last answered with a list
    QString failure;                  ///< of the newest attempt; empty when it went well
    bool enabled = true;
    int marked = 0, retriesUsedUp = 0;
    quint64 deleted = 0, lost = 0; ///< since the start

    /// All but what is counted since the start.
    void forget() {
        findings.clear();
        listedAt.reset();
        failure.clear();
        marked = retriesUsedUp = 0;
    }
};

/// Pure. Compares the volumes that the provider lists, all of them, with those that the store
/// knows. `listed`: nothing when there is no list, which proves nothing about anybody.
std::vector<VolumeFinding> surveyVolumes(const ControlPlane& plane,
                                         const std::optional<std::vector<MachineVolume>>& listed,
                                         const QString& clusterTag);

} // namespace vigie
