#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/orchestrator/actions/operationjournal.h"
#include "core/orchestrator/actions/operations.h"

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

const QString stepsLog = QStringLiteral("actions");

bool hasChanged(const ActionItem& item, const TargetFacts& target) {
    return target.known && item.plannedStatus != InstanceStatus::Unknown &&
           (target.status != item.plannedStatus || target.incarnation != item.plannedIncarnation);
}

} // namespace

Task<> OperationDesk::tick() {
    if (m_ticking || m_parts.plane.storeFailure())
        co_return;
    m_ticking = true;
    co_await move();
    m_ticking = false;
}

Task<> OperationDesk::move() {
    const bool leads = m_parts.plane.replica().leads();
    if (leads && !std::exchange(m_led, leads)) {
        heed();
        for (ActionOperation& operation : m_operations)
            operation.waveEndedAt.reset(); // when that was, its former leader knew
    }
    m_led = leads;
    co_await listen();
    if (!goesOn()) {
        for (const ActionLogId& id : openOnes())
            co_await pauseRestored(id);
        co_return;
    }
    m_parts.reinstaller.resume();
    const int drained = co_await m_drains.tick();
    if (drained > 0)
        m_parts.wake(QStringLiteral("terminator"));
    for (const ActionLogId& id : openOnes()) {
        if (goesOn())
            co_await advance(id);
    }
}

/// First come, first served.
std::vector<ActionLogId> OperationDesk::openOnes() const {
    std::vector<ActionLogId> open;
    for (auto operation = m_operations.rbegin(); operation != m_operations.rend(); ++operation) {
        if (!operation->finishedAt)
            open.push_back(operation->id);
    }
    return open;
}

Task<> OperationDesk::advance(ActionLogId id) {
    bool known = co_await isKnown(id);
    if (!known || at(id)->finishedAt)
        co_return;
    co_await lookAfter(id);
    if (!goesOn())
        co_return;
    const NextStep step = nextStep(*at(id), m_parts.plane.clock().now());
    if (step.pause)
        co_await pauseByItself(id, *step.pause);
    if (step.abandon) {
        for (std::size_t i = 0; i < at(id)->items.size(); ++i) {
            if (at(id)->items[i].stage == ItemStage::Pending && goesOn())
                co_await skip(id, i, QStringLiteral("aborted"),
                              QStringLiteral("The operation was aborted before its turn came."));
        }
    }
    for (const std::size_t place : step.start) {
        co_await listen();
        known = co_await isKnown(id);
        const ActionOperation* operation = at(id);
        if (!known || operation->paused || operation->aborted || operation->unsure || !goesOn())
            break; // said, here or elsewhere, while the items before it were begun
        co_await startItem(id, place);
    }
    if (nextStep(*at(id), m_parts.plane.clock().now()).finished && !at(id)->unsure && goesOn())
        co_await finish(id);
}

void OperationDesk::beUnsure(const ActionLogId& id) {
    ++m_edits;
    at(id)->unsure = true;
}

/// Ends the items whose work has ended.
Task<> OperationDesk::lookAfter(ActionLogId id) {
    for (std::size_t i = 0; i < at(id)->items.size(); ++i) {
        const ActionOperation* operation = at(id);
        const ActionItem item = operation->items[i];
        if (item.stage != ItemStage::Running)
            continue;
        const auto end = m_executor.ended(operation->action, item.instance, item.id);
        if (end && goesOn())
            co_await endItem(id, i, *end);
    }
}

