#include "core/orchestrator/orphanbook.h"

#include "core/base/log.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/backoff.h"
#include "core/watchdog/guards.h"

#include <algorithm>
#include <cmath>

namespace vigie {

namespace {

const QString orphanLog = QStringLiteral("orphans");

QStringView markType(OrphanKind kind) {
    return kind == OrphanKind::Volume ? actiontype::volumeOrphanMarked
                                      : actiontype::machineOrphanMarked;
}

} // namespace

int OrphanLimits::mayDelete(int ours) const {
    // The share of a hundred times 0.05 is five, not a hair less.
    return std::max(perCycle, static_cast<int>(std::floor(ours * share + 1e-9)));
}

Task<Outcome<void>> OrphanBook::recall() {
    const auto open = co_await m_plane.store().openActions();
    if (!open)
        co_return fail(open.error());
    const MonotonicTime now = m_plane.clock().now();
    const WallTime wallNow = m_plane.clock().wallNow();
    QHash<QString, Standing> marks;
    std::vector<ActionLogId> older; // a crash between the two halves of a replacement
    for (const ActionLog& row : *open) {
        const auto mark = decodeOrphanMark(row);
        if (!mark || mark->kind != m_kind)
            continue;
        const auto known = m_marks.constFind(mark->resource);
        Standing standing{*mark, row.id, now,
                          std::max(Duration(wallNow - mark->markedAt), Duration::zero())};
        if (known != m_marks.constEnd() && known->mark.markedAt == mark->markedAt) {
            standing.knownAt = known->knownAt;
            standing.before = known->before;
        }
        const auto same = marks.constFind(mark->resource);
        if (same != marks.constEnd())
            older.push_back(same->row);
        marks.insert(mark->resource, std::move(standing));
    }
    m_marks = std::move(marks);
    for (const ActionLogId& row : older)
        co_await m_plane.finishLog(finished(row));
    co_return Outcome<void>{};
}

Duration OrphanBook::age(const Standing& standing) const {
    return standing.before + (m_plane.clock().now() - standing.knownAt);
}

Task<Outcome<int>> OrphanBook::look(std::vector<Orphan> orphans,
                                    std::function<QString(QString)> whyNot) {
    const MonotonicTime now = m_plane.clock().now();
    QHash<QString, Orphan> found;
    for (Orphan& orphan : orphans)
        found.insert(orphan.resource, std::move(orphan));
    m_seen.removeIf([&found](const auto& entry) { return !found.contains(entry.key()); });
    for (const QString& resource : m_marks.keys()) {
        m_marks[resource].fresh = false;
        if (!found.contains(resource))
            co_await end(resource, whyNot(resource));
    }
    int marked = 0;
    for (const Orphan& orphan : std::as_const(found)) {
        Seen& seen = m_seen[orphan.resource];
        if (seen.cycles++ == 0)
            seen.since = now;
        const Duration enough = orphan.asked ? m_limits.firstDelay : m_limits.seenFor;
        const bool stands = seen.cycles >= m_limits.cycles && now - seen.since >= enough;
        if (m_marks.contains(orphan.resource) || !(stands || orphan.disowned))
            continue;
        OrphanMark mark;
        mark.kind = m_kind;
        mark.resource = orphan.resource;
        mark.instance = orphan.instance;
        mark.why = orphan.why;
        mark.asked = orphan.asked;
        mark.disowned = orphan.disowned;
        mark.markedAt = m_plane.clock().wallNow();
        // What was asked for is part of that order; anything else is an order of its own.
        const InstanceRecord* owner = mark.asked ? m_plane.find(mark.instance) : nullptr;
        mark.correlationId = owner ? owner->instance.correlationId : newUuid();
        logInfo(
            orphanLog,
            QStringLiteral("%1 %2 is marked: %3").arg(toString(m_kind), mark.resource, mark.why),
            mark.correlationId);
        const Outcome<void> written = co_await write(std::move(mark), markType(m_kind));
        if (!written)
            co_return fail(written.error());
        ++marked;
    }
    co_return marked;
}

std::vector<OrphanMark> OrphanBook::due() const {
    const WallTime now = m_plane.clock().wallNow();
    std::vector<OrphanMark> due;
    for (const Standing& one : m_marks) {
        const auto seen = m_seen.constFind(one.mark.resource);
        const bool seenNow = seen != m_seen.constEnd() && seen->cycles >= m_limits.cycles;
        const Duration delay = one.mark.asked ? Duration::zero() : m_limits.deleteAfter;
        if (!one.fresh && seenNow && !one.mark.disowned && age(one) >= delay &&
            one.mark.nextAttemptAt.value_or(now) <= now)
            due.push_back(one.mark);
    }
    std::ranges::sort(
        due, {}, [](const OrphanMark& mark) { return std::pair(mark.markedAt, mark.resource); });
    return due;
}

Task<Outcome<void>> OrphanBook::write(OrphanMark mark, QStringView actionType) {
    Asker asker;
    asker.reason = mark.why;
    asker.correlationId = mark.correlationId;
    ActionLog row = actionLog(actionType, ActionLogStatus::InProgress, asker);
    row.instanceId = mark.instance;
    row.createdAt = m_plane.clock().wallNow();
    row.requestPayload = encodeOrphanMark(mark);
    const ActionLogId id = row.id;
    const Outcome<void> written = co_await m_plane.writeLog(std::move(row));
    if (!written)
        co_return written;
    const QString resource = mark.resource;
    const auto known = m_marks.constFind(resource);
    const bool is = known != m_marks.constEnd();
    const MonotonicTime now = m_plane.clock().now();
    const Standing standing{std::move(mark), id, is ? known->knownAt : now,
                            is ? known->before : Duration::zero(), true};
    m_marks.insert(resource, standing);
    co_return Outcome<void>{};
}

// The new row first: a crash in between leaves two, of which recall() keeps the newer one.
Task<Outcome<void>> OrphanBook::replace(OrphanMark mark, QStringView actionType,
                                        ActionLogFinish oldRow) {
    const Outcome<void> written = co_await write(std::move(mark), actionType);
    if (!written)
        co_return written;
    Outcome<void> ended = co_await m_plane.finishLog(std::move(oldRow));
    co_return ended;
}

Task<> OrphanBook::end(QString resource, QString why) {
    const Standing standing = m_marks.value(resource);
    const bool gone = why.isEmpty();
    logInfo(orphanLog, QStringLiteral("%1 %2: the mark ends: %3")
                           .arg(toString(m_kind), resource,
                                gone ? QStringLiteral("the provider has it no more") : why));
    ActionLogFinish finish =
        gone ? finished(standing.row) : vigie::failed(standing.row, errorcode::changed, why);
    const Outcome<void> ended = co_await m_plane.finishLog(std::move(finish));
    if (ended)
        m_marks.remove(resource);
    else
        logWarning(orphanLog, ended.error().message);
}

Task<Outcome<void>> OrphanBook::deleted(QString resource) {
    const Standing standing = m_marks.value(resource);
    Outcome<void> ended = co_await m_plane.finishLog(finished(standing.row));
    if (ended) {
        m_marks.remove(resource);
        m_seen.remove(resource);
    }
    co_return ended;
}

Task<Outcome<void>> OrphanBook::failed(QString resource, Failure failure) {
    const Standing standing = m_marks.value(resource);
    OrphanMark mark = standing.mark;
    mark.attempts += wasNeverSent(failure) ? 0 : 1;
    const bool wasUsedUp = mark.usedUp;
    mark.usedUp = mark.attempts >= m_limits.maxAttempts;
    const Duration wait = mark.usedUp ? m_limits.slowRetry
                                      : backoff(resource, mark.attempts, m_limits.firstDelay,
                                                m_limits.maxDelay, failure.retryAfter);
    mark.nextAttemptAt =
        m_plane.clock().wallNow() + std::chrono::ceil<std::chrono::milliseconds>(wait);
    mark.lastError = failure.message;
    const QString text =
        QStringLiteral("%1 %2 could not be deleted, try %3: %4")
            .arg(toString(m_kind), resource, QString::number(mark.attempts), failure.message);
    if (mark.usedUp && !wasUsedUp)
        logError(orphanLog, text + QStringLiteral("; the tries are used up, a person is needed"));
    else
        logWarning(orphanLog, text);
    const QStringView type = m_kind == OrphanKind::Volume
                                 ? actiontype::volumeReconciliationRetryDelete
                                 : actiontype::machineOrphanMarked;
    const QStringView code = m_kind == OrphanKind::Volume ? errorcode::volumesDeletePending
                                                          : errorcode::terminatorRetryFailed;
    Outcome<void> replaced =
        co_await replace(std::move(mark), type, vigie::failed(standing.row, code, failure.message));
    co_return replaced;
}

Task<Outcome<void>> OrphanBook::tell(QString resource) {
    const Standing standing = m_marks.value(resource);
    OrphanMark mark = standing.mark;
    if (mark.told)
        co_return Outcome<void>{};
    Asker asker;
    asker.reason = QStringLiteral("would have done: delete %1 %2: %3")
                       .arg(toString(m_kind), resource, mark.why);
    asker.correlationId = mark.correlationId;
    ActionMetadata metadata;
    metadata.mode = toString(AutomationMode::Observe);
    ActionLog row =
        actionLog(actiontype::wouldHaveDone, ActionLogStatus::Success, asker, std::move(metadata));
    row.instanceId = mark.instance;
    const Outcome<void> written = co_await m_plane.writeLog(std::move(row));
    if (!written)
        co_return written;
    mark.told = true;
    Outcome<void> replaced =
        co_await replace(std::move(mark), markType(m_kind), finished(standing.row));
    co_return replaced;
}

std::optional<OrphanMark> OrphanBook::mark(const QString& resource) const {
    const auto found = m_marks.constFind(resource);
    return found == m_marks.constEnd() ? std::nullopt : std::optional(found->mark);
}

std::optional<Duration> OrphanBook::seenFor(const QString& resource) const {
    const auto found = m_seen.constFind(resource);
    return found == m_seen.constEnd() ? std::nullopt
                                      : std::optional(m_plane.clock().now() - found->since);
}

int OrphanBook::usedUp() const {
    return static_cast<int>(std::ranges::count_if(
        m_marks, [](const Standing& standing) { return standing.mark.usedUp; }));
}

} // namespace vigie
