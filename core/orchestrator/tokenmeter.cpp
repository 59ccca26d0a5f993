#include "core/orchestrator/tokenmeter.h"

#include "core/base/log.h"
#include "core/orchestrator/lifecycle.h"

namespace vigie {

namespace {

const QString tokenLog = QStringLiteral("tokens");

} // namespace

Task<bool> TokenMeter::begin() {
    const auto totals = co_await m_plane.store().tokenTotals({});
    if (!totals) {
        if (!std::exchange(m_warned, true))
            logWarning(tokenLog, QStringLiteral("tokens used are not counted until the store tells "
                                                "those of before: ") +
                                     totals.error().message);
        co_return false;
    }
    m_warned = false;
    // What memory holds from before may be older than the newest event.
    m_begun = m_plane.clock().now();
    m_seen.clear();
    m_counters.clear();
    for (const TokenTotals& each : *totals)
        m_counters.insert(each.instanceId, each.counter);
    m_knows = true;
    co_return true;
}

Task<> TokenMeter::tick() {
    const MonotonicTime now = m_plane.clock().now();
    if (!m_plane.replica().leads()) {
        m_knows = false; // another one writes meanwhile
        co_return;
    }
    if (m_last && now - *m_last < every)
        co_return;
    m_last = now;
    if (!m_knows) {
        const bool begun = co_await begin();
        if (!begun)
            co_return;
    }
    const WallTime wallNow = m_plane.clock().wallNow();
    QHash<InstanceId, TokenCount> counters;
    std::vector<FinopsEvent> events;
    for (const FleetEntry* entry : m_plane.entries()) {
        const Instance& instance = entry->record.instance;
        const auto beat = entry->live.lastBeat;
        if (!beat || *beat <= m_begun)
            continue;
        // One that is over is looked at once more, for what it used in the end.
        if (m_seen.value(instance.id, m_begun) == *beat)
            continue;
        m_seen.insert(instance.id, *beat);
        const auto counter = decodeTokenCount(instance.workerMetadata);
        if (!counter)
            continue;
        const TokenCount used = counter->since(m_counters.value(instance.id));
        if (used == TokenCount{})
            continue;
        counters.insert(instance.id, *counter);
        FinopsEvent event = finopsEvent(FinopsKind::TokensUsed, instance, wallNow);
        event.used = used;
        event.counter = *counter;
        event.totalCost = costUntil(entry->record, wallNow).value_or(0);
        events.push_back(std::move(event));
    }
    const Outcome<void> written = co_await m_plane.tell(std::move(events));
    if (written)
        m_counters.insert(counters);
    else
        m_knows = false; // it may be written all the same
}

} // namespace vigie
