#pragma once

// Inside of the registry: what its sets keep. Nobody else includes this.

#include "core/telemetry/metrics.h"
#include "core/telemetry/windowedlatency.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>

#include <map>
#include <mutex>

namespace vigie {

/// What a registry's families share: their limit, and how often it was met.
class MetricOverflow {
public:
    explicit MetricOverflow(MetricLimits limits) : m_limits(std::move(limits)) {}

    const MetricLimits& limits() const { return m_limits; }
    /// Call it without a lock: it may call onFull.
    void count(const std::string& family, std::size_t times = 1);
    std::map<std::string, std::size_t> counts() const;

private:
    const MetricLimits m_limits;
    mutable std::mutex m_mutex;
    std::map<std::string, std::size_t> m_counts; ///< by family
};

using LabelMap = std::map<std::string, std::string>;

/// The labels that stand for all which found no room.
LabelMap othersLike(LabelMap labels);

/// A family that reads itself; `help` as it was given.
class ReadableFamily {
public:
    virtual ~ReadableFamily() = default;
    virtual MetricFamilyReading read(MetricRegistry::Time now) const = 0;
};

struct FamilyNames {
    std::string name, help;
    std::shared_ptr<MetricOverflow> overflow;
};

/// A family of prometheus-cpp that knows its series and stops at the limit. Its handles never leave
/// the sets: Remove ends them.
template <typename Metric, MetricType kind>
class LimitedFamily : public prometheus::Family<Metric>, public ReadableFamily {
public:
    explicit LimitedFamily(FamilyNames n);

    MetricFamilyReading read(MetricRegistry::Time) const override;

    /// Null when there is no room. Hold the mutex.
    Metric* find(const LabelMap& labels) {
        if (const auto known = present.find(labels); known != present.end())
            return known->second;
        if (present.size() >= names.overflow->limits().maxSeries)
            return nullptr;
        return present.emplace(labels, &this->Add(labels)).first->second;
    }

    const FamilyNames names;
    mutable std::mutex mutex;
    std::map<LabelMap, Metric*> present;
};

class CounterSet::Private final : public LimitedFamily<prometheus::Counter, MetricType::Counter> {
    using LimitedFamily::LimitedFamily;
};

class GaugeSet::Private final : public LimitedFamily<prometheus::Gauge, MetricType::Gauge> {
    using LimitedFamily::LimitedFamily;
};

class HistogramSet::Private final : public prometheus::Collectable, public ReadableFamily {
public:
    struct Series {
        WindowedLatency observed;
        std::optional<Histogram> shown; ///< kept elsewhere
    };

    explicit Private(FamilyNames n) : names(std::move(n)) {}

    std::vector<prometheus::MetricFamily> Collect() const override;
    MetricFamilyReading read(MetricRegistry::Time now) const override;
    /// Never null and never removed; `full` is set when it stands for others. Hold the mutex.
    Series& find(const LabelMap& labels, bool& full);

    const FamilyNames names;
    mutable std::mutex mutex;
    std::map<LabelMap, std::unique_ptr<Series>> series;
};

} // namespace vigie
