#include "core/runtime/watcherfacts.h"

#include "core/runtime/advice.h"

#include <algorithm>
#include <utility>

namespace vigie {

QString poolOf(const Instance& instance) {
    if (!instance.pool.isEmpty())
        return instance.pool;
    return instance.providerName + QLatin1Char('/') + instance.zone + QLatin1Char('/') +
           (instance.modelCode.isEmpty() ? instance.modelName : instance.modelCode);
}

Storm::Member WatcherFacts::member(const FleetEntry& entry) const {
    InstanceEvidence evidence;
    evidence.lastBeat = entry.lastBeat;
    return {entry.pool, silenceSince(evidence, m_base)};
}

std::vector<Storm::Member> WatcherFacts::members(const std::vector<FleetEntry>& entries) const {
    std::vector<Storm::Member> all;
    for (const FleetEntry& entry : entries) {
        if (expectsBeats(entry.told->status))
            all.push_back(member(entry));
    }
    return all;
}

WatcherFacts::WatcherFacts(const std::vector<FleetEntry>& entries, WatcherEvidence base,
                           const WatchdogPolicy& policy, const ReadingTime& time)
    : m_base(std::move(base)), m_storm(members(entries), policy, time.at) {
    for (const FleetEntry& entry : entries) {
        if (const auto reconciled = entry.told->lastReconciliation) {
            if (const auto age = time.ageOf(*reconciled))
                m_reconciled = std::max(m_reconciled, std::optional(time.at - *age));
        }
        if (!entry.lastBeat)
            continue;
        if (!m_newest || *entry.lastBeat >= *m_newest)
            m_secondNewest = std::exchange(m_newest, entry.lastBeat);
        else
            m_secondNewest = std::max(m_secondNewest, entry.lastBeat);
    }
}

WatcherEvidence WatcherFacts::around(const FleetEntry& entry) const {
    WatcherEvidence watcher = m_base;
    watcher.othersHeard = entry.lastBeat && entry.lastBeat == m_newest ? m_secondNewest : m_newest;
    // A worker that beats alone is vouched for by the provider's last answer, if the orchestrator
    // tells when that was.
    watcher.othersHeard = std::max(watcher.othersHeard, m_reconciled);
    const Storm::Member self = member(entry);
    watcher.stormSays = m_storm.over(self.pool);
    watcher.storm = !watcher.stormSays.isEmpty();
    watcher.alone = !watcher.storm && m_storm.alone(self);
    return watcher;
}

} // namespace vigie
