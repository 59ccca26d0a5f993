#include "core/orchestrator/jobs/recovery/recoveryjob.h"

#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/ownership.h"

#include <algorithm>
#include <tuple>

namespace vigie::jobs::recovery {

namespace {

const QString category = QStringLiteral("jobs.recovery");

/// A write is dropped when the instance changed since it was judged.
auto unlessMoved(const InstanceRecord& judged) {
    return [status = judged.instance.status, incarnation = judged.instance.incarnation,
            work = judged.workInHand](const InstanceRecord& now) -> std::optional<QString> {
        if (now.instance.status == status && now.instance.incarnation == incarnation &&
            now.workInHand == work)
            return std::nullopt;
        return QStringLiteral("It changed meanwhile.");
    };
}

} // namespace

std::vector<StateLimit> RecoveryJob::limits() const {
    using enum InstanceStatus;
    return {
        {Provisioning, m_options.provisioningLimit, Overdue::Tell},
        {Booting, m_settings.bootingLimit, Overdue::FailStartup},
        {Installing, m_settings.installingLimit, Overdue::FailStartup},
        {Starting, m_settings.startingLimit, Overdue::FailStartup},
        {Terminating, m_options.terminatingLimit, Overdue::Tell},
        {StartupFailed, m_options.cleanUpAfter, Overdue::CleanUp},
        {ProvisioningFailed, m_options.cleanUpAfter, Overdue::CleanUp},
    };
}

bool RecoveryJob::inGrace() const {
    MonotonicTime since = m_context.watcher.startedAt;
    since = std::max(since, m_context.watcher.lastStall.value_or(since));
    return m_context.clock.now() - since < m_settings.policy.heartbeatThreshold;
}

QString RecoveryJob::whyKept(const InstanceRecord& record) const {
    const QString guard = whyHandsOff(m_context.automation, &record, m_context.clock.wallNow());
    if (!guard.isEmpty())
        return guard;
    int failedBefore = 0;
    for (const FleetEntry* entry : m_context.plane.entries()) {
        const Instance& other = entry->record.instance;
        const bool failed = other.status == InstanceStatus::StartupFailed ||
                            other.status == InstanceStatus::ProvisioningFailed;
        const bool earlier = std::tie(other.failedAt, other.id) <
                             std::tie(record.instance.failedAt, record.instance.id);
        if (failed && earlier)
            ++failedBefore;
    }
    if (failedBefore < m_settings.guards.preserveFailed)
        return QStringLiteral("preserve: kept for debugging");
    return isObserved(m_context.automation, &record) ? QStringLiteral("mode: observe") : QString();
}

QString RecoveryJob::whyWaiting(const InstanceId& id) const {
    const FleetEntry* entry = m_context.plane.entry(id);
    if (!entry || !entry->live.testimony || !entry->live.testimony->isBlocked())
        return {};
    const Testimony& said = *entry->live.testimony;
    if (said.blockedBy.isEmpty())
        return said.rule().toString();
    // After these only a person goes on.
    static const QStringList last{QStringLiteral("recovery"), QStringLiteral("retry cap"),
                                  QStringLiteral("ladder"),   QStringLiteral("flapping"),
                                  QStringLiteral("preserve"), QStringLiteral("mode")};
    const QString guard = guardName(said.blockedBy);
    return last.contains(guard) ? QString() : guard;
}

bool RecoveryJob::isHeard(const InstanceId& id) const {
    const LiveState* live = m_context.plane.live(id);
    return live && live->lastBeat &&
           m_context.clock.now() - *live->lastBeat <= m_settings.policy.heartbeatThreshold;
}

Task<JobReport> RecoveryJob::run(std::stop_token stop) {
    JobReport report;
    std::vector<CleanUpBoard::Held> held;
    const std::vector<StateLimit> table = limits();
    const bool grace = inGrace() || m_context.plane.storeFailure();
    for (const InstanceId& id : m_context.plane.ids()) {
        if (stop.stop_requested())
            break;
        const InstanceRecord* record = m_context.plane.find(id);
        const auto row = std::ranges::find(table, record->instance.status, &StateLimit::status);
        if (row == table.end() || row->limit == Duration::zero()) {
            m_timer.forget(id);
            m_told.remove(id);
            continue;
        }
        ++report.claimed;
        const Duration elapsed = m_timer.inState(*record);
        if (grace || elapsed <= row->limit)
            continue;
        if (row->then != Overdue::Tell && !record->workInHand.isEmpty())
            continue; // whoever has it in hand ends it
        // What can't be heard now, or waits its turn for another step, has not failed to start.
        const QString waits = row->then == Overdue::FailStartup ? whyWaiting(id) : QString();
        if (!waits.isEmpty()) {
            report.block(waits);
            continue;
        }
        if (row->then == Overdue::Tell && m_told.value(id) == record->instance.stateSince)
            continue;
        const QString guard = row->then == Overdue::CleanUp ? whyKept(*record) : QString();
        if (!guard.isEmpty()) {
            report.block(guardName(guard));
            held.push_back({id, guard});
            continue;
        }
        const Outcome<void> done = co_await act(id, *row, elapsed);
        if (done)
            ++report.processed;
        else if (done.error().kind != FailureKind::Conflict) {
            ++report.errors;
            logWarning(category, QStringLiteral("%1: %2").arg(id.value(), done.error().message));
        }
    }
    m_context.cleanUps.held = std::move(held);
    co_return report;
}

Task<Outcome<void>> RecoveryJob::act(InstanceId id, StateLimit limit, Duration elapsed) {
    const InstanceRecord* record = m_context.plane.find(id);
    const QString status = toString(record->instance.status);
    const auto since = record->instance.stateSince;
    const bool heard = limit.then == Overdue::FailStartup && isHeard(id);
    QString message = QStringLiteral("In %1 for %2; the limit is %3.")
                          .arg(status, humanDuration(elapsed), humanDuration(limit.limit));
    if (heard)
        message += QStringLiteral(" Its worker beats, but did not become ready.");
    if (heard && record->recoveryBegunAt)
        message += QStringLiteral(" Its recovery ends here: automation restarts nothing that "
                                  "beats, a person decides.");
    ControlPlane::Change change;
    change.refuse = unlessMoved(*record);
    change.reason = message;
    Asker asker;
    asker.reason = message;
    switch (limit.then) {
    case Overdue::FailStartup:
        change.cause = TransitionCause::StartupLimitPassed;
        change.edit = [message, heard](InstanceRecord& r) {
            r.heardAtLimit = heard;
            r.instance.errorCode = QStringView(errorcode::startupTimeout).toString();
            r.instance.errorMessage = message;
        };
        change.logStarts = {
            actionLog(actiontype::recoveryStartupFailed, ActionLogStatus::Success, asker),
            failedLog(actiontype::instanceStartupFailed, errorcode::startupTimeout, message)};
        break;
    case Overdue::CleanUp:
        change.cause = TransitionCause::CleanUp;
        change.edit = [message](InstanceRecord& r) {
            r.instance.correlationId = newUuid(); // an order of its own
            r.retiring = true;
            r.instance.deletionReason = message;
        };
        change.logStarts = {
            actionLog(actiontype::recoveryTerminate, ActionLogStatus::Success, asker)};
        break;
    default:
        change.edit = [message](InstanceRecord& r) {
            // What went wrong says more than that it takes long.
            if (r.instance.errorCode.isEmpty()) {
                r.instance.errorCode = QStringView(errorcode::recoveryTimeout).toString();
                r.instance.errorMessage = message;
            }
        };
        change.logStarts = {failedLog(limit.status == InstanceStatus::Terminating
                                          ? actiontype::recoveryTerminate
                                          : actiontype::requeueProvision,
                                      errorcode::recoveryTimeout, message)};
        logWarning(category, QStringLiteral("%1: %2").arg(id.value(), message));
        break;
    }
    const Outcome<InstanceRecord> written = co_await m_context.plane.apply(id, std::move(change));
    if (!written)
        co_return fail(written.error());
    if (limit.then == Overdue::Tell)
        m_told.insert(id, since);
    co_return Outcome<void>{};
}

} // namespace vigie::jobs::recovery
