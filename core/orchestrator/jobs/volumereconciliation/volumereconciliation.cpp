#include "core/orchestrator/jobs/volumereconciliation/volumereconciliation.h"

#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/ownership.h"
#include "core/orchestrator/stopafter.h"

#include <algorithm>

namespace vigie::jobs::volumereconciliation {

namespace {

const QString category = QStringLiteral("jobs.volume-reconciliation");

bool isOurs(const VolumeFinding& one) {
    return one.listed && one.word != VolumeWord::Foreign;
}

/// A write is dropped when the row is no longer what was judged.
auto unlessRowChanged(const ControlPlane& plane, const Volume& judged) {
    return [&plane, judged](const InstanceRecord& record) -> std::optional<QString> {
        for (const Volume& now : plane.volumesOf(record.instance.id)) {
            if (now.id == judged.id && now.status == judged.status &&
                now.errorMessage == judged.errorMessage)
                return std::nullopt;
        }
        return QStringLiteral("The volume changed meanwhile.");
    };
}

} // namespace

VolumeReconciliationJob::VolumeReconciliationJob(JobContext& context,
                                                 VolumeReconciliationOptions options)
    : m_context(context), m_options(options),
      m_book(context.plane, OrphanKind::Volume, options.limits) {
    context.volumes.enabled = options.enabled;
}

QString VolumeReconciliationJob::switchedOffBy() const {
    return m_options.enabled ? QString()
                             : QStringLiteral("[jobs.volume-reconciliation] enabled = false");
}

VolumeFinding* VolumeReconciliationJob::find(const QString& resource) {
    const auto found = std::ranges::find_if(m_findings, [&resource](const VolumeFinding& one) {
        return one.listed && one.listed->id == resource;
    });
    return found == m_findings.end() ? nullptr : &*found;
}

Task<Outcome<std::vector<VolumeFinding>>> VolumeReconciliationJob::survey(std::stop_token stop) {
    const StopAfter limit(m_context.clock, m_options.callLimit, std::move(stop));
    // All of them: what does not carry our tag is shown, and can't be taken for lost.
    const Outcome<std::vector<MachineVolume>> listed =
        co_await m_context.provider.volumes(QString(), limit.token());
    if (!listed)
        co_return fail(listed.error());
    m_context.watcher.providerAnswered = m_context.clock.now();
    co_return surveyVolumes(m_context.plane, *listed, m_context.provider.clusterTag());
}

Task<JobReport> VolumeReconciliationJob::run(std::stop_token stop) {
    JobReport report;
    if (!m_options.enabled || m_context.plane.storeFailure())
        co_return report; // nothing is concluded, and nothing done, while the store is away
    Outcome<void> known = co_await m_book.recall();
    Outcome<std::vector<VolumeFinding>> findings = fail(FailureKind::Internal, QString());
    if (known)
        findings = co_await survey(stop);
    if (!known || !findings) {
        const Failure why = known ? findings.error() : known.error();
        if (!stop.stop_requested()) {
            ++report.errors;
            if (m_context.volumes.failure.isEmpty())
                logWarning(category, QStringLiteral("no list of the volumes: ") + why.message);
            m_context.volumes.failure = why.message;
        }
        co_return report; // no list is no evidence: what was counted stays as it was
    }
    m_findings = std::move(*findings);
    m_context.volumes.failure.clear();
    m_context.volumes.listedAt = m_context.clock.wallNow();
    report.claimed = static_cast<int>(m_findings.size());
    co_await correctRows(report, stop);

    std::vector<Orphan> orphans;
    for (const VolumeFinding& one : m_findings) {
        if (one.word == VolumeWord::Orphan)
            orphans.push_back(
                {one.listed->id, one.instance, one.says, one.deletionAsked, one.disowned});
    }
    const auto whyNot = [this](const QString& resource) {
        const VolumeFinding* one = find(resource);
        return one ? one->says : QString();
    };
    const Outcome<int> marked = co_await m_book.look(std::move(orphans), whyNot);
    if (marked)
        report.processed += *marked;
    else
        ++report.errors;
    if (marked && !stop.stop_requested())
        co_await deleteDue(report, stop);
    for (VolumeFinding& one : m_findings) {
        const auto mark = m_book.mark(one.resource());
        if (!mark || !mark->disowned)
            continue;
        one.blockedBy = ofAnotherTime();
        report.block(guardName(one.blockedBy));
    }
    describe();
    co_return report;
}

Task<> VolumeReconciliationJob::correctRows(JobReport& report, std::stop_token stop) {
    const MonotonicTime now = m_context.clock.now();
    const bool anyOurs = std::ranges::any_of(m_findings, isOurs);
    QSet<VolumeId> missing;
    bool answers = true;                          // of several doubts, one a cycle is enough
    for (const VolumeFinding& one : m_findings) { // nothing replaces them meanwhile
        if (one.row && one.listed)
            m_context.plane.noteReconciled(one.instance, one.row->id);
        const InstanceRecord* owner = one.row ? m_context.plane.find(one.instance) : nullptr;
        if (!owner || !owner->workInHand.isEmpty())
            continue; // whoever has it in hand writes
        bool lost = false;
        if (one.word == VolumeWord::Lost) {
            // A list without any of ours says nothing of what still serves.
            if (!anyOurs && !isOver(owner->instance.status))
                continue;
            missing.insert(one.row->id);
            Missing& count = m_missing[one.row->id];
            if (count.cycles++ == 0)
                count.since = now;
            lost = count.cycles >= m_options.limits.cycles &&
                   now - count.since >= m_options.limits.seenFor;
        }
        const bool attached = one.listed && !one.listed->attachedTo.isEmpty();
        const VolumeStatus should = attached ? VolumeStatus::Attached : VolumeStatus::Detached;
        const bool settled =
            one.row->status == VolumeStatus::Attached || one.row->status == VolumeStatus::Detached;
        // What was written down as deleted and is in use after all was not.
        const bool back = one.row->status == VolumeStatus::Deleted && attached;
        const bool differs =
            isOurs(one) && ((settled && one.row->status != should) || (back && attached));
        if (lost && !answers)
            continue;
        if (lost) {
            const StopAfter limit(m_context.clock, m_options.callLimit, stop);
            const Outcome<bool> there =
                co_await m_context.provider.hasVolume(one.row->providerVolumeId, limit.token());
            if (stop.stop_requested())
                co_return;
            // Lists have holes: only its own not-found proves that it is gone.
            answers = there.has_value();
            report.errors += answers ? 0 : 1;
            lost = there && !*there;
        }
        if (!lost && !differs)
            continue;
        const Outcome<void> written = co_await correctRow(one, lost);
        report.processed += written ? 1 : 0;
        report.errors += written ? 0 : 1;
        if (!written)
            logWarning(category, written.error().message);
    }
    m_missing.removeIf([&missing](const auto& entry) { return !missing.contains(entry.key()); });
}

Task<Outcome<void>> VolumeReconciliationJob::correctRow(VolumeFinding one, bool lost) {
    Volume row = *one.row;
    const WallTime now = m_context.clock.wallNow();
    ControlPlane::Change change;
    change.refuse = unlessRowChanged(m_context.plane, *one.row);
    row.lastReconciliation = now;
    if (lost) {
        row.status = VolumeStatus::Deleted;
        row.deletedAt = now;
        row.reconciledAt = now;
        row.errorMessage = QStringLiteral("the provider does not have it any more");
        const InstanceRecord* owner = m_context.plane.find(one.instance);
        Asker asker;
        asker.reason = QStringLiteral("volume %1: %2").arg(row.providerVolumeId, row.errorMessage);
        // Where an instance still serves, its volume was not to go.
        if (owner && !isOver(owner->instance.status)) {
            change.logStarts = {failedLog(actiontype::volumeLostDetected, errorcode::volumeLost,
                                          row.errorMessage, asker)};
            logWarning(category,
                       QStringLiteral("%1 of instance %2 is lost: %3")
                           .arg(row.providerVolumeId, one.instance.value(), row.errorMessage));
        } else {
            change.logStarts = {
                actionLog(actiontype::volumeLostDetected, ActionLogStatus::Success, asker)};
        }
        ++m_context.volumes.lost;
    } else {
        const bool attached = !one.listed->attachedTo.isEmpty();
        row.status = attached ? VolumeStatus::Attached : VolumeStatus::Detached;
        if (attached)
            row.attachedAt = row.attachedAt.value_or(now);
        row.deletedAt.reset();
    }
    change.volumes = {row};
    const Outcome<InstanceRecord> written =
        co_await m_context.plane.apply(one.instance, std::move(change));
    if (!written)
        co_return fail(written.error());
    co_return Outcome<void>{};
}

QString VolumeReconciliationJob::whyNone(const std::vector<VolumeFinding>& findings) const {
    const auto newer = std::ranges::count(findings, true, &VolumeFinding::disowned);
    if (newer == 0)
        return {};
    return QStringLiteral("older-store: %1 volumes of instances that the store does not know are "
                          "newer than all that it knows")
        .arg(newer);
}

QString VolumeReconciliationJob::whyNot(const VolumeFinding& one) const {
    if (const QString why = m_context.plane.whyUntouched(); !why.isEmpty())
        return QStringLiteral("restored-store: ") + why;
    if (one.deletionAsked)
        return {}; // not automation's own idea
    return whyHandsOff(m_context.automation, m_context.plane.find(one.instance),
                       m_context.clock.wallNow());
}

Task<> VolumeReconciliationJob::deleteDue(JobReport& report, std::stop_token stop) {
    std::vector<OrphanMark> due = m_book.due();
    if (due.empty())
        co_return;
    // Asked once more, just before: what was attached since is not touched.
    Outcome<std::vector<VolumeFinding>> again = co_await survey(stop);
    if (!again) {
        report.errors += stop.stop_requested() ? 0 : 1;
        co_return;
    }
    m_findings = std::move(*again);
    const QString none = whyNone(m_findings);
    const int ours = static_cast<int>(std::ranges::count_if(m_findings, isOurs));
    int left = m_options.limits.mayDelete(ours);
    for (const OrphanMark& mark : due) {
        if (stop.stop_requested())
            co_return;
        VolumeFinding* one = find(mark.resource);
        if (!one || one->word != VolumeWord::Orphan)
            continue; // the next look ends its mark
        one->blockedBy = none.isEmpty() || one->deletionAsked ? whyNot(*one) : none;
        const bool observed = !one->deletionAsked &&
                              isObserved(m_context.automation, m_context.plane.find(one->instance));
        if (one->blockedBy.isEmpty() && left <= 0)
            one->blockedBy = QStringLiteral("delete-limit: %1 of %2 volumes may go in one cycle")
                                 .arg(m_options.limits.mayDelete(ours))
                                 .arg(ours);
        if (one->blockedBy.isEmpty() && observed) {
            one->blockedBy = QStringLiteral("mode: observe");
            const Outcome<void> said = co_await m_book.tell(mark.resource);
            report.errors += said ? 0 : 1;
        }
        if (!one->blockedBy.isEmpty()) {
            report.block(guardName(one->blockedBy));
            continue;
        }
        --left;
        co_await deleteOne(*one, mark.correlationId, report, stop);
    }
}

Task<> VolumeReconciliationJob::deleteOne(VolumeFinding one, QString correlationId,
                                          JobReport& report, std::stop_token stop) {
    const QString resource = one.listed->id;
    const StopAfter limit(m_context.clock, m_options.callLimit, stop);
    const CallToken token(limit.token(), correlationId);
    const Outcome<void> deleted = co_await m_context.provider.deleteVolume(resource, token);
    if (!deleted && stop.stop_requested())
        co_return; // its mark stands; the next start goes on
    Outcome<void> written;
    if (deleted || deleted.error().kind == FailureKind::NotFound) {
        written = co_await writeDeleted(one, correlationId);
        if (written)
            written = co_await m_book.deleted(resource);
        ++m_context.volumes.deleted;
        ++report.processed;
        logInfo(category, QStringLiteral("deleted %1: %2").arg(resource, one.says), correlationId);
    } else {
        ++report.errors;
        written = co_await m_book.failed(resource, deleted.error());
    }
    if (!written) {
        ++report.errors;
        logWarning(category, QStringLiteral("%1: %2").arg(resource, written.error().message));
    }
}

Task<Outcome<void>> VolumeReconciliationJob::writeDeleted(VolumeFinding one,
                                                          QString correlationId) {
    Asker asker;
    asker.correlationId = std::move(correlationId);
    asker.reason = QStringLiteral("volume %1: %2").arg(one.listed->id, one.says);
    ActionLog entry = actionLog(actiontype::providerDeleteVolume, ActionLogStatus::Success, asker);
    if (!one.row || !m_context.plane.find(one.instance)) {
        entry.instanceId = one.instance;
        const Outcome<void> logged = co_await m_context.plane.writeLog(std::move(entry));
        co_return logged;
    }
    Volume row = *one.row;
    const WallTime now = m_context.clock.wallNow();
    row.status = VolumeStatus::Deleted;
    row.deletedAt = now;
    row.reconciledAt = now;
    row.lastReconciliation = now;
    row.errorMessage.clear();
    ControlPlane::Change change;
    change.volumes = {row};
    change.logStarts = {std::move(entry)};
    const Outcome<InstanceRecord> written =
        co_await m_context.plane.apply(one.instance, std::move(change));
    if (!written)
        co_return fail(written.error());
    co_return Outcome<void>{};
}

void VolumeReconciliationJob::describe() {
    const WallTime now = m_context.clock.wallNow();
    const auto inWall = [](Duration length) {
        return std::chrono::floor<std::chrono::milliseconds>(length);
    };
    for (VolumeFinding& one : m_findings) {
        const QString resource = one.resource();
        if (const auto seen = m_book.seenFor(resource))
            one.orphanSince = now - inWall(*seen);
        if (const auto mark = m_book.mark(resource)) {
            one.markedAt = mark->markedAt;
            one.deleteAfter = mark->markedAt + (mark->asked ? std::chrono::milliseconds(0)
                                                            : inWall(m_options.limits.deleteAfter));
            one.attempts = mark->attempts;
            one.retriesUsedUp = mark->usedUp;
            one.lastError = mark->lastError;
        }
    }
    m_context.volumes.findings = std::move(m_findings);
    m_context.volumes.marked = m_book.marked();
    m_context.volumes.retriesUsedUp = m_book.usedUp();
}

} // namespace vigie::jobs::volumereconciliation
