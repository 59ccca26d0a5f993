#pragma once

#include "core/telemetry/histogram.h"

#include <atomic>

namespace vigie {

/// Durations recorded by any thread without a lock, in the buckets of Histogram. The first few
/// threads (by threadNumber()) count in cells of their own, with plain stores; others share cells,
/// with relaxed additions. Memory comes with the values, an octave at a time: 2.4 kB with the first
/// record, 24 kB at most, and what drain() has taken once more as a Histogram. Reading takes a
/// snapshot: a Histogram that holds every record which happened before, and perhaps some that
/// happen meanwhile.
class LatencyRecorder {
public:
    LatencyRecorder() = default;
    ~LatencyRecorder();
    LatencyRecorder(const LatencyRecorder&) = delete;
    LatencyRecorder& operator=(const LatencyRecorder&) = delete;

    /// Below 1 us counts as 1 us, above 1 h as 1 h (and as overflow). The sum takes the value as it
    /// is, from 0 up to 1000 h, and stays at about 285 years.
    void record(std::chrono::nanoseconds value);

    /// What was recorded since the last drain().
    Histogram snapshot() const;

    /// Takes out what was recorded; nothing is lost or taken twice, also while others record. A
    /// record that runs at the same moment may leave its count and its share of the sum on either
    /// side.
    Histogram drain();

    /// Everything since the start, drained or not.
    Histogram total() const;

private:
    struct Cells;
    Cells& allocate();

    std::atomic<Cells*> m_cells = nullptr;
};

} // namespace vigie
