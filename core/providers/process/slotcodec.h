#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"
#include "core/providers/process/osprocess.h"
#include "core/providers/provider.h"

namespace vigie {

/// What a slot directory remembers of its machine (machine.json). The secret is not in it.
struct SlotRecord {
    MachineId machine;
    QStringList tags;
    QString zone, instanceType;
    WallTime createdAt{};
    InstanceId instanceId;
    QUrl controlPlaneUrl;
    QString modelId;
    QString correlationId; ///< of the order that started it last
};

QByteArray encodeSlot(const SlotRecord& slot);
/// Malformed, naming the field.
Outcome<SlotRecord> decodeSlot(const QByteArray& text);

/// process.json
QByteArray encodeProcess(const ProcessIdentity& process);
Outcome<ProcessIdentity> decodeProcess(const QByteArray& text);

} // namespace vigie
