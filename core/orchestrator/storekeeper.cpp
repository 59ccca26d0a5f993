#include "core/orchestrator/storekeeper.h"

#include "core/base/log.h"

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

const QString keeperLog = QStringLiteral("store");

/// A wall clock before 2020 is one that nobody has set.
constexpr WallTime firstSaneTime{std::chrono::seconds(1'577'836'800)};
constexpr Duration mostDrift = std::chrono::minutes(1); // between two ticks

WallTime keptSince(WallTime now, Duration kept) {
    return now - std::chrono::duration_cast<std::chrono::milliseconds>(kept);
}

} // namespace

StoreKeeper::Kept StoreKeeper::keptBy(const Settings& settings) {
    const auto days = [&settings](const char* key) -> Duration {
        return std::chrono::hours(24) * settings.integer(QLatin1String(key));
    };
    return {days("store.history_days"), days("store.samples_days")};
}

/// What is removed can't be got back: a clock that was set a moment ago, or is none, tells no ages.
bool StoreKeeper::clockIsTrusted() {
    const MonotonicTime now = m_plane.clock().now();
    const WallTime wallNow = m_plane.clock().wallNow();
    if (!m_ticked)
        m_steadySince = now;
    else if (const Duration drift = Duration(wallNow - m_tickedAt) - (now - *m_ticked);
             std::max(drift, -drift) > mostDrift)
        m_steadySince = now;
    m_ticked = now;
    m_tickedAt = wallNow;
    return wallNow >= firstSaneTime && now - m_steadySince >= every;
}

Task<> StoreKeeper::tick() {
    const bool trusted = clockIsTrusted();
    if (m_busy)
        co_return;
    m_busy = true;
    const MonotonicTime now = m_plane.clock().now();
    if (!m_measured || now - *m_measured >= every)
        co_await measure();
    if (trusted && m_plane.replica().leads() && (!m_removed || now - *m_removed >= every))
        co_await remove();
    m_busy = false;
}

Task<> StoreKeeper::measure() {
    const auto size = co_await m_plane.store().size();
    m_measured = m_plane.clock().now();
    if (size)
        m_figures.size = *size;
}

Task<> StoreKeeper::remove() {
    Task<Outcome<bool>> batch = removeBatch();
    const Outcome<bool> more = co_await batch;
    if (!more) {
        m_removed = m_plane.clock().now(); // the next time, then
        if (!std::exchange(m_warned, true))
            logWarning(keeperLog,
                       QStringLiteral("what is old is not removed: ") + more.error().message);
        co_return;
    }
    m_warned = false;
    if (!*more)
        m_removed = m_plane.clock().now();
}

/// True: there may be more.
Task<Outcome<bool>> StoreKeeper::removeBatch() {
    const WallTime now = m_plane.clock().wallNow();
    RetentionCut cut{keptSince(now, m_kept.history), now, removedAtOnce};
    const auto removed = co_await m_plane.store().removeOld(cut);
    if (!removed)
        co_return fail(removed.error());
    bool more = false;
    for (const TableRows& each : *removed) {
        count(each.table, each.rows);
        more = more || each.rows >= cut.most;
    }
    const Outcome<int> samples =
        co_await m_plane.store().removeSamples(keptSince(now, m_kept.samples), samplesAtOnce);
    if (!samples)
        co_return fail(samples.error());
    count(QStringLiteral("samples"), *samples);
    co_return more || *samples >= samplesAtOnce;
}

void StoreKeeper::count(const QString& table, qint64 rows) {
    m_figures.removed[table] += static_cast<quint64>(rows);
}

} // namespace vigie
