#include "core/orchestrator/volumesurvey.h"

#include "core/orchestrator/ownership.h"

namespace vigie {

QString toString(VolumeWord word) {
    switch (word) {
    case VolumeWord::InUse:
        return QStringLiteral("in_use");
    case VolumeWord::Kept:
        return QStringLiteral("kept");
    case VolumeWord::Orphan:
        return QStringLiteral("orphan");
    case VolumeWord::Lost:
        return QStringLiteral("lost");
    case VolumeWord::Gone:
        return QStringLiteral("gone");
    case VolumeWord::Foreign:
        return QStringLiteral("foreign");
    case VolumeWord::Unknown:
        break;
    }
    return QStringLiteral("unknown");
}

namespace {

/// Why a volume that nothing holds is wanted; empty when it isn't.
QString whyWanted(const VolumeFinding& one, const InstanceRecord* owner) {
    if (!owner || !wantsItsMachine(*owner))
        return {};
    const InstanceStatus status = owner->instance.status;
    // The terminator deletes what goes with an instance, and tries on by itself.
    const bool terminators =
        status == InstanceStatus::Terminating || status == InstanceStatus::Failed;
    if (one.deletionAsked && !terminators)
        return {};
    return QStringLiteral("its instance %1 is %2").arg(one.instance.value(), toString(status));
}

QString whyUnwanted(const VolumeFinding& one, const InstanceRecord* owner) {
    if (one.deletionAsked)
        return QStringLiteral("its deletion was asked for and did not succeed");
    if (owner)
        return QStringLiteral("its instance %1 is %2")
            .arg(one.instance.value(), toString(owner->instance.status));
    return one.instance.isEmpty()
               ? QStringLiteral("it carries our tag and names no instance")
               : QStringLiteral("the store knows no instance %1").arg(one.instance.value());
}

void judgeListed(VolumeFinding& one, const ControlPlane& plane, const StoreAge& age,
                 const QString& clusterTag) {
    const MachineVolume& listed = *one.listed;
    const InstanceRecord* owner = plane.find(one.instance);
    one.deletionAsked = one.row && one.row->status == VolumeStatus::Deleting;
    const bool stays = one.row && !one.row->deleteOnTerminate && !one.deletionAsked &&
                       one.row->status != VolumeStatus::Deleted;
    if (!listed.tags.contains(clusterTag)) {
        one.word = VolumeWord::Foreign;
        one.says = QStringLiteral("it does not carry our tag ") + clusterTag;
    } else if (listed.tags.contains(keepTag)) {
        one.word = VolumeWord::Kept;
        one.says = QStringLiteral("it is tagged ") + keepTag;
    } else if (!listed.attachedTo.isEmpty()) {
        one.word = VolumeWord::InUse;
        one.says = QStringLiteral("attached to ") + listed.attachedTo.value();
    } else if (stays) {
        one.word = VolumeWord::Kept;
        one.says = QStringLiteral("it does not go with its instance");
    } else if (const QString wanted = whyWanted(one, owner); !wanted.isEmpty()) {
        one.word = VolumeWord::InUse;
        one.says = wanted;
    } else {
        one.word = VolumeWord::Orphan;
        one.says = whyUnwanted(one, owner);
        one.disowned = age.isOlderThan(listed.tags, listed.createdAt);
        if (one.disowned)
            one.says += QStringLiteral(", and it is newer than all that the store knows");
    }
}

} // namespace

std::vector<VolumeFinding> surveyVolumes(const ControlPlane& plane,
                                         const std::optional<std::vector<MachineVolume>>& listed,
                                         const QString& clusterTag) {
    std::vector<VolumeFinding> findings;
    QHash<VolumeId, std::size_t> byResource; // by the provider's ids
    if (listed) {
        findings.reserve(listed->size());
        byResource.reserve(static_cast<qsizetype>(listed->size()));
        for (const MachineVolume& volume : *listed) {
            byResource.insert(VolumeId(volume.id), findings.size());
            VolumeFinding& one = findings.emplace_back();
            one.listed = volume;
            one.instance = taggedInstance(volume.tags);
        }
    }
    for (const FleetEntry* entry : plane.entries()) {
        for (const Volume& row : plane.volumesOf(entry->id())) {
            const auto known = byResource.constFind(VolumeId(row.providerVolumeId));
            const bool there = known != byResource.constEnd();
            VolumeFinding& one = there ? findings[*known] : findings.emplace_back();
            // Of two rows for one volume the one that still counts speaks.
            if (!one.row || one.row->status == VolumeStatus::Deleted)
                one.row = row;
            one.instance = one.row->instanceId;
            if (there)
                continue;
            one.word = VolumeWord::Unknown;
            one.says = QStringLiteral("the provider has not said");
            if (row.status == VolumeStatus::Deleted) {
                one.word = VolumeWord::Gone;
                one.says = QStringLiteral("it is deleted");
            } else if (listed && !row.providerVolumeId.isEmpty()) {
                one.word = VolumeWord::Lost;
                one.says = QStringLiteral("the provider does not list it");
            }
        }
    }
    const StoreAge age(plane);
    for (VolumeFinding& one : findings) {
        if (one.listed)
            judgeListed(one, plane, age, clusterTag);
    }
    return findings;
}

} // namespace vigie
