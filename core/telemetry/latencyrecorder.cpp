#include "core/telemetry/latencyrecorder.h"

#include "core/resilience/threadnumber.h"
#include "core/telemetry/latencycells.h"

#include <memory>
#include <mutex>

namespace vigie {

namespace {

using namespace histogramlayout;
using namespace latencycells;
constexpr auto acquire = std::memory_order_acquire;

constexpr std::size_t ownThreads = 4;
constexpr std::size_t mostMemory = 24'000;

/// The difference between two states of the counters.
struct Counted {
    std::array<std::uint64_t, buckets> counts{};
    std::uint64_t sum = 0, overflow = 0;
    std::int64_t min = noMin, max = 0;

    /// With `take` the sum is taken out.
    void addTotals(Totals& totals, bool take) {
        const std::uint64_t seen = totals.sum.load(relaxed);
        const std::uint64_t part = seen - totals.takenSum.load(relaxed);
        sum = std::min<std::uint64_t>(sum + part, std::numeric_limits<std::int64_t>::max());
        if (take)
            totals.takenSum.store(seen, std::memory_order_release);
        overflow += totals.overflow.load(relaxed);
    }
    void addRange(std::int64_t least, std::int64_t most) {
        min = std::min(min, least);
        max = std::max(max, most);
    }
    template <class Octaves>
    void addCounts(const Octaves& octaves) {
        for (std::size_t octave = 0; octave < octaves.size(); ++octave) {
            const auto* from = octaves[octave].load(acquire);
            for (std::size_t i = 0; from && i < perOctave; ++i)
                counts[octave * perOctave + i] += from->counts[i].load(relaxed);
        }
    }
};

} // namespace

struct LatencyRecorder::Cells {
    std::array<OwnCells, ownThreads> own;
    SharedCells shared;
    // Written when memory is given out and when something is taken.
    std::atomic<std::uint64_t> page = 0; ///< how often something was
    std::atomic<int> octavesLeft = 0;    ///< for threads of their own
    std::mutex mutex;                    ///< of what follows
    Histogram taken;

    Cells() {
        constexpr std::size_t reserved = sizeof(Cells) + octaves * sizeof(SharedOctave);
        static_assert(reserved + 16 * sizeof(OwnOctave) <= mostMemory);
        octavesLeft = (mostMemory - reserved) / sizeof(OwnOctave);
    }
    ~Cells() {
        for (OwnCells& each : own)
            for (auto& octave : each.octaves)
                delete octave.load(acquire);
        for (auto& octave : shared.octaves)
            delete octave.load(acquire);
    }

    void addToShared(std::chrono::nanoseconds value, std::int64_t counted, std::size_t index);
    OwnOctave* grant(std::atomic<OwnOctave*>& to);
    Histogram read(bool take); ///< under the lock
};

[[gnu::noinline]] OwnOctave* LatencyRecorder::Cells::grant(std::atomic<OwnOctave*>& to) {
    if (octavesLeft.load(relaxed) <= 0 || octavesLeft.fetch_sub(1, relaxed) <= 0)
        return nullptr;
    auto fresh = std::make_unique<OwnOctave>();
    to.store(fresh.get(), std::memory_order_release);
    return fresh.release();
}

[[gnu::noinline]] void LatencyRecorder::Cells::addToShared(nanoseconds value, std::int64_t counted,
                                                           std::size_t index) {
    std::atomic<SharedOctave*>& place = shared.octaves[index / perOctave];
    SharedOctave* octave = place.load(acquire);
    if (!octave) {
        auto fresh = std::make_unique<SharedOctave>();
        if (place.compare_exchange_strong(octave, fresh.get(), std::memory_order_acq_rel))
            octave = fresh.release();
    }
    octave->counts[index % perOctave].fetch_add(1, relaxed);
    shared.add(value, counted);
}

Histogram LatencyRecorder::Cells::read(bool take) {
    Counted seen;
    const std::uint64_t now = page.load(relaxed);
    for (OwnCells& each : own) {
        seen.addCounts(each.octaves);
        seen.addTotals(each.totals, take);
        if (each.page.load(acquire) == now)
            seen.addRange(each.totals.min.load(relaxed), each.totals.max.load(relaxed));
    }
    seen.addCounts(shared.octaves);
    seen.addTotals(shared.totals, take);
    auto& [sum, takenSum, overflow, min, max] = shared.totals;
    seen.addRange(take ? min.exchange(noMin, relaxed) : min.load(relaxed),
                  take ? max.exchange(0, relaxed) : max.load(relaxed));

    const std::size_t first = taken.m_firstOctave * perOctave;
    for (std::size_t i = 0; i < taken.m_counts.size(); ++i)
        seen.counts[first + i] -= taken.m_counts[i];
    Histogram found(seen.counts, nanoseconds(static_cast<std::int64_t>(seen.sum)),
                    seen.overflow - taken.m_overflow, nanoseconds(seen.min), nanoseconds(seen.max));
    if (take) {
        taken.merge(found);
        page.store(now + 1, relaxed);
    }
    return found;
}

LatencyRecorder::~LatencyRecorder() {
    delete m_cells.load(acquire);
}

LatencyRecorder::Cells& LatencyRecorder::allocate() {
    auto fresh = std::make_unique<Cells>();
    Cells* present = nullptr;
    if (m_cells.compare_exchange_strong(present, fresh.get(), std::memory_order_acq_rel))
        return *fresh.release();
    return *present; // another thread was first
}

void LatencyRecorder::record(nanoseconds value) {
    Cells* present = m_cells.load(acquire);
    Cells& cells = present ? *present : allocate();
    const std::int64_t counted = std::clamp(value, lowest, highest).count();
    const std::size_t index = indexOf(nanoseconds(counted));
    const unsigned thread = threadNumber();
    if (thread < ownThreads) [[likely]] {
        OwnCells& own = cells.own[thread];
        std::atomic<OwnOctave*>& place = own.octaves[index / perOctave];
        OwnOctave* octave = place.load(relaxed);
        if (octave || (octave = cells.grant(place))) [[likely]] {
            std::atomic<std::uint32_t>& count = octave->counts[index % perOctave];
            const std::uint32_t seen = count.load(relaxed);
            if (seen < OwnOctave::fullAt) [[likely]] {
                count.store(seen + 1, relaxed);
                own.add(value, counted, cells.page.load(relaxed));
                return;
            }
        }
    }
    cells.addToShared(value, counted, index);
}

Histogram LatencyRecorder::snapshot() const {
    Cells* cells = m_cells.load(acquire);
    if (!cells)
        return {};
    const std::lock_guard lock(cells->mutex);
    return cells->read(false);
}

Histogram LatencyRecorder::drain() {
    Cells* cells = m_cells.load(acquire);
    if (!cells)
        return {};
    const std::lock_guard lock(cells->mutex);
    return cells->read(true);
}

Histogram LatencyRecorder::total() const {
    Cells* cells = m_cells.load(acquire);
    if (!cells)
        return {};
    const std::lock_guard lock(cells->mutex);
    Histogram all = cells->taken;
    all.merge(cells->read(false));
    return all;
}

} // namespace vigie
