#pragma once

#include "core/telemetry/histogram.h"

#include <atomic>

namespace vigie {

/// Durations recorded by any thread without a lock: a few relaxed additions into the buckets of
/// Histogram, 17 kB that are allocated by the first record. Reading takes a snapshot: a Histogram
/// that holds every record which happened before, and perhaps some that happen meanwhile.
class LatencyRecorder {
public:
    LatencyRecorder() = default;
    ~LatencyRecorder();
    LatencyRecorder(const LatencyRecorder&) = delete;
    LatencyRecorder& operator=(const LatencyRecorder&) = delete;

    /// Below 1 us counts as 1 us, above 1 h as 1 h (and as overflow). The sum takes the value as it
    /// is, from 0 up to 1000 h, and stays at about 285 years.
    void record(std::chrono::nanoseconds value) {
        Counts* counts = m_counts.load(std::memory_order_acquire);
        add(counts ? *counts : allocate(), value);
    }

    Histogram snapshot() const;

    /// Takes out what was recorded; nothing is lost or taken twice, also while others record. A
    /// record that runs at the same moment may leave its count and its share of the sum on either
    /// side.
    Histogram drain();

private:
    struct Counts;
    Counts& allocate();
    static void add(Counts& counts, std::chrono::nanoseconds value);

    std::atomic<Counts*> m_counts = nullptr;
};

} // namespace vigie
