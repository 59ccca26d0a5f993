#include "core/orchestrator/actions/actionexecutor.h"

#include "core/base/log.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/actions/actionrule.h"

#include <algorithm>

namespace vigie {

namespace {

const QString executorLog = QStringLiteral("actions");

std::optional<RemedyStep> stepFor(Action action) {
    switch (action) {
    case Action::RestartWorker:
        return RemedyStep::RestartWorker;
    case Action::Reinstall:
        return RemedyStep::Reinstall;
    case Action::Replace:
        return RemedyStep::Replace;
    default:
        return std::nullopt;
    }
}

std::optional<TransitionCause> causeFor(Action action) {
    switch (action) {
    case Action::Drain:
        return TransitionCause::DrainAsked;
    case Action::Undrain:
        return TransitionCause::UndrainAsked;
    case Action::Terminate:
        return TransitionCause::TerminateAsked;
    case Action::Archive:
        return TransitionCause::ArchiveAsked;
    default:
        return std::nullopt;
    }
}

/// What the guards judged must still be so when it is written.
auto asJudged(const TargetFacts& target) {
    return [target](const InstanceRecord& record) -> std::optional<QString> {
        if (record.instance.status == target.status &&
            record.instance.incarnation == target.incarnation &&
            record.workInHand == target.workInHand && record.instance.held == target.held)
            return std::nullopt;
        return QStringLiteral("It changed meanwhile.");
    };
}

void editFor(const ActionExecutor::Order& order, InstanceRecord& record) {
    Instance& instance = record.instance;
    // A hold is noted while something else goes on, which keeps its own.
    const bool notes = order.action == Action::Hold || order.action == Action::Release;
    if (!order.asker.correlationId.isEmpty() && !notes)
        instance.correlationId = order.asker.correlationId;
    switch (order.action) {
    case Action::Hold:
        instance.held = Held{order.asker.reason, order.asker.actor, order.holdUntil};
        break;
    case Action::Release:
        instance.held.reset();
        break;
    case Action::Undrain:
        record.drainAsked = false;
        break;
    case Action::Terminate:
        instance.deletionReason =
            order.asker.reason.isEmpty() ? QStringLiteral("user_request") : order.asker.reason;
        record.retiring = false;
        break;
    default:
        break;
    }
}

QString because(const Instance& instance) {
    return instance.errorMessage.isEmpty() ? QString()
                                           : QStringLiteral(": ") + instance.errorMessage;
}

const QString volumeUntouched = QStringLiteral("volume_untouched");
const QString volumeAttached = QStringLiteral("volume_attached");

Failure untouched(const QString& why, const QString& code = volumeUntouched) {
    return Failure{FailureKind::Conflict, why, 0, {}, code, {}};
}

} // namespace

bool ActionExecutor::isInstant(Action action) {
    return action == Action::Undrain || action == Action::Hold || action == Action::Release ||
           action == Action::Archive;
}

Task<Outcome<InstanceRecord>> ActionExecutor::remedy(Order order) {
    Reinstaller::Request request;
    request.asker = order.asker;
    request.step = *stepFor(order.action);
    request.passedGuards = order.passedGuards;
    request.refuse = asJudged(order.target);
    if (order.journal) {
        request.parentLogId = order.journal->id.value();
        request.logStarts.push_back(std::move(*order.journal));
    }
    Outcome<InstanceRecord> begun =
        co_await m_parts.reinstaller.begin(order.target.instance, std::move(request));
    if (begun)
        m_parts.automation.noteManualStart(order.target.pool);
    co_return begun;
}

Task<Outcome<InstanceRecord>> ActionExecutor::begin(Order order) {
    if (stepFor(order.action)) {
        Task<Outcome<InstanceRecord>> running = remedy(std::move(order));
        Outcome<InstanceRecord> begun = co_await running;
        co_return begun;
    }
    ActionMetadata metadata;
    metadata.passedGuards = order.passedGuards;
    ActionLog asked =
        actionLog(ruleFor(order.action).logType, ActionLogStatus::Success, order.asker, metadata);
    ControlPlane::Change change;
    change.cause = causeFor(order.action);
    change.reason =
        order.asker.reason.isEmpty()
            ? QStringLiteral("%1 asked by %2").arg(toString(order.action), order.asker.actor)
            : order.asker.reason;
    change.refuse = asJudged(order.target);
    if (order.journal) {
        asked.parentLogId = order.journal->id.value();
        change.logStarts.push_back(*order.journal);
    }
    change.logStarts.push_back(std::move(asked));
    if (order.action == Action::DeleteVolume) {
        Volume volume = *order.target.volume;
        volume.status = VolumeStatus::Deleting;
        volume.errorMessage.clear();
        change.volumes = {std::move(volume)};
    }
    change.edit = [order](InstanceRecord& record) { editFor(order, record); };
    Outcome<InstanceRecord> written =
        co_await m_parts.plane.apply(order.target.instance, std::move(change));
    if (written && order.action == Action::Terminate)
        m_parts.wake(QStringLiteral("terminator"));
    if (written && order.action == Action::DeleteVolume)
        m_scope->spawn(
            deleteVolume(order.target.instance, order.target.volume->id, m_scope->token()));
    co_return written;
}

std::optional<ActionExecutor::End> ActionExecutor::ended(Action action, const InstanceId& instance,
                                                         const QString& target) {
    if (isInstant(action))
        return End{true, {}};
    if (action == Action::DeleteVolume)
        return volumeEnded(instance, target);
    const InstanceRecord* record = m_parts.plane.find(instance);
    if (!record)
        return End{false, QStringLiteral("The instance is not known any more.")};
    const InstanceStatus status = record->instance.status;
    const bool leaving = isOver(status) || status == InstanceStatus::Terminating;
    const QString word = toString(status);
    switch (action) {
    case Action::Terminate:
        if (isOver(status))
            return End{true, QStringLiteral("The provider confirms that it is gone.")};
        if (status == InstanceStatus::Failed)
            return End{false,
                       QStringLiteral("It could not be deleted") + because(record->instance)};
        return std::nullopt;
    case Action::Drain:
        if (leaving)
            return End{true, QStringLiteral("It is drained.")};
        if (record->drainAsked)
            return std::nullopt;
        return End{false, QStringLiteral("It became %1 instead.").arg(word)};
    case Action::Replace:
        if (leaving)
            return End{true, QStringLiteral("Another one serves in its place.")};
        if (record->workInHand == replaceWork || record->drainAsked)
            return std::nullopt;
        return End{false, QStringLiteral("It was not replaced") + because(record->instance)};
    default:
        break;
    }
    if (status == InstanceStatus::Ready)
        return End{true, QStringLiteral("It serves again.")};
    if (isStarting(status))
        return std::nullopt;
    return End{false, QStringLiteral("It became %1").arg(word) + because(record->instance)};
}

std::optional<ActionExecutor::End> ActionExecutor::volumeEnded(const InstanceId& instance,
                                                               const QString& target) {
    const std::vector<Volume> volumes = m_parts.plane.volumesOf(instance);
    const auto volume = std::ranges::find(volumes, VolumeId(target), &Volume::id);
    if (volume == volumes.end())
        return End{false, QStringLiteral("The volume is not known any more.")};
    if (volume->status == VolumeStatus::Deleted)
        return End{true, QStringLiteral("The provider confirms that it is gone.")};
    if (m_deleting.contains(volume->id))
        return std::nullopt;
    if (!volume->errorMessage.isEmpty())
        return End{false, volume->errorMessage};
    m_scope->spawn(deleteVolume(instance, volume->id, m_scope->token()));
    return std::nullopt;
}

/// A volume that is in use, or marked to be kept, at the provider is not deleted; nor one that the
/// provider does not list as ours.
Task<Outcome<void>> ActionExecutor::askProvider(Volume volume, std::stop_token stop) {
    const InstanceRecord* owner = m_parts.plane.find(volume.instanceId);
    const CallToken token(std::move(stop), owner ? owner->instance.correlationId : QString());
    const auto listed = co_await m_parts.provider.volumes(m_parts.provider.clusterTag(), token);
    if (!listed)
        co_return fail(listed.error());
    const auto found = std::ranges::find(*listed, volume.providerVolumeId, &MachineVolume::id);
    if (found == listed->end())
        co_return fail(untouched(QStringLiteral("The provider lists no volume %1 with our tag; "
                                                "what is not ours is never deleted.")
                                     .arg(volume.providerVolumeId)));
    if (!found->attachedTo.isEmpty())
        co_return fail(untouched(QStringLiteral("The provider says that it is attached to %1.")
                                     .arg(found->attachedTo.value()),
                                 volumeAttached));
    if (found->tags.contains(QStringLiteral("vigie-keep")))
        co_return fail(untouched(QStringLiteral("It is tagged vigie-keep at the provider.")));
    Outcome<void> deleted = co_await m_parts.provider.deleteVolume(volume.providerVolumeId, token);
    if (!deleted && deleted.error().kind == FailureKind::NotFound)
        co_return Outcome<void>{};
    co_return deleted;
}

Task<> ActionExecutor::deleteVolume(InstanceId instance, VolumeId id, std::stop_token stop) {
    if (m_deleting.contains(id))
        co_return;
    m_deleting.insert(id);
    const std::vector<Volume> volumes = m_parts.plane.volumesOf(instance);
    const auto found = std::ranges::find(volumes, id, &Volume::id);
    if (found != volumes.end()) {
        Volume volume = *found;
        const Outcome<void> deleted = co_await askProvider(volume, stop);
        // A daemon that stops leaves it in hand; the next one goes on.
        if (deleted || !stop.stop_requested()) {
            Asker asker;
            asker.reason = QStringLiteral("volume ") + volume.providerVolumeId;
            asker.correlationId = m_parts.plane.find(instance)->instance.correlationId;
            ControlPlane::Change change;
            if (deleted) {
                volume.status = VolumeStatus::Deleted;
                volume.deletedAt = m_parts.plane.clock().wallNow();
                change.logStarts = {
                    actionLog(actiontype::providerDeleteVolume, ActionLogStatus::Success, asker)};
            } else {
                volume.errorMessage = deleted.error().message;
                // Not begun at all: it is what the provider says.
                if (deleted.error().code == volumeAttached)
                    volume.status = VolumeStatus::Attached;
                if (deleted.error().code == volumeUntouched)
                    volume.status = VolumeStatus::Detached;
                change.logStarts = {failedLog(actiontype::providerDeleteVolume,
                                              errorcode::volumesDeletePending, volume.errorMessage,
                                              asker)};
            }
            change.volumes = {volume};
            const Outcome<InstanceRecord> written =
                co_await m_parts.plane.apply(instance, std::move(change));
            if (!written)
                logWarning(executorLog, written.error().message);
        }
    }
    m_deleting.remove(id);
}

} // namespace vigie
