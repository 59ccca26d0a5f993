#include "core/runtime/operations.h"

#include <algorithm>
#include <set>

namespace vigie {

namespace {

/// A failure that leaves open whether the other side did it.
bool mayHaveHappened(FailureKind kind) {
    return kind == FailureKind::OutcomeUnknown || kind == FailureKind::Timeout ||
           kind == FailureKind::Cancelled;
}

} // namespace

void Operations::start(const command::Act& act) {
    if (find(act.id))
        return;
    Operation operation;
    operation.id = act.id;
    operation.action = act.action;
    operation.reason = act.reason.trimmed();
    operation.startedAt = m_clock.wallNow();
    std::set<std::pair<SourceId, InstanceId>> targets; // one named twice is still one
    for (const auto& target : act.targets) {
        if (targets.emplace(target.source, target.named()).second)
            operation.items.push_back({target.source, target.named(), ItemState::Waiting, {}});
    }
    if (operation.reason.isEmpty()) {
        for (auto& item : operation.items) {
            item.state = ItemState::Failed;
            item.message = QStringLiteral("A reason is required; nothing was sent.");
        }
    }
    operation.finished = operation.items.empty() || operation.reason.isEmpty();
    m_operations.push_front(std::move(operation));
    std::set<SourceId> sources;
    for (const auto& target : act.targets)
        sources.insert(target.source);
    for (const SourceId& source : sources) {
        if (!m_operations.front().finished && m_host.operates(source))
            beginRemote(m_operations.front(), source);
    }
    for (size_t i = m_operations.size(); i > 20; --i) {
        if (m_operations[i - 1].finished)
            m_operations.erase(m_operations.begin() + static_cast<std::ptrdiff_t>(i - 1));
    }
    m_host.changed();
    advance();
}

/// Starts what may run, oldest batch first.
void Operations::advance() {
    if (std::exchange(m_advancing, true))
        return; // an item that ended at once: the loop below goes on
    for (auto operation = m_operations.rbegin(); operation != m_operations.rend(); ++operation) {
        for (size_t i = 0; i < operation->items.size() && m_running < parallel; ++i) {
            if (operation->items[i].state == ItemState::Waiting &&
                !isRemote(operation->id, operation->items[i].source))
                run(operation->id, i);
        }
    }
    m_advancing = false;
}

void Operations::run(OperationId id, size_t index) {
    Operation* operation = find(id);
    Operation::Item& item = operation->items[index];
    ++m_running;
    const InstanceView* view = m_host.find(item.source, item.instance);
    if (!view)
        return finish(id, index, ItemState::Skipped,
                      QStringLiteral("It is no longer listed by its source; nothing was sent."));
    const Instance& instance = view->instance;
    if (const auto why =
            whyNot(operation->action, instance.status, !instance.providerInstanceId.isEmpty()))
        return finish(id, index, ItemState::Skipped, *why);
    item.state = ItemState::Running;
    m_host.changed();
    // The same key for every try of this item, so that a repeated sending is one action there.
    const QByteArray key = (id.value() + QLatin1Char('/') + item.instance.value()).toUtf8();
    m_host.act(item.source, operation->action, item.instance, operation->reason, key,
               [this, id, index](Outcome<QString> answer) {
                   if (answer)
                       finish(id, index, ItemState::Done, *answer);
                   else
                       finish(id, index,
                              mayHaveHappened(answer.error().kind) ? ItemState::OutcomeUnknown
                                                                   : ItemState::Failed,
                              answer.error().message);
               });
}

void Operations::finish(const OperationId& id, size_t index, ItemState state, QString message) {
    --m_running;
    if (Operation* operation = find(id)) {
        Operation::Item& item = operation->items[index];
        item.state = state;
        item.message = std::move(message);
        settle(*operation);
        if (state != ItemState::Skipped)
            m_host.pollNow(item.source);
    }
    m_host.changed();
    advance();
}

Operation* Operations::find(const OperationId& id) {
    const auto found = std::ranges::find(m_operations, id, &Operation::id);
    return found == m_operations.end() ? nullptr : &*found;
}

} // namespace vigie
