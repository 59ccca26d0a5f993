#pragma once

#include "core/runtime/beatmeter.h"
#include "core/runtime/viewbuilder.h"

#include <vector>

namespace vigie {

/// The instances of one source as they were last told, with what the dashboard adds: heartbeat
/// strips, time in state, advice. Views are shared from one reading to the next where nothing
/// changed.
class SourceFleet {
public:
    using Instances = std::vector<std::shared_ptr<const Instance>>;

    /// `options` outlives this.
    SourceFleet(SourceId source, const EngineOptions& options)
        : m_source(std::move(source)), m_options(options) {}

    /// Takes over the whole fleet as it was told at `time`; the notes say what changed in it, but
    /// nothing about the first reading.
    std::vector<ChangeNote> apply(Instances instances, const ReadingTime& time,
                                  Freshness freshness);

    /// Time passed without a reading. True when views changed.
    bool pass(Freshness freshness, MonotonicTime now);

    /// The dashboard or its sight of the source stood still: silence counts from now on.
    void stalled(MonotonicTime now) { m_watcher.lastStall = now; }

    /// Sorted by the instances' ids.
    const std::vector<std::shared_ptr<const InstanceView>>& views() const { return m_views; }
    const BeatMeter& beats() const { return m_beats; }

private:
    void merge(Instances instances, const ReadingTime& time, std::vector<ChangeNote>& notes);
    std::optional<Duration> sight(FleetEntry& entry, const ReadingTime& time, Duration sincePoll);
    void rebuild(const ReadingTime& time, Freshness freshness, std::vector<ChangeNote>& notes);
    ChangeNote note(const FleetEntry& entry, WallTime at, QString what) const;

    SourceId m_source;
    const EngineOptions& m_options;
    WatcherEvidence m_watcher;
    std::optional<MonotonicTime> m_lastApply;
    std::vector<FleetEntry> m_entries; ///< sorted by id
    std::vector<std::shared_ptr<const InstanceView>> m_views;
    BeatMeter m_beats;
};

} // namespace vigie
