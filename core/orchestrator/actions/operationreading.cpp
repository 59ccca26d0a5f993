#include "core/base/log.h"
#include "core/orchestrator/actions/operationjournal.h"
#include "core/orchestrator/actions/operations.h"

#include <algorithm>
#include <functional>
#include <utility>

/// What the desk learns from the store: after a start, a takeover, or a write whose outcome is not
/// known, and of what other orchestrators wrote.
namespace vigie {

namespace {

constexpr int readAtFirst = 200;
constexpr int readAgain = 20; // what ran is read in any case

auto endedItems(const ActionOperation& operation) {
    return std::ranges::count_if(operation.items, [](const ActionItem& item) {
        return item.stage != ItemStage::Pending && item.stage != ItemStage::Running;
    });
}

} // namespace

Task<Outcome<void>> OperationDesk::restore() {
    ActionLogQuery query;
    query.actionType = QString::fromUtf16(actiontype::operation);
    query.limit = m_whole ? readAgain : readAtFirst;
    const auto recent = co_await m_parts.plane.store().actionLogs(std::move(query));
    if (!recent)
        co_return fail(recent.error());
    const auto open = co_await m_parts.plane.store().openActions();
    if (!open)
        co_return fail(open.error());
    for (ActionOperation& known : m_operations)
        known.unsure = known.unsure || !known.finishedAt;
    std::vector<ActionLog> rows = *recent;
    rows.insert(rows.end(), open->begin(), open->end());
    for (const ActionLog& row : rows) {
        auto operation = readOperation(row);
        if (!operation || at(row.id))
            continue;
        operation->unsure = !operation->finishedAt;
        m_operations.push_back(std::move(*operation));
    }
    std::ranges::stable_sort(m_operations, std::greater(), &ActionOperation::startedAt);
    forgetOld();
    m_whole = true;
    co_return Outcome<void>{};
}

Task<Outcome<void>> OperationDesk::readNews() {
    const quint64 heard = m_heard;
    if (heard == m_read)
        co_return Outcome<void>{};
    const Outcome<void> read = co_await restore();
    if (!read)
        co_return fail(read.error());
    m_read = std::max(m_read, heard);
    co_return Outcome<void>{};
}

Task<> OperationDesk::listen() {
    const Outcome<void> read = co_await readNews();
    if (!read)
        logWarning(QStringLiteral("actions"), read.error().message);
}

Task<Outcome<void>> OperationDesk::catchUp() {
    const Outcome<void> read = co_await readNews();
    if (!read)
        co_return fail(read.error());
    for (const ActionLogId& id : openOnes()) {
        if (!at(id) || !at(id)->unsure)
            continue;
        const Outcome<void> journal = co_await reread(id);
        if (!journal)
            co_return fail(journal.error());
    }
    co_return Outcome<void>{};
}

Task<bool> OperationDesk::isKnown(ActionLogId id) {
    if (!at(id)->unsure)
        co_return true;
    const Outcome<void> read = co_await reread(id);
    co_return read.has_value();
}

Task<> OperationDesk::lookUp(ActionLogId id) {
    if (!m_parts.plane.store().shared())
        co_return;
    if (!at(id))
        co_await restore();
    // A failure shows again when the order is written.
    if (at(id) && !at(id)->finishedAt)
        co_await reread(id);
}

Task<Outcome<std::optional<ActionOperation>>> OperationDesk::findAnywhere(ActionLogId id) {
    const Outcome<void> caughtUp = co_await catchUp();
    if (!caughtUp)
        co_return fail(caughtUp.error());
    if (!at(id) && m_parts.plane.store().shared()) {
        const Outcome<void> read = co_await restore();
        if (!read)
            co_return fail(read.error());
    }
    co_return find(id);
}

Task<Outcome<void>> OperationDesk::reread(ActionLogId id) {
    std::vector<ActionLog> rows;
    quint64 before = 0;
    do {
        before = m_edits;
        rows.clear();
        ActionLogQuery query;
        if (!at(id))
            co_return Outcome<void>{}; // it ended meanwhile, and is too old to be kept
        query.correlationId = at(id)->asker.correlationId;
        query.limit = 1000;
        for (bool more = true; more; query.offset += query.limit) {
            const auto page = co_await m_parts.plane.store().actionLogs(query);
            if (!page)
                co_return fail(page.error());
            rows.insert(rows.end(), page->begin(), page->end());
            more = static_cast<int>(page->size()) == query.limit;
        }
    } while (before != m_edits);
    ActionOperation* operation = at(id);
    if (!operation)
        co_return Outcome<void>{};
    const auto own = std::ranges::find(rows, id, &ActionLog::id);
    if (own != rows.end() && own->status != ActionLogStatus::InProgress) {
        if (auto finished = readOperation(*own))
            *operation = std::move(*finished);
        co_return Outcome<void>{};
    }
    const auto ended = endedItems(*operation);
    readJournal(*operation, rows);
    operation->unsure = false;
    if (!operation->waveEndedAt || endedItems(*operation) != ended)
        operation->waveEndedAt = m_parts.plane.clock().now();
    co_return Outcome<void>{};
}

} // namespace vigie
