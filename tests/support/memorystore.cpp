#include "tests/support/memorystore.h"

#include <algorithm>
#include <ranges>
#include <utility>

namespace vigie {

namespace {

Outcome<void> lost() {
    return fail(Failure{FailureKind::Conflict,
                        QStringLiteral("the lease has ended"),
                        0,
                        {},
                        QStringLiteral("lease_lost"),
                        {}});
}

} // namespace

void MemoryStore::release() {
    holding = false;
    for (const Eventual<bool>& held : std::exchange(m_held, {}))
        held.resolve(true);
}

const InstanceRecord* MemoryStore::find(const InstanceId& id) const {
    const auto found = std::ranges::find(
        instances, id, [](const InstanceRecord& record) { return record.instance.id; });
    return found == instances.end() ? nullptr : &*found;
}

InstanceRecord* MemoryStore::stored(const InstanceId& id) {
    return const_cast<InstanceRecord*>(std::as_const(*this).find(id));
}

std::vector<ActionLog> MemoryStore::logsOf(QStringView actionType) const {
    std::vector<ActionLog> found;
    std::ranges::copy_if(logs, std::back_inserter(found),
                         [&](const ActionLog& entry) { return entry.actionType == actionType; });
    return found;
}

Task<Outcome<std::vector<QueuedCommand>>> MemoryStore::commands() {
    if (failure)
        co_return fail(*failure);
    co_return std::vector<QueuedCommand>(queue);
}

Task<Outcome<std::vector<QueuedCommand>>> MemoryStore::takeCommands(std::vector<CommandKind> kinds,
                                                                    int most) {
    if (failure)
        co_return fail(*failure);
    if (leaseLost)
        co_return fail(lost().error());
    std::vector<QueuedCommand> ours;
    for (QueuedCommand& command : queue) {
        const bool wanted = std::ranges::find(kinds, command.kind) != kinds.end();
        if (!wanted || static_cast<int>(ours.size()) == most)
            continue;
        command.taken = true;
        ours.push_back(command);
    }
    co_return ours;
}

// `again` needs a clock: here a failed one is free at once.
Task<Outcome<void>> MemoryStore::settleCommand(QueuedCommand command,
                                               std::optional<std::chrono::milliseconds> again) {
    if (failure || settleFailure)
        co_return fail(failure ? *failure : *settleFailure);
    if (leaseLost)
        co_return lost();
    const auto known = std::ranges::find(queue, command.name(), &QueuedCommand::name);
    if (known == queue.end())
        co_return Outcome<void>{};
    known->taken = false;
    known->attempts += again ? 1 : 0;
    if (!again && known->generation == command.generation)
        queue.erase(known);
    co_return Outcome<void>{};
}

Task<Outcome<std::vector<FinopsEvent>>> MemoryStore::finopsEvents(FinopsQuery query) {
    if (failure)
        co_return fail(*failure);
    std::vector<FinopsEvent> found;
    for (const FinopsEvent& event : finops) {
        const bool fits = query.instanceId.isEmpty() || event.instanceId == query.instanceId;
        if (event.number > query.after && fits)
            found.push_back(event);
    }
    const auto most = static_cast<std::size_t>(query.limit);
    if (found.size() > most && query.newest)
        found.erase(found.begin(), found.end() - query.limit);
    else if (found.size() > most)
        found.resize(most);
    co_return found;
}

Task<Outcome<std::vector<TokenTotals>>> MemoryStore::tokenTotals(InstanceId id) {
    if (failure)
        co_return fail(*failure);
    std::vector<TokenTotals> all;
    for (const FinopsEvent& event : finops) {
        if (!event.used || (!id.isEmpty() && event.instanceId != id))
            continue;
        auto one = std::ranges::find(all, event.instanceId, &TokenTotals::instanceId);
        if (one == all.end()) {
            all.push_back({event.instanceId, {}, {}, event.at, event.at});
            one = std::prev(all.end());
        }
        one->used.requests += event.used->requests;
        one->used.input += event.used->input;
        one->used.output += event.used->output;
        one->counter = event.counter.value_or(TokenCount{});
        one->last = event.at;
    }
    co_return all;
}

Task<Outcome<void>> MemoryStore::saveSamples(std::vector<StoredSample> samples) {
    if (failure)
        co_return fail(*failure);
    ++sampleBatches;
    sampleRows.insert(sampleRows.end(), samples.begin(), samples.end());
    co_return Outcome<void>{};
}

Task<Outcome<std::vector<StoredSample>>> MemoryStore::samples(SampleQuery query) {
    if (failure)
        co_return fail(*failure);
    std::vector<StoredSample> found;
    for (const StoredSample& row : sampleRows) {
        const bool fits = query.instanceId.isEmpty() || row.instanceId == query.instanceId;
        const bool inTime = row.sample.at > query.after && row.sample.at <= query.until;
        if (fits && inTime && static_cast<int>(found.size()) < query.limit)
            found.push_back(row);
    }
    std::ranges::stable_sort(found, {},
                             [](const StoredSample& row) { return row.instanceId.value(); });
    co_return found;
}

Task<Outcome<int>> MemoryStore::removeSamples(WallTime before, int most) {
    if (failure)
        co_return fail(*failure);
    const auto old = [&](const StoredSample& row) { return row.sample.at <= before && most-- > 0; };
    co_return static_cast<int>(std::erase_if(sampleRows, old));
}

Task<Outcome<std::vector<TableRows>>> MemoryStore::removeOld(RetentionCut cut) {
    cuts.push_back(cut);
    if (failure)
        co_return fail(*failure);
    const int gone = std::min(oldRows, cut.most);
    oldRows -= gone;
    std::vector<TableRows> rows{{QStringLiteral("action_events"), gone}};
    co_return rows;
}

Task<Outcome<StoreSize>> MemoryStore::size() {
    ++measured;
    if (failure)
        co_return fail(*failure);
    StoreSize size{{{QStringLiteral("action_events"), oldRows}}, 4096};
    co_return size;
}

Task<Outcome<FleetContents>> MemoryStore::load() {
    ++loads;
    if (failure)
        co_return fail(*failure);
    FleetContents contents{instances, volumes};
    contents.restored = restored;
    co_return contents;
}

Task<Outcome<FleetContents>> MemoryStore::loadSome(std::vector<InstanceId> ids) {
    if (failure || loadSomeFailure)
        co_return fail(failure ? *failure : *loadSomeFailure);
    FleetContents some;
    some.restored = restored;
    for (const InstanceRecord& record : instances) {
        if (std::ranges::find(ids, record.instance.id) != ids.end())
            some.instances.push_back(record);
    }
    for (const Volume& volume : volumes) {
        if (std::ranges::find(ids, volume.instanceId) != ids.end())
            some.volumes.push_back(volume);
    }
    co_return some;
}

Task<Outcome<void>> MemoryStore::renew(std::chrono::milliseconds /*lease*/) {
    if (failure)
        co_return fail(*failure);
    co_return leaseLost ? lost() : Outcome<void>{};
}

Task<Outcome<QStringList>> MemoryStore::claim(QStringList names) {
    if (failure)
        co_return fail(*failure);
    QStringList ours;
    for (const QString& name : names) {
        if (takenByOthers.contains(name))
            continue;
        ours.append(name);
        if (!claims.contains(name))
            claims.append(name);
    }
    co_return ours;
}

Task<Outcome<void>> MemoryStore::unclaim(QStringList names) {
    for (const QString& name : names)
        claims.removeAll(name);
    co_return Outcome<void>{};
}

Outcome<void> MemoryStore::checkVersions(const ChangeSet& set) {
    for (const InstanceRecord& update : set.updates) {
        InstanceRecord* record = stored(update.instance.id);
        if (!record)
            return fail(FailureKind::Conflict, QStringLiteral("no such instance"));
        if (conflicts > 0) {
            --conflicts;
            ++record->version;
        }
        if (record->version != update.version)
            return fail(FailureKind::Conflict, QStringLiteral("another writer was first"));
    }
    for (const InstanceRecord& insert : set.inserts) {
        if (stored(insert.instance.id))
            return fail(FailureKind::Conflict, QStringLiteral("exists already"));
    }
    return {};
}

Outcome<void> MemoryStore::write(const ChangeSet& set) {
    if (failure)
        return fail(*failure);
    if (leaseLost)
        return lost();
    if (const Outcome<void> free = checkVersions(set); !free)
        return free;
    for (const InstanceRecord& update : set.updates) {
        InstanceRecord* record = stored(update.instance.id);
        *record = update;
        ++record->version;
    }
    for (const InstanceRecord& insert : set.inserts) {
        instances.push_back(insert);
        ++instances.back().version;
    }
    changes.insert(changes.end(), set.history.begin(), set.history.end());
    logs.insert(logs.end(), set.logStarts.begin(), set.logStarts.end());
    for (const ActionLogFinish& finish : set.logFinishes) {
        const auto entry = std::ranges::find(logs, finish.id, &ActionLog::id);
        if (entry == logs.end())
            continue;
        entry->status = finish.status;
        entry->errorCode = finish.errorCode;
        entry->errorMessage = finish.errorMessage;
        entry->responsePayload = finish.responsePayload;
        entry->completedAt = finish.completedAt;
        entry->instanceStatusAfter = finish.instanceStatusAfter;
    }
    for (const Volume& volume : set.volumes) {
        const auto same = std::ranges::find(volumes, volume.id, &Volume::id);
        if (same == volumes.end())
            volumes.push_back(volume);
        else
            *same = volume;
    }
    for (const QueuedCommand& command : set.commands) {
        const auto same = std::ranges::find(queue, command.name(), &QueuedCommand::name);
        if (same == queue.end())
            queue.push_back(command);
        else
            ++same->generation;
    }
    for (FinopsEvent event : set.finops) {
        event.number = static_cast<qint64>(finops.size()) + 1;
        finops.push_back(std::move(event));
    }
    if (set.releasesRestored && restored)
        restored->held = false;
    ++commits;
    return {};
}

Task<Outcome<void>> MemoryStore::commit(ChangeSet changeSet) {
    if (holding) {
        const Eventual<bool> turn;
        m_held.push_back(turn);
        co_await turn;
    }
    co_return write(changeSet);
}

Task<Outcome<void>> MemoryStore::saveHeartbeats(std::vector<HeartbeatStamp> stamps) {
    if (failure)
        co_return fail(*failure);
    ++beatBatches;
    for (const HeartbeatStamp& stamp : stamps) {
        if (InstanceRecord* record = stored(stamp.instanceId))
            record->instance.workerLastHeartbeat = stamp.receivedAt;
        beats.push_back(stamp);
    }
    co_return Outcome<void>{};
}

Task<Outcome<std::vector<ActionLog>>> MemoryStore::actionLogs(ActionLogQuery query) {
    if (failure)
        co_return fail(*failure);
    const auto matches = [&](const ActionLog& entry) {
        const auto admits = [](const QString& filter, const QString& value) {
            return filter.isEmpty() || filter == value;
        };
        return admits(query.instanceId.value(), entry.instanceId.value()) &&
               admits(query.component, entry.component) &&
               admits(query.status, toString(entry.status)) &&
               admits(query.actionType, entry.actionType) &&
               admits(query.correlationId, entry.correlationId);
    };
    std::vector<ActionLog> found;
    for (const ActionLog& entry : logs | std::views::reverse | std::views::filter(matches) |
                                      std::views::drop(query.offset) |
                                      std::views::take(query.limit))
        found.push_back(entry);
    co_return found;
}

Task<Outcome<std::vector<ActionLog>>> MemoryStore::openActions() {
    if (failure)
        co_return fail(*failure);
    std::vector<ActionLog> open;
    std::ranges::copy_if(logs, std::back_inserter(open), [](const ActionLog& entry) {
        return entry.status == ActionLogStatus::InProgress;
    });
    co_return open;
}

Task<Outcome<std::vector<StateChange>>> MemoryStore::history(InstanceId id, int limit) {
    if (failure)
        co_return fail(*failure);
    std::vector<StateChange> found;
    std::ranges::copy_if(changes, std::back_inserter(found),
                         [&](const StateChange& change) { return change.instanceId == id; });
    const auto surplus = static_cast<std::ptrdiff_t>(found.size()) - limit;
    if (surplus > 0)
        found.erase(found.begin(), found.begin() + surplus);
    co_return found;
}

Task<Outcome<std::vector<AccessToken>>> MemoryStore::tokens() {
    if (failure)
        co_return fail(*failure);
    co_return std::vector<AccessToken>(m_tokens); // QCoro moves out of what is returned
}

Task<Outcome<void>> MemoryStore::removeToken(QString name) {
    if (failure)
        co_return fail(*failure);
    if (std::erase_if(m_tokens, [&](const AccessToken& each) { return each.name == name; }) == 0)
        co_return fail(FailureKind::NotFound, QStringLiteral("no such token"));
    co_return Outcome<void>{};
}

Task<Outcome<void>> MemoryStore::addToken(AccessToken token) {
    if (failure)
        co_return fail(*failure);
    if (std::ranges::find(m_tokens, token.name, &AccessToken::name) != m_tokens.end())
        co_return fail(FailureKind::Conflict, QStringLiteral("name taken"));
    m_tokens.push_back(std::move(token));
    co_return Outcome<void>{};
}

Task<Outcome<AccessStore::RememberedAnswer>> MemoryStore::rememberAnswer(QByteArray key,
                                                                         RememberedAnswer answer) {
    if (failure)
        co_return fail(*failure);
    if (!m_answers.contains(key))
        m_answers.insert(key, std::move(answer));
    co_return m_answers.value(key);
}

Task<Outcome<std::optional<AccessStore::RememberedAnswer>>>
MemoryStore::recallAnswer(QByteArray key) {
    if (failure)
        co_return fail(*failure);
    const auto found = m_answers.constFind(key);
    if (found == m_answers.constEnd())
        co_return std::optional<RememberedAnswer>{};
    co_return std::optional<RememberedAnswer>{*found};
}

} // namespace vigie