Task<> OperationDesk::startItem(ActionLogId id, std::size_t place) {
    const ActionOperation* operation = at(id);
    ActionItem item = operation->items[place];
    const TargetFacts target = targetFacts(m_parts.plane, operation->action, item.id);
    if (hasChanged(item, target)) {
        co_await skip(id, place, QStringLiteral("changed"),
                      QStringLiteral("It was %1 when this was planned and is %2 now.")
                          .arg(toString(item.plannedStatus), toString(target.status)));
        co_return;
    }
    ItemVerdict verdict =
        judgeItem(operation->action, target, fleetFacts(m_parts.plane, m_parts.automation),
                  m_parts.automation.policy(), operation->override);
    const MonotonicTime now = m_parts.plane.clock().now();
    if (verdict.waits) {
        ActionItem& waiting = at(id)->items[place];
        waiting.waitsSince = waiting.waitsSince.value_or(now);
        waiting.code = verdict.guard;
        waiting.message = verdict.says;
        if (now - *waiting.waitsSince < m_settings.itemWait)
            co_return;
        verdict.says += QStringLiteral("; it waited for ") + humanDuration(m_settings.itemWait);
    }
    if (!verdict.allowed) {
        co_await skip(id, place, verdict.guard, verdict.says);
        co_return;
    }
    const bool instant = ActionExecutor::isInstant(operation->action);
    item.code.clear();
    item.message.clear();
    item.waitsSince.reset();
    item.startedAt = m_parts.plane.clock().wallNow();
    item.stage = instant ? ItemStage::Done : ItemStage::Running;
    if (instant)
        item.endedAt = item.startedAt;
    ActionExecutor::Order order;
    order.action = operation->action;
    order.target = target;
    order.asker = operation->asker;
    order.passedGuards = verdict.passed;
    order.holdUntil = operation->holdUntil;
    order.journal = itemRow(*operation, item, verdict.passed);
    Task<Outcome<InstanceRecord>> beginning = m_executor.begin(std::move(order));
    const Outcome<InstanceRecord> begun = co_await beginning;
    if (!begun && (begun.error().kind == FailureKind::Storage || isLeaseLost(begun.error()))) {
        beUnsure(id); // it may be written all the same, or another goes on with it
        co_return;
    }
    if (!begun) {
        const bool changed = begun.error().kind == FailureKind::Conflict;
        co_await skip(id, place, changed ? QStringLiteral("changed") : QStringLiteral("state"),
                      begun.error().message);
        co_return;
    }
    ++m_edits;
    at(id)->items[place] = item;
    logInfo(stepsLog,
            QStringLiteral("operation %1: %2 of %3 begun")
                .arg(id.value(), toString(at(id)->action), item.id),
            at(id)->asker.correlationId);
    if (instant)
        noteEnd(*at(id), place);
}

Task<> OperationDesk::skip(ActionLogId id, std::size_t place, QString code, QString message) {
    ActionItem item = at(id)->items[place];
    item.stage = ItemStage::Skipped;
    item.code = std::move(code);
    item.message = std::move(message);
    item.waitsSince.reset();
    item.endedAt = m_parts.plane.clock().wallNow();
    const Outcome<void> written = co_await m_parts.plane.writeLog(itemRow(*at(id), item));
    if (!written) {
        beUnsure(id);
        co_return;
    }
    at(id)->items[place] = std::move(item);
    noteEnd(*at(id), place);
}

Task<> OperationDesk::endItem(ActionLogId id, std::size_t place, ActionExecutor::End end) {
    ActionItem item = at(id)->items[place];
    item.stage = end.done ? ItemStage::Done : ItemStage::Failed;
    item.code = end.done ? QString() : QStringLiteral("failed");
    item.message = std::move(end.message);
    item.endedAt = m_parts.plane.clock().wallNow();
    const Outcome<void> written = co_await m_parts.plane.finishLog(itemEnd(*at(id), item));
    if (!written)
        co_return; // still running in the journal too: the next tick ends it
    at(id)->items[place] = std::move(item);
    noteEnd(*at(id), place);
}

void OperationDesk::noteEnd(ActionOperation& operation, std::size_t place) {
    ++m_edits;
    ++m_counts[{toString(operation.action), toString(operation.items[place].stage)}];
    operation.waveEndedAt = m_parts.plane.clock().now();
}

/// Reads it, for those who look. One that came with a restored store may have gone on, or been
/// given up, in the time that is lost: a person decides about it.
Task<> OperationDesk::pauseRestored(ActionLogId id) {
    const bool known = co_await isKnown(id);
    const ActionOperation* operation = at(id);
    const ControlPlane& plane = m_parts.plane;
    if (!known || operation->paused || operation->finishedAt || !plane.replica().leads() ||
        m_executor.stopping() || plane.whyUntouched().isEmpty() ||
        operation->startedAt > plane.restored()->at)
        co_return;
    ActionOperation::Pause pause;
    pause.reason = plane.whyUntouched();
    co_await pauseByItself(id, std::move(pause));
}

Task<> OperationDesk::pauseByItself(ActionLogId id, ActionOperation::Pause pause) {
    pause.row = ActionLogId(newUuid());
    pause.at = m_parts.plane.clock().wallNow();
    const Outcome<void> written =
        co_await m_parts.plane.writeLog(pauseRow(*at(id), pause, Asker{}, false));
    if (!written)
        co_return; // nothing further is begun before it is written
    logWarning(stepsLog, QStringLiteral("operation %1 pauses: %2").arg(id.value(), pause.reason),
               at(id)->asker.correlationId);
    ++m_edits;
    at(id)->paused = std::move(pause);
}

Task<> OperationDesk::finish(ActionLogId id) {
    const Outcome<void> written = co_await m_parts.plane.finishLog(operationEnd(*at(id)));
    if (!written)
        co_return;
    ActionOperation& operation = *at(id);
    operation.finishedAt = m_parts.plane.clock().wallNow();
    logInfo(stepsLog, QStringLiteral("operation %1 is %2").arg(id.value(), stateOf(operation)),
            operation.asker.correlationId);
}

} // namespace vigie
