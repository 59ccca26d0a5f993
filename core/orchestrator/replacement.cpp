#include "core/orchestrator/replacement.h"

#include "core/base/log.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/lifecycle.h"

#include <QUuid>

namespace vigie {

namespace {

const QString replacementLog = QStringLiteral("replacement");

auto unlessReplacing(const ActionLogId& work) {
    return [work](const InstanceRecord& record) -> std::optional<QString> {
        if (record.workInHand == replaceWork && record.workLogId == work)
            return std::nullopt;
        return QStringLiteral("That replacement is no longer in hand.");
    };
}

/// As the watchdog found in its newest tick.
bool isAlive(const FleetEntry& entry) {
    return entry.live.verdict() == Verdict::Alive;
}

/// The same machine and model, with nothing of the old one's life.
InstanceRecord likeness(const Instance& old, const InstanceId& id) {
    InstanceRecord made;
    Instance& instance = made.instance;
    instance.id = id;
    instance.status = InstanceStatus::Provisioning;
    instance.providerId = old.providerId;
    instance.providerName = old.providerName;
    instance.region = old.region;
    instance.zone = old.zone;
    instance.zoneId = old.zoneId;
    instance.instanceType = old.instanceType;
    instance.instanceTypeId = old.instanceTypeId;
    instance.modelId = old.modelId;
    instance.modelName = old.modelName;
    instance.modelCode = old.modelCode;
    instance.cpuCount = old.cpuCount;
    instance.ramGb = old.ramGb;
    instance.gpuCount = old.gpuCount;
    instance.gpuVram = old.gpuVram;
    instance.costPerHour = old.costPerHour;
    instance.pool = old.pool;
    instance.correlationId = old.correlationId;
    return made;
}

} // namespace

InstanceId replacementOf(const ActionLogId& work) {
    static const QUuid space(QStringLiteral("{4a0c9d1e-37f5-4e3c-9a55-2f0b6a7c1d02}"));
    return InstanceId(QUuid::createUuidV5(space, work.value()).toString(QUuid::WithoutBraces));
}

Task<> Replacement::advance(InstanceId id, bool automatic) {
    const FleetEntry* entry = m_plane.entry(id);
    if (!entry || entry->record.workInHand != replaceWork)
        co_return;
    InstanceRecord old = entry->record;
    const InstanceRecord* made = m_plane.find(replacementOf(old.workLogId));
    Outcome<InstanceRecord> done = old;
    if (automatic && isAlive(*entry)) {
        Task<Outcome<InstanceRecord>> step =
            keep(std::move(old), made ? std::optional(*made) : std::nullopt);
        done = co_await step;
    } else if (!made) {
        Task<Outcome<InstanceRecord>> step = create(std::move(old));
        done = co_await step;
    } else if (made->instance.status == InstanceStatus::Ready) {
        Task<Outcome<InstanceRecord>> step = handOver(std::move(old), automatic);
        done = co_await step;
    } else if (made->instance.status != InstanceStatus::Provisioning &&
               !isStarting(made->instance.status)) {
        Task<Outcome<InstanceRecord>> step = giveUp(std::move(old), *made);
        done = co_await step;
    }
    if (!done)
        logWarning(replacementLog, QStringLiteral("%1: %2").arg(id.value(), done.error().message));
}

Task<Outcome<InstanceRecord>> Replacement::create(InstanceRecord old) {
    InstanceRecord record = likeness(old.instance, replacementOf(old.workLogId));
    Asker asker;
    asker.reason = QStringLiteral("in the place of ") + old.instance.id.value();
    asker.correlationId = old.instance.correlationId;
    ActionLog asked = actionLog(actiontype::requestCreate, ActionLogStatus::Success, asker);
    asked.parentLogId = old.workLogId.value();
    ControlPlane::Change change;
    change.reason = asker.reason;
    change.logStarts.push_back(std::move(asked));
    Outcome<InstanceRecord> inserted =
        co_await m_plane.insert(std::move(record), std::move(change));
    co_return inserted;
}

Task<Outcome<InstanceRecord>> Replacement::handOver(InstanceRecord old, bool automatic) {
    const QString by = replacementOf(old.workLogId).value();
    const bool drains = transition(old.instance.status, TransitionCause::DrainAsked).has_value();
    ControlPlane::Change change;
    change.cause = drains ? TransitionCause::DrainAsked : TransitionCause::TerminateAsked;
    change.reason = QStringLiteral("replaced by ") + by;
    change.refuse = unlessReplacing(old.workLogId);
    change.edit = [reason = change.reason, automatic](InstanceRecord& record) {
        endWork(record);
        record.instance.deletionReason = reason;
        record.retiring = automatic;
    };
    change.logFinishes = {finished(old.workLogId)};
    Outcome<InstanceRecord> written = co_await m_plane.apply(old.instance.id, std::move(change));
    co_return written;
}

Task<Outcome<InstanceRecord>> Replacement::giveUp(InstanceRecord old, InstanceRecord made) {
    const QString why = QStringLiteral("The new instance %1 became %2%3; the old one stays.")
                            .arg(made.instance.id.value(), toString(made.instance.status),
                                 made.instance.errorMessage.isEmpty()
                                     ? QString()
                                     : QStringLiteral(" (%1)").arg(made.instance.errorMessage));
    // The failed machine goes first: the work stays in hand until that is written.
    if (transition(made.instance.status, TransitionCause::CleanUp)) {
        Task<Outcome<InstanceRecord>> away =
            sendAway(made, TransitionCause::CleanUp,
                     QStringLiteral("it was to replace %1 and did not become ready")
                         .arg(old.instance.id.value()));
        const Outcome<InstanceRecord> gone = co_await away;
        if (!gone)
            co_return fail(gone.error());
    }
    Task<Outcome<InstanceRecord>> ending = end(old, errorcode::providerCreateFailed, why);
    Outcome<InstanceRecord> ended = co_await ending;
    co_return ended;
}

Task<Outcome<InstanceRecord>> Replacement::keep(InstanceRecord old,
                                                std::optional<InstanceRecord> made) {
    QString why = QStringLiteral("The instance came back before it was replaced.");
    // Once it has a machine it may live in the next moment, unheard.
    const bool lives = made && (made->instance.status != InstanceStatus::Provisioning ||
                                !made->instance.providerInstanceId.isEmpty());
    if (lives) {
        why = QStringLiteral("The instance came back when the new one, %1, had a machine already; "
                             "both stay, and a person decides which one goes.")
                  .arg(made->instance.id.value());
    } else if (made && transition(made->instance.status, TransitionCause::TerminateAsked)) {
        Task<Outcome<InstanceRecord>> away = sendAway(
            *made, TransitionCause::TerminateAsked,
            QStringLiteral("%1, which it was to replace, came back").arg(old.instance.id.value()));
        const Outcome<InstanceRecord> gone = co_await away;
        if (!gone)
            co_return fail(gone.error());
    }
    Task<Outcome<InstanceRecord>> ending = end(old, errorcode::changed, why);
    Outcome<InstanceRecord> ended = co_await ending;
    co_return ended;
}

Task<Outcome<InstanceRecord>> Replacement::sendAway(InstanceRecord made, TransitionCause cause,
                                                    QString reason) {
    ControlPlane::Change away;
    away.cause = cause;
    away.reason = reason;
    away.refuse =
        [status = made.instance.status](const InstanceRecord& record) -> std::optional<QString> {
        if (record.instance.status == status)
            return std::nullopt;
        return QStringLiteral("It changed meanwhile.");
    };
    away.edit = [reason, silent = cause == TransitionCause::CleanUp](InstanceRecord& record) {
        record.instance.deletionReason = reason;
        record.retiring = silent;
    };
    Outcome<InstanceRecord> gone = co_await m_plane.apply(made.instance.id, std::move(away));
    co_return gone;
}

Task<Outcome<InstanceRecord>> Replacement::end(InstanceRecord old, QStringView code, QString why) {
    ControlPlane::Change change;
    change.refuse = unlessReplacing(old.workLogId);
    change.edit = [why](InstanceRecord& record) {
        endWork(record);
        record.instance.errorMessage = why;
    };
    change.logFinishes = {failed(old.workLogId, code, why)};
    Outcome<InstanceRecord> written = co_await m_plane.apply(old.instance.id, std::move(change));
    co_return written;
}

} // namespace vigie
