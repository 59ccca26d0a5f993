#include "core/orchestrator/commanddesk.h"

#include "core/base/log.h"
#include "core/orchestrator/backoff.h"

#include <algorithm>
#include <set>

namespace vigie {

namespace {

using namespace std::chrono_literals;

const QString commandLog = QStringLiteral("commands");
constexpr int mostCommands = 100;
constexpr Duration firstCommandRetry = 5s;
constexpr Duration longestCommandRetry = 5min;

/// Whether the store holds the effect of a command for an instance: its work is in hand, which
/// survives a crash by itself, or it is past needing it.
bool hasBegun(const InstanceRecord* record, InstanceStatus waits, QStringView work) {
    return !record || record->instance.status != waits || record->workInHand == work;
}

} // namespace

Task<> CommandDesk::tick(std::stop_token stop) {
    m_again = true;
    if (m_looking)
        co_return;
    m_looking = true;
    while (std::exchange(m_again, false) && !stop.stop_requested())
        co_await look(stop);
    m_looking = false;
}

void CommandDesk::forget() {
    m_inHand.clear();
    m_figures.inHand = 0;
}

Task<> CommandDesk::look(std::stop_token stop) {
    const auto all = co_await m_parts.plane.store().commands();
    if (!all)
        co_return; // the store is away: others say so
    m_figures.waiting.clear();
    m_figures.oldest.reset();
    for (const QueuedCommand& each : *all) {
        ++m_figures.waiting[each.kind];
        m_figures.oldest = std::min(m_figures.oldest.value_or(each.askedAt), each.askedAt);
    }
    dropEnded(*all);
    const Replica& replica = m_parts.plane.replica();
    if (all->empty() || !replica.holds() || stop.stop_requested())
        co_return;
    // Each kind alone, so that a hundred deployments keep nobody else waiting.
    for (const CommandKind kind : allCommandKinds) {
        const bool ours = kind != CommandKind::Reconcile || replica.leads();
        if (ours && m_figures.waiting.contains(kind) && !stop.stop_requested())
            co_await take(kind, stop);
    }
}

Task<> CommandDesk::take(CommandKind kind, std::stop_token stop) {
    const std::vector<CommandKind> kinds(1, kind);
    const auto taken = co_await m_parts.plane.store().takeCommands(kinds, mostCommands);
    if (!taken || stop.stop_requested())
        co_return; // the next look takes them
    for (const QueuedCommand& command : *taken) {
        InHand& work = m_inHand[command.name()];
        if (work.generation == 0) {
            ++m_figures.delivered;
            work.generation = command.generation;
            begin(work, command, stop);
        }
        m_figures.inHand = static_cast<int>(m_inHand.size());
        co_await endIfDone(command);
    }
}

/// An end whose answer was lost: the row is gone, and one asked anew is no work of ours yet.
void CommandDesk::dropEnded(const std::vector<QueuedCommand>& all) {
    std::set<QString> names;
    for (const QueuedCommand& command : all)
        names.insert(command.name());
    std::erase_if(m_inHand, [&names](const auto& entry) { return !names.contains(entry.first); });
    m_figures.inHand = static_cast<int>(m_inHand.size());
}

Task<> CommandDesk::endIfDone(QueuedCommand command) {
    const auto work = m_inHand.find(command.name());
    if (work == m_inHand.end() || !isDone(work->second, command))
        co_return;
    const std::optional<std::chrono::milliseconds> again = work->second.again;
    if (m_parts.plane.store().shared() && !command.instanceId.isEmpty()) {
        // Another orchestrator may have written what we have not heard of yet.
        const std::vector<InstanceId> only(1, command.instanceId);
        const Outcome<void> read = co_await m_parts.plane.refresh(only);
        const auto still = m_inHand.find(command.name());
        if (!read || still == m_inHand.end() || !isDone(still->second, command))
            co_return;
    }
    co_await settle(std::move(command), again);
}

void CommandDesk::wake(InHand& work, const char* job) {
    const QString name = QLatin1String(job);
    if (const auto cycles = m_parts.run(name))
        work.awaited[name] = *cycles;
}

void CommandDesk::begin(InHand& work, const QueuedCommand& command, std::stop_token stop) {
    logInfo(commandLog, command.name() + QStringLiteral(" is carried out"), command.correlationId);
    switch (command.kind) {
    case CommandKind::Provision:
        wake(work, "provisioning");
        break;
    case CommandKind::Terminate:
        wake(work, "terminator");
        break;
    case CommandKind::Reconcile:
        for (const char* job :
             {"watch-dog", "worker-watchdog", "recovery", "volume-reconciliation"})
            wake(work, job);
        break;
    case CommandKind::SyncCatalog:
        m_parts.carryOn(sync(command, std::move(stop)));
        break;
    }
}

bool CommandDesk::isDone(const InHand& work, const QueuedCommand& command) const {
    const InstanceRecord* record = m_parts.plane.find(command.instanceId);
    switch (command.kind) {
    case CommandKind::Provision:
        return hasBegun(record, InstanceStatus::Provisioning, u"provision");
    case CommandKind::Terminate:
        return hasBegun(record, InstanceStatus::Terminating, u"terminate");
    case CommandKind::SyncCatalog:
        return work.synced;
    case CommandKind::Reconcile:
        break;
    }
    return std::ranges::all_of(
        work.awaited, [this](const auto& job) { return m_parts.cycles(job.first) >= job.second; });
}

Task<> CommandDesk::sync(QueuedCommand command, std::stop_token stop) {
    const CallToken token(stop, command.correlationId);
    const Outcome<void> synced = co_await m_parts.provider.syncCatalog(token);
    if (stop.stop_requested())
        co_return; // still in the queue: the next start, or another, reads it
    if (synced)
        co_await takePrices(command.correlationId);
    std::optional<std::chrono::milliseconds> again;
    if (!synced) {
        again = std::chrono::duration_cast<std::chrono::milliseconds>(
            backoff(command.name(), command.attempts + 1, firstCommandRetry, longestCommandRetry));
        logWarning(commandLog,
                   QStringLiteral("%1 failed, next try in %2 s: %3")
                       .arg(command.name(), QString::number(again->count() / 1000),
                            synced.error().message),
                   command.correlationId);
    }
    // Kept, so that the next look can end it when the store does not take the end now.
    if (const auto work = m_inHand.find(command.name()); work != m_inHand.end()) {
        work->second.synced = true;
        work->second.again = again;
        co_await settle(std::move(command), again);
    }
}

/// What runs costs from now on what its provider asks now; what it has cost so far stays.
Task<> CommandDesk::takePrices(QString correlationId) {
    const std::vector<ProviderType> types = m_parts.provider.types();
    for (const InstanceId& id : m_parts.plane.ids()) {
        const InstanceRecord* record = m_parts.plane.find(id);
        const auto type =
            std::ranges::find(types, record->instance.instanceType, &ProviderType::name);
        const bool known = type != types.end() && type->costPerHour > 0;
        if (isOver(record->instance.status) || !known ||
            record->instance.costPerHour == type->costPerHour)
            continue;
        ControlPlane::Change change;
        change.reason = QStringLiteral("the price of %1 is %2 an hour now")
                            .arg(type->name, QString::number(type->costPerHour));
        change.edit = [price = type->costPerHour](InstanceRecord& r) {
            r.instance.costPerHour = price;
        };
        const Outcome<InstanceRecord> written = co_await m_parts.plane.apply(id, std::move(change));
        if (!written)
            logWarning(
                commandLog,
                QStringLiteral("the price of %1: %2").arg(id.value(), written.error().message),
                correlationId);
    }
}

Task<> CommandDesk::settle(QueuedCommand command, std::optional<std::chrono::milliseconds> again) {
    // As it was when we began it: what was asked since has to be done again.
    if (const auto work = m_inHand.find(command.name()); work != m_inHand.end()) {
        if (std::exchange(work->second.ending, true))
            co_return; // the store is being told
        command.generation = work->second.generation;
    }
    const Outcome<void> settled = co_await m_parts.plane.store().settleCommand(command, again);
    if (!settled) { // it stays in hand, and the next look tries again
        if (const auto work = m_inHand.find(command.name()); work != m_inHand.end())
            work->second.ending = false;
        co_return;
    }
    m_inHand.erase(command.name());
    m_figures.inHand = static_cast<int>(m_inHand.size());
    ++(again ? m_figures.failed : m_figures.done);
    if (int& left = m_figures.waiting[command.kind]; !again && left > 0)
        --left;
    if (!again &&
        std::ranges::all_of(m_figures.waiting, [](const auto& kind) { return kind.second == 0; }))
        m_figures.oldest.reset();
}

} // namespace vigie
