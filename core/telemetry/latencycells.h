#pragma once

#include "core/telemetry/histogramlayout.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>

/// Where LatencyRecorder counts. All counters only grow: what was taken out is kept by the taker,
/// so that whoever counts never has to wait for one who takes.
namespace vigie::latencycells {

inline constexpr auto relaxed = std::memory_order_relaxed;

inline constexpr std::int64_t mostToAdd =
    std::chrono::nanoseconds(std::chrono::hours(1000)).count();
inline constexpr std::uint64_t nearlyFull =
    std::numeric_limits<std::int64_t>::max() / 100 * 98; // room for 50 threads at once

// 128: neighbouring lines of 64 bytes are fetched in pairs.
inline constexpr std::size_t apart = 128;

inline constexpr std::int64_t noMin = std::numeric_limits<std::int64_t>::max();

/// What `value` adds to the sum.
inline std::uint64_t share(std::chrono::nanoseconds value) {
    return static_cast<std::uint64_t>(std::clamp<std::int64_t>(value.count(), 0, mostToAdd));
}

/// What is counted beside the buckets.
struct Totals {
    std::atomic<std::uint64_t> sum = 0;      ///< ns, modulo 2^64
    std::atomic<std::uint64_t> takenSum = 0; ///< `sum` at the last drain
    std::atomic<std::uint64_t> overflow = 0; ///< of values above the highest
    std::atomic<std::int64_t> min = noMin;   ///< since the last drain, as is `max`
    std::atomic<std::int64_t> max = 0;

    /// The order of the two readings keeps the sum from seeming less than what was taken.
    bool hasRoom() const {
        const std::uint64_t taken = takenSum.load(std::memory_order_acquire);
        return sum.load(relaxed) - taken < nearlyFull;
    }
};

/// The counts of one octave for a single thread that writes. Narrow, so that the octaves of several
/// threads fit into the memory of a recorder; a full one leaves the rest to the shared counts.
struct alignas(apart) OwnOctave {
    static constexpr std::uint32_t fullAt = std::uint32_t{1} << 31;
    std::array<std::atomic<std::uint32_t>, histogramlayout::perOctave> counts{};
};

/// The counts of one octave for all threads without cells of their own.
struct SharedOctave {
    std::array<std::atomic<std::uint64_t>, histogramlayout::perOctave> counts{};
};

/// The cells of the one living thread that has its number.
struct alignas(apart) OwnCells {
    Totals totals;
    std::atomic<std::uint64_t> page = 0; ///< the one that min and max are of
    std::array<std::atomic<OwnOctave*>, histogramlayout::octaves> octaves{};

    /// `counted` is `value` within the range of the buckets, `now` the recorder's page.
    void add(std::chrono::nanoseconds value, std::int64_t counted, std::uint64_t now) {
        if (page.load(relaxed) != now) [[unlikely]] {
            totals.min.store(noMin, relaxed);
            totals.max.store(0, relaxed);
            page.store(now, std::memory_order_release);
        }
        if (totals.hasRoom()) [[likely]]
            totals.sum.store(totals.sum.load(relaxed) + share(value), relaxed);
        if (counted < totals.min.load(relaxed))
            totals.min.store(counted, relaxed);
        if (counted > totals.max.load(relaxed))
            totals.max.store(counted, relaxed);
        if (value > histogramlayout::highest) [[unlikely]]
            totals.overflow.store(totals.overflow.load(relaxed) + 1, relaxed);
    }
};

/// The cells of everyone else.
struct alignas(apart) SharedCells {
    Totals totals;
    alignas(apart) std::array<std::atomic<SharedOctave*>, histogramlayout::octaves> octaves{};

    void add(std::chrono::nanoseconds value, std::int64_t counted) {
        if (totals.hasRoom())
            totals.sum.fetch_add(share(value), relaxed);
        // Rarely true after the first values.
        for (auto least = totals.min.load(relaxed); counted < least;) {
            if (totals.min.compare_exchange_weak(least, counted, relaxed))
                break;
        }
        for (auto most = totals.max.load(relaxed); counted > most;) {
            if (totals.max.compare_exchange_weak(most, counted, relaxed))
                break;
        }
        if (value > histogramlayout::highest)
            totals.overflow.fetch_add(1, relaxed);
    }
};

} // namespace vigie::latencycells
