// The part of Operations that leaves the work to an orchestrator.

#include "core/runtime/operations.h"

#include <algorithm>

namespace vigie {

namespace {

constexpr Duration askEvery = std::chrono::seconds(1);

bool isOpen(ItemState state) {
    return state == ItemState::Waiting || state == ItemState::Running;
}

} // namespace

Operations::Remote* Operations::remote(const OperationId& id, const SourceId& source) {
    const auto found = std::ranges::find_if(
        m_remotes, [&](const Remote& one) { return one.operation == id && one.source == source; });
    return found == m_remotes.end() ? nullptr : &*found;
}

bool Operations::isRemote(const OperationId& id, const SourceId& source) {
    return remote(id, source) != nullptr;
}

void Operations::beginRemote(const Operation& operation, const SourceId& source) {
    std::vector<InstanceId> ids;
    for (const Operation::Item& item : operation.items) {
        if (item.source == source)
            ids.push_back(item.instance);
    }
    std::erase_if(m_remotes, [this](const Remote& one) { return !find(one.operation); });
    const OperationId id = operation.id;
    m_remotes.push_back({id, source, {}, false, true, {}, {}, false, {}});
    find(id)->remote = true;
    m_host.begin(source, operation, std::move(ids), [this, id, source](Outcome<QString> begun) {
        Remote* there = remote(id, source);
        if (!there)
            return;
        there->asking = false;
        if (begun) {
            there->id = *begun;
            tick();
            return;
        }
        // Under the same key a repeated sending would be the same operation; a person may try.
        const FailureKind kind = begun.error().kind;
        const bool unknown = kind == FailureKind::OutcomeUnknown || kind == FailureKind::Timeout ||
                             kind == FailureKind::Cancelled;
        endRemote(id, source, unknown ? ItemState::OutcomeUnknown : ItemState::Failed,
                  begun.error().message);
    });
}

void Operations::endRemote(const OperationId& id, const SourceId& source, ItemState state,
                           const QString& message) {
    if (Remote* there = remote(id, source))
        there->finished = true;
    if (Operation* operation = find(id)) {
        for (Operation::Item& item : operation->items) {
            if (item.source == source && isOpen(item.state)) {
                item.state = state;
                item.message = message;
            }
        }
        settle(*operation);
    }
    m_host.changed();
}

void Operations::settle(Operation& operation) {
    const bool remotes = std::ranges::any_of(m_remotes, [&](const Remote& one) {
        return one.operation == operation.id && !one.finished;
    });
    operation.finished = !remotes && std::ranges::none_of(operation.items, [](const auto& item) {
        return isOpen(item.state);
    });
}

void Operations::control(const command::ControlOperation& ask) {
    for (Remote& one : m_remotes) {
        if (one.operation == ask.id && !one.finished) {
            one.verb = ask.verb;
            one.asked.reset();
        }
    }
    tick();
}

void Operations::tick() {
    const MonotonicTime now = m_clock.now();
    for (std::size_t i = 0; i < m_remotes.size(); ++i) {
        Remote& one = m_remotes[i];
        if (one.finished || one.asking || one.id.isEmpty() ||
            (one.asked && now - *one.asked < askEvery))
            continue;
        one.asking = true;
        one.asked = now;
        const OperationId id = one.operation;
        const SourceId source = one.source;
        m_host.follow(source, one.id, std::exchange(one.verb, std::nullopt),
                      [this, id, source](Outcome<RemoteOperation> answer) {
                          heard(id, source, std::move(answer));
                      });
    }
}

void Operations::heard(const OperationId& id, const SourceId& source,
                       Outcome<RemoteOperation> answer) {
    Remote* there = remote(id, source);
    Operation* operation = find(id);
    if (!there || !operation)
        return;
    there->asking = false;
    if (!answer) {
        // Gone for good: a source that was removed, an operation that is no longer kept there.
        if (answer.error().kind == FailureKind::NotFound)
            endRemote(id, source, ItemState::OutcomeUnknown, answer.error().message);
        return; // else it is asked again
    }
    bool ended = false;
    for (const RemoteOperation::Item& told : answer->items) {
        const auto item = std::ranges::find_if(operation->items, [&](const auto& mine) {
            return mine.source == source && mine.instance == told.instance;
        });
        if (item == operation->items.end())
            continue;
        ended = ended || (isOpen(item->state) && !isOpen(told.state));
        item->state = told.state;
        item->message = told.message;
    }
    there->finished = answer->finished;
    there->paused = answer->paused;
    there->pausedBecause = answer->pausedBecause;
    operation->aborted = operation->aborted || answer->aborted;
    operation->paused = false;
    operation->pausedBecause.clear();
    for (const Remote& one : m_remotes) {
        if (one.operation != id || !one.paused || one.finished)
            continue;
        operation->paused = true;
        operation->pausedBecause = one.pausedBecause;
    }
    settle(*operation);
    if (ended)
        m_host.pollNow(source);
    m_host.changed();
}

} // namespace vigie
