#include "core/orchestrator/samplebook.h"

#include "core/base/log.h"

#include <algorithm>
#include <iterator>

namespace vigie {

namespace {

const QString samplesLog = QStringLiteral("samples");
constexpr Duration gatherEvery = std::chrono::seconds(5);
constexpr std::size_t rowsAtOnce = 2'000;
constexpr std::size_t mostWaiting = 50'000;

std::size_t sizeOf(const ActivitySample& sample) {
    return 1 + sample.gpus.size();
}

std::chrono::milliseconds wall(Duration span) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(span);
}

} // namespace

SampleBook::SampleBook(Clock& clock, Store& store)
    : m_clock(clock), m_store(store), m_reaches(clock.wallNow()) {}

void SampleBook::note(const InstanceId& id, const Heartbeat& beat) {
    ActivitySample sample = activityOf(beat, m_clock.wallNow());
    if (sample.empty())
        return;
    Recent& recent = m_recent[id];
    if (recent.unwritten++ == 0)
        recent.begun = m_clock.now();
    m_held += sizeOf(sample);
    recent.samples.push_back(std::move(sample));
}

Task<> SampleBook::tick() {
    const MonotonicTime now = m_clock.now();
    if (m_writing || now - m_gathered < gatherEvery)
        co_return;
    m_gathered = now;
    gather(false);
    forget();
    co_await write();
}

Task<> SampleBook::flush() {
    gather(true);
    co_await write();
}

// The means of minutes that are over; of those that are not too, if `all`.
void SampleBook::gather(bool all) {
    const MonotonicTime now = m_clock.now();
    for (auto one = m_recent.begin(); one != m_recent.end(); ++one) {
        Recent& recent = *one;
        if (recent.unwritten == 0 || (!all && now - recent.begun < meanOver))
            continue;
        const std::vector<ActivitySample> minute(recent.samples.end() -
                                                     static_cast<std::ptrdiff_t>(recent.unwritten),
                                                 recent.samples.end());
        m_waiting.push_back({one.key(), meanOf(minute)});
        recent.unwritten = 0;
    }
    while (m_waiting.size() > mostWaiting) {
        m_waiting.pop_front();
        ++m_lost;
    }
}

void SampleBook::forget() {
    const WallTime now = m_clock.wallNow();
    dropUntil(now - wall(m_reach));
    while (m_held > mostHeld && m_reach > every) {
        m_reach = m_reach * 3 / 4;
        dropUntil(now - wall(m_reach));
    }
    if (m_held < mostHeld / 2)
        m_reach = std::min(inMemory, m_reach * 5 / 4);
}

void SampleBook::dropUntil(WallTime until) {
    m_reaches = std::max(m_reaches, until);
    for (auto one = m_recent.begin(); one != m_recent.end();) {
        auto& samples = one->samples;
        while (!samples.empty() && samples.front().at <= until) {
            m_held -= sizeOf(samples.front());
            samples.pop_front();
        }
        one->unwritten = std::min(one->unwritten, samples.size());
        one = samples.empty() ? m_recent.erase(one) : std::next(one);
    }
}

Task<> SampleBook::write() {
    if (m_writing)
        co_return;
    m_writing = true;
    while (!m_waiting.empty()) {
        const std::size_t count = std::min(rowsAtOnce, m_waiting.size());
        const auto end = m_waiting.begin() + static_cast<std::ptrdiff_t>(count);
        std::vector<StoredSample> batch(std::make_move_iterator(m_waiting.begin()),
                                        std::make_move_iterator(end));
        m_waiting.erase(m_waiting.begin(), end);
        const Outcome<void> saved = co_await m_store.saveSamples(batch);
        if (!saved) {
            m_waiting.insert(m_waiting.begin(), std::make_move_iterator(batch.begin()),
                             std::make_move_iterator(batch.end()));
            if (!std::exchange(m_warned, true))
                logWarning(samplesLog,
                           QStringLiteral("samples wait for the store: ") + saved.error().message);
            break;
        }
        m_written += count;
        m_warned = false;
    }
    m_writing = false;
}

std::vector<SampleBook::Series> SampleBook::recentSince(WallTime after,
                                                        const InstanceId& id) const {
    std::vector<Series> all;
    const auto take = [&](const InstanceId& of, const Recent& recent) {
        const auto first =
            std::ranges::find_if(recent.samples, [after](const auto& s) { return s.at > after; });
        if (first != recent.samples.end())
            all.push_back({of, {first, recent.samples.end()}});
    };
    if (id.isEmpty()) {
        for (auto one = m_recent.begin(); one != m_recent.end(); ++one)
            take(one.key(), *one);
    } else if (const auto one = m_recent.constFind(id); one != m_recent.constEnd()) {
        take(id, *one);
    }
    return all;
}

Task<Outcome<std::vector<SampleBook::Series>>> SampleBook::since(WallTime after, InstanceId id) {
    const WallTime now = m_clock.wallNow();
    std::vector<Series> recent = recentSince(after, id);
    if (!m_store.shared() && m_reaches <= after)
        co_return recent;
    SampleQuery query{after, now, id, mostRead + 1};
    auto stored = co_await m_store.samples(std::move(query));
    if (!stored)
        co_return fail(stored.error());
    if (stored->size() > static_cast<std::size_t>(mostRead))
        co_return fail(FailureKind::Invalid,
                       QStringLiteral("the store has more than %1 samples of that time; ask for "
                                      "one instance, or a shorter window")
                           .arg(mostRead));
    // Of each instance from memory as far as that reaches, from the store what is older.
    QHash<InstanceId, std::size_t> places;
    for (std::size_t i = 0; i < recent.size(); ++i)
        places.insert(recent[i].instanceId, i);
    std::vector<Series> older(recent.size());
    for (StoredSample& row : *stored) {
        const auto known = places.constFind(row.instanceId);
        if (known == places.constEnd()) {
            places.insert(row.instanceId, older.size());
            older.push_back({row.instanceId, {std::move(row.sample)}});
        } else if (*known >= recent.size() || row.sample.at < recent[*known].samples.front().at) {
            older[*known].samples.push_back(std::move(row.sample));
        }
    }
    for (std::size_t i = 0; i < recent.size(); ++i) {
        auto& samples = older[i].samples;
        older[i].instanceId = recent[i].instanceId;
        samples.insert(samples.end(), std::make_move_iterator(recent[i].samples.begin()),
                       std::make_move_iterator(recent[i].samples.end()));
    }
    co_return older;
}

} // namespace vigie
