#include "core/orchestrator/actions/operations.h"

#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/actions/operationjournal.h"

#include <algorithm>

namespace vigie {

namespace {

const QString deskLog = QStringLiteral("actions");
constexpr std::size_t keptOperations = 200;
constexpr std::size_t keptPlans = 100;

Failure noSuchOperation(const ActionLogId& id) {
    return Failure{FailureKind::NotFound,
                   QStringLiteral("There is no operation %1 among those kept; /action_logs has "
                                  "what older ones did.")
                       .arg(id.value().left(64)),
                   0,
                   {},
                   QStringLiteral("operation_not_found"),
                   {}};
}

Failure notNow(const QString& sentence) {
    return Failure{FailureKind::Conflict, sentence, 0, {}, QStringLiteral("not_possible_now"), {}};
}

} // namespace

OperationDesk::OperationDesk(ActionExecutor::Parts parts, ActionSettings settings)
    : m_parts(parts), m_settings(settings), m_executor(std::move(parts)),
      m_drains(m_parts.plane, settings.drainDeadline) {}

OperationDesk::Plan OperationDesk::plan(Action action, const QStringList& ids, Asker asker,
                                        bool override) {
    const MonotonicTime now = m_parts.plane.clock().now();
    std::erase_if(m_plans,
                  [now](const auto& one) { return now - one.second.second >= 2 * planLife; });
    std::vector<TargetFacts> targets;
    for (const QString& id : ids)
        targets.push_back(targetFacts(m_parts.plane, action, id));
    Plan made;
    made.id = newUuid();
    made.expiresAt = m_parts.plane.clock().wallNow() +
                     std::chrono::duration_cast<std::chrono::milliseconds>(planLife);
    made.asker = std::move(asker);
    made.plan =
        planAction(action, std::move(targets), fleetFacts(m_parts.plane, m_parts.automation),
                   m_parts.automation.policy(), override);
    if (m_plans.size() >= keptPlans) {
        m_plans.erase(std::ranges::min_element(m_plans, {},
                                               [](const auto& one) { return one.second.second; }));
    }
    m_plans.emplace(made.id, std::pair(made, now));
    return made;
}

Outcome<OperationDesk::Plan> OperationDesk::find(const QString& planId) const {
    const auto found = m_plans.find(planId);
    if (found == m_plans.end())
        return fail(Failure{FailureKind::NotFound,
                            QStringLiteral("There is no plan %1 here; make a new one with POST "
                                           "/actions/plan.")
                                .arg(planId.left(64)),
                            0,
                            {},
                            QStringLiteral("plan_not_found"),
                            {}});
    if (m_parts.plane.clock().now() - found->second.second >= planLife)
        return fail(Failure{FailureKind::Conflict,
                            QStringLiteral("That plan was made more than %1 ago; make a new one "
                                           "with POST /actions/plan.")
                                .arg(humanDuration(planLife)),
                            0,
                            {},
                            QStringLiteral("plan_expired"),
                            {}});
    return found->second.first;
}

Task<Outcome<ActionOperation>> OperationDesk::start(Wish wish) {
    if (const ActionOperation* known = at(wish.id))
        co_return ActionOperation(*known);
    if (wish.asker.reason.isEmpty())
        co_return fail(FailureKind::Invalid,
                       QStringLiteral("an action needs a reason: send \"reason\" in the body, or "
                                      "the header X-Vigie-Reason"));
    const ActionPlan plan = wish.plan
                                ? wish.plan->plan
                                : this->plan(wish.action, wish.ids, wish.asker, wish.override).plan;
    ActionOperation operation;
    operation.id = wish.id.isEmpty() ? ActionLogId(newUuid()) : wish.id;
    operation.action = plan.action;
    operation.override = wish.override;
    operation.holdUntil = wish.holdUntil;
    operation.waves = wish.waves.value_or(m_settings.waves);
    operation.asker = std::move(wish.asker);
    operation.startedAt = m_parts.plane.clock().wallNow();
    for (const PlannedItem& planned : plan.items) {
        ActionItem item;
        item.id = planned.target.id;
        item.instance = planned.target.instance;
        item.plannedStatus = planned.target.status;
        item.plannedIncarnation = planned.target.incarnation;
        operation.items.push_back(std::move(item));
    }
    if (operation.items.empty())
        co_return fail(FailureKind::Invalid,
                       QStringLiteral("there is nothing to act on: no id was named, and no "
                                      "instance fits the filter"));
    // Those that nothing stands against go first, so that waves are full ones.
    std::vector<std::size_t> order(operation.items.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::ranges::stable_sort(order, {}, [&plan](std::size_t i) {
        const ItemVerdict& verdict = plan.items[i].verdict;
        return verdict.allowed ? 0 : verdict.waits ? 1 : 2;
    });
    std::vector<ActionItem> sorted;
    for (const std::size_t i : order)
        sorted.push_back(std::move(operation.items[i]));
    operation.items = std::move(sorted);

    const Outcome<void> written = co_await m_parts.plane.writeLog(operationRow(operation));
    if (!written)
        co_return fail(written.error());
    logInfo(deskLog,
            QStringLiteral("operation %1: %2 of %3 items asked by %4 (%5)")
                .arg(operation.id.value(), toString(operation.action),
                     QString::number(operation.items.size()), operation.asker.actor,
                     operation.asker.reason),
            operation.asker.correlationId);
    ActionOperation begun = operation;
    remember(std::move(operation));
    co_return begun;
}

Task<OperationDesk::Single> OperationDesk::single(Action action, QString id, Asker asker,
                                                  bool override) {
    ActionExecutor::Order order;
    order.action = action;
    order.target = targetFacts(m_parts.plane, action, id);
    ItemVerdict verdict =
        judgeItem(action, order.target, fleetFacts(m_parts.plane, m_parts.automation),
                  m_parts.automation.policy(), override);
    if (!verdict.allowed) {
        Failure failure = notNow(verdict.says);
        failure.code = QStringLiteral("guard_blocked");
        co_return Single{fail(std::move(failure)), verdict.guard};
    }
    order.asker = std::move(asker);
    order.passedGuards = std::move(verdict.passed);
    Task<Outcome<InstanceRecord>> running = m_executor.begin(std::move(order));
    Outcome<InstanceRecord> begun = co_await running;
    ++m_counts[{toString(action), begun ? QStringLiteral("begun") : QStringLiteral("failed")}];
    co_return Single{std::move(begun), {}};
}

ActionOperation* OperationDesk::at(const ActionLogId& id) {
    const auto found = std::ranges::find(m_operations, id, &ActionOperation::id);
    return found == m_operations.end() ? nullptr : &*found;
}

void OperationDesk::remember(ActionOperation operation) {
    if (at(operation.id))
        return; // read from the store meanwhile
    m_operations.push_front(std::move(operation));
    forgetOld();
}

void OperationDesk::forgetOld() {
    for (std::size_t i = m_operations.size(); i > keptOperations; --i) {
        if (m_operations[i - 1].finishedAt)
            m_operations.erase(m_operations.begin() + static_cast<std::ptrdiff_t>(i - 1));
    }
}

std::vector<ActionOperation> OperationDesk::list() const {
    return {m_operations.begin(), m_operations.end()};
}

std::optional<ActionOperation> OperationDesk::find(const ActionLogId& id) const {
    const auto found = std::ranges::find(m_operations, id, &ActionOperation::id);
    return found == m_operations.end() ? std::nullopt : std::optional(*found);
}

Task<Outcome<ActionOperation>> OperationDesk::pause(ActionLogId id, Asker asker) {
    co_await lookUp(id);
    const ActionOperation* operation = at(id);
    if (!operation)
        co_return fail(noSuchOperation(id));
    if (operation->paused)
        co_return ActionOperation(*operation);
    if (operation->finishedAt || operation->aborted)
        co_return fail(notNow(QStringLiteral("The operation is %1.").arg(stateOf(*operation))));
    ActionOperation::Pause pause{
        ActionLogId(newUuid()), asker.reason, asker.actor, m_parts.plane.clock().wallNow(), {}};
    const Outcome<void> written =
        co_await m_parts.plane.writeLog(pauseRow(*operation, pause, asker, false));
    if (!written)
        co_return fail(written.error());
    ++m_edits;
    ActionOperation* changed = at(id);
    changed->paused = std::move(pause);
    co_return ActionOperation(*changed);
}

Task<Outcome<ActionOperation>> OperationDesk::resume(ActionLogId id, Asker asker) {
    co_await lookUp(id);
    const ActionOperation* operation = at(id);
    if (!operation)
        co_return fail(noSuchOperation(id));
    if (operation->finishedAt || operation->aborted)
        co_return fail(notNow(QStringLiteral("The operation is %1.").arg(stateOf(*operation))));
    if (!operation->paused)
        co_return ActionOperation(*operation);
    const ActionOperation::Pause pause = *operation->paused;
    logInfo(deskLog, QStringLiteral("operation %1: resumed by %2").arg(id.value(), asker.actor),
            operation->asker.correlationId);
    const Outcome<void> written = co_await m_parts.plane.finishLog(finished(pause.row));
    if (!written)
        co_return fail(written.error());
    ++m_edits;
    ActionOperation* changed = at(id);
    if (pause.wave)
        changed->acceptedWaves.push_back(*pause.wave);
    if (changed->paused == pause)
        changed->paused.reset();
    co_return ActionOperation(*changed);
}

Task<Outcome<ActionOperation>> OperationDesk::abort(ActionLogId id, Asker asker) {
    co_await lookUp(id);
    const ActionOperation* operation = at(id);
    if (!operation)
        co_return fail(noSuchOperation(id));
    if (operation->aborted)
        co_return ActionOperation(*operation);
    if (operation->finishedAt)
        co_return fail(notNow(QStringLiteral("The operation is finished.")));
    ActionOperation::Pause abort{
        ActionLogId(newUuid()), asker.reason, asker.actor, m_parts.plane.clock().wallNow(), {}};
    const Outcome<void> written =
        co_await m_parts.plane.writeLog(pauseRow(*operation, abort, asker, true));
    if (!written)
        co_return fail(written.error());
    ++m_edits;
    ActionOperation* changed = at(id);
    changed->aborted = std::move(abort);
    if (changed->paused) {
        const Outcome<void> closed =
            co_await m_parts.plane.finishLog(finished(changed->paused->row));
        if (!closed)
            logWarning(deskLog, closed.error().message); // the abort counts all the same
        ++m_edits;
        changed = at(id);
        changed->paused.reset();
    }
    co_return ActionOperation(*changed);
}

} // namespace vigie
