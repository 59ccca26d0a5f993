#include "core/telemetry/metrics.h"

#include "core/telemetry/metricfamilies.h"
#include "core/telemetry/metricnames.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <cassert>
#include <variant>

namespace vigie {

void CounterSet::add(const MetricLabels& labels, double by) {
    if (!(by >= 0))
        return;
    const LabelMap map = toLabelMap(labels);
    {
        const std::lock_guard lock(d->mutex);
        if (prometheus::Counter* counter = d->find(map))
            return counter->Increment(by);
        const LabelMap others = othersLike(map);
        auto& counter = d->Add(others);
        d->present.insert_or_assign(others, &counter);
        counter.Increment(by);
    }
    d->names.overflow->count(d->names.name);
}

void CounterSet::raiseTo(const MetricLabels& labels, double total) {
    {
        const std::lock_guard lock(d->mutex);
        if (prometheus::Counter* counter = d->find(toLabelMap(labels))) {
            if (const double by = total - counter->Value(); by > 0)
                counter->Increment(by);
            return;
        }
    }
    // Totals of several can't be told apart under one name.
    d->names.overflow->count(d->names.name);
}

void GaugeSet::set(const MetricLabels& labels, double value) {
    {
        const std::lock_guard lock(d->mutex);
        if (prometheus::Gauge* gauge = d->find(toLabelMap(labels)))
            return gauge->Set(value);
    }
    d->names.overflow->count(d->names.name);
}

void GaugeSet::replace(const std::vector<std::pair<MetricLabels, double>>& all) {
    std::map<LabelMap, double> wanted;
    std::size_t dropped = 0;
    for (const auto& [labels, value] : all) {
        LabelMap map = toLabelMap(labels);
        if (wanted.size() < d->names.overflow->limits().maxSeries || wanted.contains(map))
            wanted.insert_or_assign(std::move(map), value);
        else
            ++dropped;
    }
    {
        const std::lock_guard lock(d->mutex);
        std::erase_if(d->present, [this, &wanted](const auto& series) {
            const bool gone = !wanted.contains(series.first);
            if (gone)
                d->Remove(series.second);
            return gone;
        });
        for (const auto& [labels, value] : wanted)
            d->find(labels)->Set(value);
    }
    if (dropped > 0)
        d->names.overflow->count(d->names.name, dropped);
}

void HistogramSet::observe(const MetricLabels& labels, std::chrono::nanoseconds duration,
                           MetricRegistry::Time now) {
    const LabelMap map = toLabelMap(labels);
    bool full = false;
    WindowedLatency* observed = nullptr;
    {
        const std::lock_guard lock(d->mutex);
        observed = &d->find(map, full).observed;
    }
    observed->record(duration, now);
    if (full)
        d->names.overflow->count(d->names.name);
}

void HistogramSet::set(const MetricLabels& labels, const Histogram& histogram) {
    bool full = false;
    {
        const std::lock_guard lock(d->mutex);
        d->find(toLabelMap(labels), full).shown = histogram;
    }
    if (full)
        d->names.overflow->count(d->names.name);
}

std::vector<std::pair<MetricLabels, Histogram>>
HistogramSet::recent(std::chrono::nanoseconds length, MetricRegistry::Time now) const {
    std::vector<std::pair<MetricLabels, Histogram>> all;
    const std::lock_guard lock(d->mutex);
    for (const auto& [map, one] : d->series) {
        MetricLabels labels;
        for (const auto& [name, value] : map)
            labels.push_back({name, value});
        all.emplace_back(std::move(labels), one->observed.window(length, now));
    }
    return all;
}

class MetricRegistry::Private {
public:
    explicit Private(MetricLimits limits)
        : overflow(std::make_shared<MetricOverflow>(std::move(limits))) {}

    struct Set {
        std::variant<std::unique_ptr<CounterSet>, std::unique_ptr<GaugeSet>,
                     std::unique_ptr<HistogramSet>>
            handle;
        std::shared_ptr<prometheus::Collectable> collectable;
        std::shared_ptr<ReadableFamily> readable;
    };

    template <typename T>
    T& set(const std::string& name, const std::string& help) {
        const std::lock_guard lock(mutex);
        const std::string good = toMetricName(name);
        const auto known = sets.find(good);
        if (known != sets.end()) {
            if (auto* same = std::get_if<std::unique_ptr<T>>(&known->second.handle))
                return **same;
            assert(!"a metric's name is used for two kinds");
        }
        auto inner = std::make_shared<typename T::Private>(FamilyNames{good, help, overflow});
        auto handle = std::unique_ptr<T>(new T(inner));
        T& made = *handle;
        if (known == sets.end())
            sets.emplace(good, Set{std::move(handle), inner, inner});
        else
            unseen.push_back(Set{std::move(handle), inner, inner});
        return made;
    }

    /// As a set of its own, made anew for each reading.
    std::shared_ptr<CounterSet::Private> overflows() const;

    const std::shared_ptr<MetricOverflow> overflow;
    mutable std::mutex mutex;
    std::map<std::string, Set> sets;
    std::vector<Set> unseen;
};

std::shared_ptr<CounterSet::Private> MetricRegistry::Private::overflows() const {
    auto counters = std::make_shared<CounterSet::Private>(
        FamilyNames{toMetricName(overflow->limits().overflowMetric),
                    "Updates of series for which a family had no room, by family.",
                    std::make_shared<MetricOverflow>(MetricLimits())});
    for (const auto& [family, count] : overflow->counts()) {
        if (auto* counter = counters->find({{"family", family}}))
            counter->Increment(static_cast<double>(count));
    }
    return counters;
}

MetricRegistry::MetricRegistry(MetricLimits limits)
    : d(std::make_unique<Private>(std::move(limits))) {}
MetricRegistry::~MetricRegistry() = default;

CounterSet& MetricRegistry::counters(const std::string& name, const std::string& help) {
    return d->set<CounterSet>(name, help);
}

GaugeSet& MetricRegistry::gauges(const std::string& name, const std::string& help) {
    return d->set<GaugeSet>(name, help);
}

HistogramSet& MetricRegistry::histograms(const std::string& name, const std::string& help) {
    return d->set<HistogramSet>(name, help);
}

std::string MetricRegistry::serialize() const {
    const std::lock_guard lock(d->mutex);
    std::vector<prometheus::MetricFamily> families;
    const auto take = [&families](const prometheus::Collectable& from) {
        for (prometheus::MetricFamily& family : from.Collect()) {
            if (!family.metric.empty())
                families.push_back(std::move(family));
        }
    };
    for (const auto& [name, set] : d->sets)
        take(*set.collectable);
    take(*d->overflows());
    return prometheus::TextSerializer().Serialize(families);
}

std::vector<MetricFamilyReading> MetricRegistry::read(Time now) const {
    const std::lock_guard lock(d->mutex);
    std::vector<MetricFamilyReading> families;
    const auto take = [&families, now](const ReadableFamily& from) {
        MetricFamilyReading family = from.read(now);
        if (!family.series.empty())
            families.push_back(std::move(family));
    };
    for (const auto& [name, set] : d->sets)
        take(*set.readable);
    take(*d->overflows());
    return families;
}

} // namespace vigie
