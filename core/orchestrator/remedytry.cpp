// What the Reinstaller asks before each try of a remedy, and how a try ends.
#include "core/base/log.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/backoff.h"
#include "core/orchestrator/lifecycle.h"
#include "core/orchestrator/reinstall.h"
#include "core/orchestrator/workerproof.h"

#include <algorithm>

namespace vigie {

namespace {

const QString category = QStringLiteral("reinstall");

void tell(const InstanceId& id, const Outcome<InstanceRecord>& written, const QString& message) {
    log(written ? LogLevel::Info : LogLevel::Warning, category,
        QStringLiteral("%1: %2").arg(id.value(), written ? message : written.error().message));
}

} // namespace

/// A person's order is carried out whatever is heard meanwhile; automation's rests on a silence.
Task<bool> Reinstaller::isStillDue(InstanceId id, ActionLogId work) {
    const FleetEntry* entry = m_plane.entry(id);
    if (entry && (entry->live.lastBeat || !entry->record.workerId.isEmpty())) {
        co_await callOff(id, work);
        co_return false;
    }
    QString why = m_whatSpeaksAgainst ? m_whatSpeaksAgainst(id) : QString();
    if (why.isEmpty())
        co_return true;
    co_await wait(id, work, std::move(why));
    co_return false;
}

/// What was sent without an answer may still take effect: the new secret stays good as well.
Task<> Reinstaller::callOff(InstanceId id, ActionLogId work) {
    const InstanceRecord* record = m_plane.find(id);
    const QString message =
        QStringLiteral("%1 is called off: the worker was heard before the provider was known "
                       "to have carried it out.")
            .arg(nameOfRemedy(record ? record->workInHand : reinstallWork));
    ControlPlane::Change change;
    change.refuse = unlessAnotherRemedy(work);
    change.reason = message;
    change.edit = [now = m_plane.clock().wallNow()](InstanceRecord& r) {
        endWork(r);
        r.recoveryBegunAt = now; // its start-up counts from here
        r.instance.retryCount = 0;
        r.instance.errorMessage.clear();
    };
    change.logFinishes = {failed(work, errorcode::calledOff, message)};
    const Outcome<InstanceRecord> written = co_await m_plane.apply(id, std::move(change));
    tell(id, written, message);
}

Task<> Reinstaller::wait(InstanceId id, ActionLogId work, QString why) {
    const InstanceRecord* record = m_plane.find(id);
    const QString message =
        QStringLiteral("%1 waits: %2.")
            .arg(nameOfRemedy(record ? record->workInHand : reinstallWork), why);
    if (record && record->instance.errorMessage == message)
        co_return;
    ControlPlane::Change change;
    change.refuse = unlessAnotherRemedy(work);
    change.edit = [message](InstanceRecord& r) { r.instance.errorMessage = message; };
    const Outcome<InstanceRecord> written = co_await m_plane.apply(id, std::move(change));
    tell(id, written, message);
}

Task<> Reinstaller::succeed(InstanceId id, ActionLogId work) {
    ControlPlane::Change change;
    change.refuse = unlessAnotherRemedy(work);
    change.edit = [now = m_plane.clock().wallNow()](InstanceRecord& record) {
        if (awaitsReinstall(record)) { // the worker of before is no more
            record.workerTokenHash.clear();
            record.formerSecretHash.clear();
        }
        endWork(record);
        if (isStarting(record.instance.status))
            record.recoveryBegunAt = now; // it may have waited long for its provider
        record.instance.retryCount = 0;
        record.instance.errorMessage.clear(); // why it waited
    };
    change.logFinishes = {finished(work)};
    const Outcome<InstanceRecord> written = co_await m_plane.apply(id, std::move(change));
    if (!written)
        logWarning(category, QStringLiteral("%1: %2").arg(id.value(), written.error().message));
}

Task<std::optional<bool>> Reinstaller::isAutomatic(InstanceId id, ActionLogId work) {
    if (m_automatic.value(id).first != work) {
        // Begun by another process: the row of the log knows by whom.
        const auto open = co_await m_plane.store().openActions();
        if (!open)
            co_return std::nullopt;
        const auto row = std::ranges::find(*open, work, &ActionLog::id);
        m_automatic.insert(id, {work, row != open->end() && row->userId == Asker{}.actor});
    }
    co_return m_automatic.value(id).second;
}

Task<> Reinstaller::retryOrFail(InstanceId id, ActionLogId work, Failure failure) {
    // A person is told soon; automation waits for a provider that says nothing about the machine,
    // for each step of the ladder can be taken only once. What was never sent waits for both.
    const std::optional<bool> begunBy = co_await isAutomatic(id, work);
    const bool automatic = begunBy.value_or(true); // it stays in hand until the store can say
    const bool tried = !wasNeverSent(failure);
    const bool waits = !tried || (automatic && !isAboutTheMachine(failure));
    const InstanceRecord* record = m_plane.find(id);
    const int failures = (record ? record->instance.retryCount : 0) + (tried ? 1 : 0);
    const bool noMachine = failure.kind == FailureKind::NotFound;
    const bool unsupported = failure.kind == FailureKind::Unsupported;
    const QStringView code =
        unsupported ? errorcode::stepNotAvailable : errorcode::providerStartFailed;
    const QString name = nameOfRemedy(record ? record->workInHand : reinstallWork);
    ControlPlane::Change change;
    change.refuse = unlessAnotherRemedy(work);
    if (!waits && (noMachine || isPermanent(failure) || failures >= m_options.maxAttempts)) {
        const QString message =
            QStringLiteral("%1 failed after %2 %3: %4")
                .arg(name)
                .arg(failures)
                .arg(failures == 1 ? QStringLiteral("try") : QStringLiteral("tries"),
                     failure.message);
        // After an automatic step the ladder goes on; a person's ends here.
        if (!automatic)
            change.cause = TransitionCause::StartupLimitPassed;
        change.reason = message;
        change.edit = [message, failures, word = code.toString()](InstanceRecord& r) {
            endWork(r);
            r.instance.retryCount = failures;
            r.instance.errorCode = word;
            r.instance.errorMessage = message;
        };
        change.logFinishes = {failed(work, code, message)};
    } else {
        const Duration wait = backoff(id.value(), failures, m_options.firstDelay,
                                      m_options.maxDelay, failure.retryAfter);
        const WallTime next =
            m_plane.clock().wallNow() + std::chrono::ceil<std::chrono::milliseconds>(wait);
        change.edit = [failures, next, why = failure.message](InstanceRecord& r) {
            r.instance.retryCount = failures;
            r.instance.errorMessage = why;
            r.nextAttemptAt = next;
        };
    }
    logWarning(category, QStringLiteral("%1: try %2 failed: %3")
                             .arg(id.value(), QString::number(failures), failure.message));
    const Outcome<InstanceRecord> written = co_await m_plane.apply(id, std::move(change));
    if (!written)
        logWarning(category, QStringLiteral("%1: %2").arg(id.value(), written.error().message));
}

} // namespace vigie
