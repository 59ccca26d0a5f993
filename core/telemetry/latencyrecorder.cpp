#include "core/telemetry/latencyrecorder.h"

#include "core/telemetry/histogramlayout.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

namespace vigie {

namespace {

using namespace histogramlayout;
constexpr auto relaxed = std::memory_order_relaxed;

constexpr std::int64_t mostToAdd = nanoseconds(std::chrono::hours(1000)).count();
constexpr std::int64_t nearlyFull =
    std::numeric_limits<std::int64_t>::max() / 100 * 98; // room for 50 threads at once

// What every record writes is kept away from what it mostly reads. 128: neighbouring lines of 64
// bytes are fetched in pairs.
constexpr std::size_t apart = 128;

} // namespace

struct LatencyRecorder::Counts {
    alignas(apart) std::atomic<std::int64_t> sum = 0;
    alignas(apart) std::atomic<std::int64_t> min = std::numeric_limits<std::int64_t>::max();
    std::atomic<std::int64_t> max = 0;
    std::atomic<std::uint64_t> overflow = 0;
    alignas(apart) std::array<std::atomic<std::uint64_t>, buckets> counts{};
};

LatencyRecorder::~LatencyRecorder() {
    static_assert(sizeof(Counts) <= 24 * 1000);
    delete m_counts.load(std::memory_order_acquire);
}

LatencyRecorder::Counts& LatencyRecorder::allocate() {
    auto fresh = std::make_unique<Counts>();
    Counts* present = nullptr;
    if (m_counts.compare_exchange_strong(present, fresh.get(), std::memory_order_acq_rel))
        return *fresh.release();
    return *present; // another thread was first
}

void LatencyRecorder::add(Counts& to, nanoseconds value) {
    const std::int64_t counted = std::clamp(value, lowest, highest).count();
    to.counts[indexOf(nanoseconds(counted))].fetch_add(1, relaxed);
    if (to.sum.load(relaxed) < nearlyFull)
        to.sum.fetch_add(std::clamp<std::int64_t>(value.count(), 0, mostToAdd), relaxed);
    // Rarely true after the first values, so that these lines stay shared between cores.
    for (auto least = to.min.load(relaxed); counted < least;) {
        if (to.min.compare_exchange_weak(least, counted, relaxed))
            break;
    }
    for (auto most = to.max.load(relaxed); counted > most;) {
        if (to.max.compare_exchange_weak(most, counted, relaxed))
            break;
    }
    if (value > highest)
        to.overflow.fetch_add(1, relaxed);
}

Histogram LatencyRecorder::snapshot() const {
    const Counts* from = m_counts.load(std::memory_order_acquire);
    if (!from)
        return {};
    std::array<std::uint64_t, buckets> counts;
    for (std::size_t i = 0; i < buckets; ++i)
        counts[i] = from->counts[i].load(relaxed);
    return {counts, nanoseconds(from->sum.load(relaxed)), from->overflow.load(relaxed),
            nanoseconds(from->min.load(relaxed)), nanoseconds(from->max.load(relaxed))};
}

Histogram LatencyRecorder::drain() {
    Counts* from = m_counts.load(std::memory_order_acquire);
    if (!from)
        return {};
    std::array<std::uint64_t, buckets> counts;
    for (std::size_t i = 0; i < buckets; ++i)
        counts[i] = from->counts[i].load(relaxed) > 0 ? from->counts[i].exchange(0, relaxed) : 0;
    const std::int64_t min = from->min.exchange(std::numeric_limits<std::int64_t>::max(), relaxed);
    const std::int64_t max = from->max.exchange(0, relaxed);
    return {counts, nanoseconds(from->sum.exchange(0, relaxed)),
            from->overflow.exchange(0, relaxed), nanoseconds(min), nanoseconds(max)};
}

} // namespace vigie
