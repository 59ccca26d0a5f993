#pragma once

#include "core/orchestrator/automation.h"
#include "core/orchestrator/controlplane.h"

#include <QStringList>

namespace vigie {

/// The tag that keeps automation away from a volume or a machine.
inline const QString keepTag = QStringLiteral("vigie-keep");

/// "vigie-instance:<id>" among the tags of a machine or volume; empty without.
InstanceId taggedInstance(const QStringList& tags);
/// Whether that is `id`.
bool isTaggedWith(const QStringList& tags, const InstanceId& id);

/// Whether the store wants what was made for this instance: it is not over, nor did it fail before
/// it had a machine.
bool wantsItsMachine(const InstanceRecord& record);

/// The guard that keeps automation away from what was made for this instance, with its reason: a
/// hold, a pause, the storm brake; empty when none does. Null: nobody knows the instance.
QString whyHandsOff(const Automation& automation, const InstanceRecord* owner, WallTime now);
/// Of "guard: why": the name.
QString guardName(const QString& guardAndWhy);
/// Whether automation only says there what it would do.
bool isObserved(const Automation& automation, const InstanceRecord* owner);

/// The guard, with its reason, that keeps what an older store may have forgotten: it was marked as
/// such, and only a person ends that.
QString ofAnotherTime();

/// What is known about what nobody knows: judgement.md lets nothing be deleted while the store is
/// older than what it would delete.
class StoreAge {
public:
    explicit StoreAge(const ControlPlane& plane);

    /// Whether it may be of a time that the store knows nothing of: it names an instance that the
    /// store doesn't know and is newer than all that the store knows, or it was made between the
    /// backup that the store came out of and its restore.
    bool isOlderThan(const QStringList& tags, std::optional<WallTime> createdAt) const;

private:
    const ControlPlane& m_plane;
    std::optional<WallTime> m_newest;
};

} // namespace vigie
