#include "core/model/activity.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vigie {

namespace {

constexpr float unknown = std::numeric_limits<float>::quiet_NaN();
constexpr double megabit = 1e6;

float figure(const std::optional<double>& told) {
    const auto narrow = static_cast<float>(told.value_or(unknown));
    return std::isfinite(narrow) ? narrow : unknown;
}

template <typename Number>
std::optional<double> share(const std::optional<Number>& part, const std::optional<Number>& whole) {
    if (!part || !whole || *whole <= 0)
        return std::nullopt;
    return 100.0 * static_cast<double>(*part) / static_cast<double>(*whole);
}

std::optional<double> megabits(const std::optional<double>& bytes) {
    return bytes ? std::optional(*bytes * 8 / megabit) : std::nullopt;
}

/// Sums figure by figure, and counts who knew each.
template <std::size_t N>
struct Mean {
    std::array<double, N> sums{};
    std::array<int, N> counts{};

    void add(const std::array<float, N>& figures) {
        for (std::size_t i = 0; i < N; ++i) {
            if (std::isnan(figures[i]))
                continue;
            sums[i] += figures[i];
            ++counts[i];
        }
    }
    std::array<float, N> figures() const {
        std::array<float, N> means{};
        for (std::size_t i = 0; i < N; ++i)
            means[i] = counts[i] ? static_cast<float>(sums[i] / counts[i]) : unknown;
        return means;
    }
};

} // namespace

ActivitySample activityOf(const Heartbeat& beat, WallTime at) {
    ActivitySample sample;
    sample.at = at;
    sample.gpus.reserve(beat.gpus.size());
    for (const GpuSample& gpu : beat.gpus) {
        const auto place =
            std::ranges::lower_bound(sample.gpus, gpu.index, {}, &GpuActivity::index);
        if (place != sample.gpus.end() && place->index == gpu.index)
            continue;
        sample.gpus.insert(
            place, {gpu.index,
                    {figure(gpu.utilizationPct), figure(share(gpu.memUsedMb, gpu.memTotalMb)),
                     figure(gpu.tempC), figure(gpu.powerW), figure(gpu.powerLimitW)}});
    }
    if (const auto& system = beat.system) {
        const auto memory = system->memUsedPct ? system->memUsedPct
                                               : share(system->memUsedBytes, system->memTotalBytes);
        const auto disk = system->diskUsedPct
                              ? system->diskUsedPct
                              : share(system->diskUsedBytes, system->diskTotalBytes);
        sample.system = {figure(system->cpuUsagePct),
                         figure(system->load1),
                         figure(memory),
                         figure(disk),
                         figure(megabits(system->netRxBps)),
                         figure(megabits(system->netTxBps))};
    }
    return sample;
}

ActivitySample meanOf(std::span<const ActivitySample> samples) {
    struct Gpu {
        int index = 0;
        Mean<gpuFigureNames.size()> mean;
    };
    std::vector<Gpu> gpus;
    Mean<systemFigureNames.size()> system;
    ActivitySample mean;
    for (const ActivitySample& sample : samples) {
        mean.at = sample.at;
        for (const GpuActivity& gpu : sample.gpus) {
            auto place = std::ranges::lower_bound(gpus, gpu.index, {}, &Gpu::index);
            if (place == gpus.end() || place->index != gpu.index)
                place = gpus.insert(place, Gpu{gpu.index, {}});
            place->mean.add(gpu.figures);
        }
        if (sample.system) {
            system.add(*sample.system);
            mean.system.emplace();
        }
    }
    for (const Gpu& gpu : gpus)
        mean.gpus.push_back({gpu.index, gpu.mean.figures()});
    if (mean.system)
        mean.system = system.figures();
    return mean;
}

std::vector<ActivitySample> coarsened(std::vector<ActivitySample> samples,
                                      std::chrono::seconds slice) {
    if (slice <= std::chrono::seconds::zero())
        return samples;
    const auto sliceOf = [slice](const ActivitySample& sample) {
        return sample.at.time_since_epoch() / slice;
    };
    std::vector<ActivitySample> coarse;
    for (auto from = samples.begin(); from != samples.end();) {
        const auto to = std::find_if(from, samples.end(), [&](const ActivitySample& sample) {
            return sliceOf(sample) != sliceOf(*from);
        });
        coarse.push_back(meanOf({from, to}));
        from = to;
    }
    return coarse;
}

double toldFigure(float figure) {
    return std::round(static_cast<double>(figure) * 1000) / 1000;
}

} // namespace vigie
