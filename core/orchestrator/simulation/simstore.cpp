#include "core/orchestrator/simulation/simstore.h"

#include <algorithm>
#include <ranges>

namespace vigie {

namespace {

tl::unexpected<Failure> gone() {
    return fail(FailureKind::Storage, QStringLiteral("the database is away"));
}

} // namespace

ActionLog* SimStore::entryOf(const ActionLogId& id) {
    const auto of = m_open.constFind(id);
    if (of == m_open.constEnd())
        return nullptr;
    auto& rows = m_logs[*of];
    const auto row = std::ranges::find(rows, id, &ActionLog::id);
    return row == rows.end() ? nullptr : &*row;
}

const InstanceRecord* SimStore::find(const InstanceId& id) const {
    const auto known = m_records.constFind(id);
    return known == m_records.constEnd() ? nullptr : &*known;
}

Outcome<void> SimStore::write(ChangeSet& changes) {
    if (away)
        return gone();
    for (const InstanceRecord& update : changes.updates) {
        const auto known = m_records.constFind(update.instance.id);
        if (known == m_records.constEnd() || known->version != update.version)
            return fail(FailureKind::Conflict, QStringLiteral("another writer was first"));
    }
    for (InstanceRecord& update : changes.updates) {
        ++update.version;
        m_records[update.instance.id] = std::move(update);
    }
    for (InstanceRecord& insert : changes.inserts) {
        ++insert.version;
        if (onInsert)
            onInsert(insert.instance);
        m_order.push_back(insert.instance.id);
        m_records[insert.instance.id] = std::move(insert);
    }
    for (ActionLog& row : changes.logStarts) {
        if (row.status == ActionLogStatus::InProgress)
            m_open.insert(row.id, row.instanceId);
        m_logs[row.instanceId].push_back(std::move(row));
    }
    for (const ActionLogFinish& finish : changes.logFinishes) {
        ActionLog* row = entryOf(finish.id);
        if (!row)
            continue;
        row->status = finish.status;
        row->errorCode = finish.errorCode;
        row->errorMessage = finish.errorMessage;
        row->completedAt = finish.completedAt;
        row->instanceStatusAfter = finish.instanceStatusAfter;
        m_open.remove(finish.id);
    }
    for (Volume& volume : changes.volumes)
        m_volumes.insert(volume.id, std::move(volume));
    std::ranges::move(changes.history, std::back_inserter(m_changes));
    return {};
}

Task<Outcome<FleetContents>> SimStore::load() {
    if (away)
        co_return gone();
    FleetContents contents;
    for (const InstanceId& id : m_order)
        contents.instances.push_back(m_records.value(id));
    for (const Volume& volume : m_volumes)
        contents.volumes.push_back(volume);
    // A hash has no order, and the same seed has to tell the same story.
    std::ranges::sort(contents.volumes, {}, [](const Volume& volume) { return volume.id.value(); });
    co_return contents;
}

Task<Outcome<void>> SimStore::commit(ChangeSet changes) {
    co_return write(changes);
}

Task<Outcome<void>> SimStore::saveHeartbeats(std::vector<HeartbeatStamp>) {
    if (away)
        co_return gone();
    co_return Outcome<void>{};
}

Task<Outcome<std::vector<ActionLog>>> SimStore::actionLogs(ActionLogQuery query) {
    if (away)
        co_return gone();
    std::vector<ActionLog> found;
    const std::vector<ActionLog> rows = m_logs.value(query.instanceId);
    for (const ActionLog& row : rows | std::views::reverse | std::views::take(query.limit))
        found.push_back(row);
    co_return found;
}

Task<Outcome<std::vector<ActionLog>>> SimStore::openActions() {
    if (away)
        co_return gone();
    std::vector<ActionLog> open;
    for (auto one = m_open.constBegin(); one != m_open.constEnd(); ++one)
        open.push_back(*entryOf(one.key()));
    std::ranges::sort(open, {}, &ActionLog::createdAt);
    co_return open;
}

Task<Outcome<std::vector<StateChange>>> SimStore::history(InstanceId id, int limit) {
    if (away)
        co_return gone();
    std::vector<StateChange> found;
    for (const StateChange& change : m_changes | std::views::reverse) {
        if (change.instanceId == id && static_cast<int>(found.size()) < limit)
            found.push_back(change);
    }
    std::ranges::reverse(found);
    co_return found;
}

// Nobody calls an API here: there are no tokens and no remembered answers.

Task<Outcome<std::vector<AccessToken>>> SimStore::tokens() {
    co_return std::vector<AccessToken>();
}

Task<Outcome<void>> SimStore::addToken(AccessToken) {
    co_return fail(FailureKind::Unsupported, QStringLiteral("a simulation has no tokens"));
}

Task<Outcome<void>> SimStore::removeToken(QString) {
    co_return fail(FailureKind::Unsupported, QStringLiteral("a simulation has no tokens"));
}

Task<Outcome<AccessStore::RememberedAnswer>> SimStore::rememberAnswer(QByteArray,
                                                                      RememberedAnswer answer) {
    co_return answer;
}

Task<Outcome<std::optional<AccessStore::RememberedAnswer>>> SimStore::recallAnswer(QByteArray) {
    if (away)
        co_return gone();
    co_return std::optional<RememberedAnswer>{};
}

} // namespace vigie
