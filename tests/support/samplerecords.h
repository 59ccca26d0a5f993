#pragma once

#include "core/store/store.h"
#include "tests/support/sampleinstances.h"

namespace vigie {

/// A record in which every field is set.
inline InstanceRecord fullRecord(int seed) {
    InstanceRecord r;
    r.instance = fullInstance(seed);
    r.version = 1;
    r.bootstrapSecretHash = QStringLiteral("hash-a%1").arg(seed);
    r.formerSecretHash = QStringLiteral("hash-f%1").arg(seed);
    r.workerTokenHash = QStringLiteral("hash-b%1").arg(seed);
    r.workerId = QStringLiteral("worker-%1").arg(seed);
    r.workInHand = QStringLiteral("reinstall");
    r.workLogId = ActionLogId(QStringLiteral("log-%1").arg(seed));
    r.nextAttemptAt = r.instance.createdAt;
    r.recoveryBegunAt = r.instance.readyAt;
    r.costSince = r.instance.createdAt;
    r.retiring = true;
    r.heardAtLimit = true;
    r.drainAsked = true;
    return r;
}

inline bool sameRecord(const InstanceRecord& a, const InstanceRecord& b) {
    return sameInstance(a.instance, b.instance) && a.version == b.version &&
           a.bootstrapSecretHash == b.bootstrapSecretHash &&
           a.formerSecretHash == b.formerSecretHash && a.workerTokenHash == b.workerTokenHash &&
           a.workerId == b.workerId && a.workInHand == b.workInHand && a.workLogId == b.workLogId &&
           a.nextAttemptAt == b.nextAttemptAt && a.recoveryBegunAt == b.recoveryBegunAt &&
           a.costSince == b.costSince && a.retiring == b.retiring &&
           a.heardAtLimit == b.heardAtLimit && a.drainAsked == b.drainAsked;
}

inline Volume fullVolume(const InstanceId& instance, const QString& id) {
    const WallTime day{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};
    return {VolumeId(id),
            instance,
            QStringLiteral("pv-7"),
            QStringLiteral("root"),
            QStringLiteral("b_ssd"),
            200,
            true,
            VolumeStatus::Deleting,
            false,
            day,
            day,
            day,
            day,
            day,
            QStringLiteral("still attached")};
}

inline StateChange fullChange(const InstanceId& instance, const QString& id) {
    const WallTime day{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};
    return {id,
            instance,
            InstanceStatus::Ready,
            InstanceStatus::WorkerDead,
            QStringLiteral("verdict_dead"),
            "{\"rule\":\"silent-probe-failing\"}",
            day};
}

/// An entry that was begun, with everything set that a beginning can have.
inline ActionLog openLog(const InstanceId& instance, const QString& id) {
    const WallTime day{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};
    ActionLog log;
    log.id = ActionLogId(id);
    log.actionType = QString::fromUtf16(actiontype::requestReinstall);
    log.component = QStringLiteral("api");
    log.instanceId = instance;
    log.userId = QStringLiteral("ada");
    log.requestPayload = "{\"reason\":\"hung\"}";
    log.sourceIp = QStringLiteral("127.0.0.1");
    log.createdAt = day;
    log.parentLogId = QStringLiteral("parent");
    log.metadata = "{\"rule\":\"x\"}";
    log.correlationId = QStringLiteral("corr-1");
    log.instanceStatusBefore = QStringLiteral("worker_dead");
    return log;
}

} // namespace vigie
