#include "core/runtime/sourcefleet.h"

#include "core/runtime/advice.h"

#include <algorithm>

namespace vigie {

namespace {

bool isBlind(Freshness freshness) {
    return freshness == Freshness::Stale || freshness == Freshness::Unreachable;
}

QString word(const Instance& instance) {
    return instance.statusText.isEmpty() ? toString(instance.status) : instance.statusText;
}

} // namespace

std::vector<ChangeNote> SourceFleet::apply(Instances instances, const ReadingTime& time,
                                           Freshness freshness) {
    const bool first = !m_lastApply;
    const Duration sincePoll = first ? Duration::zero() : time.at - *m_lastApply;
    m_lastApply = time.at;
    if (first)
        m_watcher.startedAt = time.at;
    m_watcher.storeRefreshed = time.at;
    m_watcher.ownAddressAnswers = true;

    std::vector<ChangeNote> notes;
    merge(std::move(instances), time, notes);
    std::vector<Duration> intervals;
    int beats = 0;
    int workers = 0;
    for (FleetEntry& entry : m_entries) {
        if (!expectsBeats(entry.told->status) && !isStarting(entry.told->status))
            continue;
        workers += expectsBeats(entry.told->status) ? 1 : 0;
        if (const auto interval = sight(entry, time, sincePoll)) {
            intervals.push_back(*interval);
            // A poll after a long gap sees one beat of several.
            beats += sincePoll < m_beats.expected()
                         ? 1
                         : static_cast<int>(std::max<qint64>(1, std::min(*interval, sincePoll) /
                                                                    m_beats.expected()));
        }
    }
    m_beats.add(time.at, std::move(intervals), beats, workers);
    rebuild(time, freshness, notes);
    if (first)
        notes.clear();
    return notes;
}

void SourceFleet::merge(Instances instances, const ReadingTime& time,
                        std::vector<ChangeNote>& notes) {
    const auto byId = [](const auto& a, const auto& b) { return a->id < b->id; };
    if (!std::ranges::is_sorted(instances, byId))
        std::ranges::stable_sort(instances, byId);
    std::vector<FleetEntry> merged;
    merged.reserve(instances.size());
    auto old = m_entries.begin();
    const auto gone = [&](FleetEntry& entry) {
        notes.push_back(note(entry, time.wall,
                             QStringLiteral("no longer listed (was %1)").arg(word(*entry.told))));
    };
    for (auto& told : instances) {
        if (!merged.empty() && merged.back().told->id == told->id)
            continue; // a doubled row; the first one counts
        while (old != m_entries.end() && old->told->id < told->id)
            gone(*old++);
        if (old == m_entries.end() || old->told->id != told->id) {
            FleetEntry entry;
            entry.told = std::move(told);
            entry.pool = poolOf(*entry.told);
            entry.stateSeen = time.at;
            entry.firstSeen = time.wall;
            notes.push_back(
                note(entry, time.wall, QStringLiteral("appeared as ") + word(*entry.told)));
            merged.push_back(std::move(entry));
            continue;
        }
        FleetEntry& entry = merged.emplace_back(std::move(*old++));
        if (entry.told == told)
            continue;
        if (word(*entry.told) != word(*told)) {
            entry.stateSeen = time.at;
            notes.push_back(note(entry, time.wall,
                                 QStringLiteral("%1 -> %2").arg(word(*entry.told), word(*told))));
        }
        if (!(*entry.told == *told)) {
            entry.told = std::move(told);
            entry.pool = poolOf(*entry.told);
            entry.retold = true;
        }
    }
    while (old != m_entries.end())
        gone(*old++);
    m_entries = std::move(merged);
}

std::optional<Duration> SourceFleet::sight(FleetEntry& entry, const ReadingTime& time,
                                           Duration sincePoll) {
    const auto beat = entry.told->workerLastHeartbeat;
    const auto age = beat ? time.ageOf(*beat) : std::nullopt;
    const auto interval = entry.strip.observe({time.at, beat, age, m_beats.expected(), sincePoll});
    if (interval)
        entry.rhythm.add(*interval);
    if (age)
        entry.lastBeat = time.at - *age;
    else if (interval) // their clock is not known: a new beat is at most as old as the poll before
        entry.lastBeat = time.at;
    return interval;
}

void SourceFleet::rebuild(const ReadingTime& time, Freshness freshness,
                          std::vector<ChangeNote>& notes) {
    WatchdogPolicy policy;
    policy.heartbeatThreshold = m_options.heartbeatThreshold;
    policy.expectedBeatInterval = m_beats.expected();
    std::optional<WatcherFacts> watcher; // walks the whole fleet: only where it is needed
    if (std::ranges::any_of(m_entries, [](const auto& entry) { return !entry.told->assessment; }))
        watcher.emplace(m_entries, m_watcher, policy, time);
    const ViewContext context{m_source,  freshness, time,
                              m_options, policy,    watcher ? &*watcher : nullptr};
    m_views.clear();
    m_views.reserve(m_entries.size());
    for (FleetEntry& entry : m_entries) {
        if (!upToDate(entry, context)) {
            const bool known = !!entry.view;
            entry.view = shared(std::move(entry.view), buildView(entry, context));
            const Assessment& now = entry.view->assessment;
            if (known && now.verdict != entry.believed)
                notes.push_back(
                    note(entry, time.wall,
                         QStringLiteral("verdict %1 -> %2 (%3)")
                             .arg(toString(entry.believed), toString(now.verdict), now.rule)));
            entry.believed = now.verdict;
            entry.retold = false;
        }
        m_views.push_back(entry.view);
    }
}

bool SourceFleet::pass(Freshness freshness, MonotonicTime now) {
    bool changed = false;
    for (size_t i = 0; i < m_entries.size(); ++i) {
        FleetEntry& entry = m_entries[i];
        bool ticked = false;
        if (isBlind(freshness) && expectsBeats(entry.told->status))
            ticked = entry.strip.unseen(now, m_beats.expected());
        if (!ticked && entry.view->freshness == freshness)
            continue;
        InstanceView next = *entry.view;
        if (isBlind(freshness)) {
            next = blindView(*entry.view, freshness, entry.strip.ticks());
        } else {
            next.freshness = freshness;
            next.beats = entry.strip.ticks();
        }
        m_views[i] = entry.view = std::make_shared<const InstanceView>(std::move(next));
        changed = true;
    }
    return changed;
}

ChangeNote SourceFleet::note(const FleetEntry& entry, WallTime at, QString what) const {
    return {at, m_source, entry.told->id, std::move(what)};
}

} // namespace vigie
