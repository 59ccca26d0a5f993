#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"

#include <QString>

#include <optional>

namespace vigie {

enum class VolumeStatus { Unknown, Attached, Detached, Deleting, Deleted };
QString toString(VolumeStatus status);
VolumeStatus volumeStatusFromString(QStringView word);

/// A disk of an instance (the contract's Storage). Rows are never removed: audit and cost.
struct Volume {
    VolumeId id;
    InstanceId instanceId;
    QString providerVolumeId;
    QString name;
    QString volumeType;
    int sizeGb = 0;
    bool isBoot = false;
    VolumeStatus status = VolumeStatus::Unknown;
    bool deleteOnTerminate = true;
    std::optional<WallTime> createdAt, attachedAt, deletedAt, reconciledAt, lastReconciliation;
    QString errorMessage;
};

} // namespace vigie
