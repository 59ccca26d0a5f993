#include "core/telemetry/metrics.h"

#include "core/telemetry/metricnames.h"

#include <prometheus/client_metric.h>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <variant>

namespace vigie {

namespace {

using Labels = std::map<std::string, std::string>;

constexpr std::array boundsInSeconds{0.001, 0.0025, 0.005, 0.01,  0.025, 0.05, 0.1,
                                     0.25,  0.5,    1.0,   2.5,   5.0,   10.0, 30.0,
                                     60.0,  120.0,  300.0, 900.0, 3600.0};

double seconds(std::chrono::nanoseconds duration) {
    return std::chrono::duration<double>(duration).count();
}

prometheus::ClientMetric classicMetric(const Labels& labels, const Histogram& histogram) {
    prometheus::ClientMetric metric;
    for (const auto& [name, value] : labels)
        metric.label.push_back({name, value});
    metric.histogram.sample_count = histogram.count();
    metric.histogram.sample_sum = seconds(histogram.sum());
    const auto fine = histogram.buckets();
    auto next = fine.begin();
    std::uint64_t cumulative = 0;
    for (const double bound : boundsInSeconds) {
        // The bucket that holds the bound belongs to it: most values that lie on a bound are meant
        // to (a time-out of 5 s). What is above the range is above every bound.
        while (next != fine.end() && seconds(next->lower) < bound)
            cumulative += (next++)->count;
        const std::uint64_t above = bound >= 3600.0 ? histogram.overflow() : 0;
        metric.histogram.bucket.push_back({cumulative - above, bound});
    }
    metric.histogram.bucket.push_back({histogram.count(), std::numeric_limits<double>::infinity()});
    return metric;
}

} // namespace

class CounterSet::Private final : public prometheus::Family<prometheus::Counter> {
public:
    using Family::Family;
    std::mutex mutex; ///< for raiseTo's read and write
};

void CounterSet::add(const MetricLabels& labels, double by) {
    if (by >= 0)
        d->Add(toLabelMap(labels)).Increment(by);
}

void CounterSet::raiseTo(const MetricLabels& labels, double total) {
    const std::lock_guard lock(d->mutex);
    prometheus::Counter& counter = d->Add(toLabelMap(labels));
    if (const double by = total - counter.Value(); by > 0)
        counter.Increment(by);
}

class GaugeSet::Private final : public prometheus::Family<prometheus::Gauge> {
public:
    using Family::Family;
    std::mutex mutex;
    std::map<Labels, prometheus::Gauge*> present; ///< never handed out: Remove ends them
};

void GaugeSet::set(const MetricLabels& labels, double value) {
    const std::lock_guard lock(d->mutex);
    Labels map = toLabelMap(labels);
    prometheus::Gauge& gauge = d->Add(map);
    gauge.Set(value);
    d->present.insert_or_assign(std::move(map), &gauge);
}

void GaugeSet::replace(const std::vector<std::pair<MetricLabels, double>>& all) {
    const std::lock_guard lock(d->mutex);
    std::map<Labels, prometheus::Gauge*> kept;
    for (const auto& [labels, value] : all) {
        Labels map = toLabelMap(labels);
        prometheus::Gauge& gauge = d->Add(map);
        gauge.Set(value);
        kept.insert_or_assign(std::move(map), &gauge);
    }
    for (const auto& [labels, gauge] : d->present) {
        if (!kept.contains(labels))
            d->Remove(gauge);
    }
    d->present = std::move(kept);
}

class HistogramSet::Private final : public prometheus::Collectable {
public:
    Private(std::string n, std::string h) : name(std::move(n)), help(std::move(h)) {}

    std::vector<prometheus::MetricFamily> Collect() const override {
        const std::lock_guard lock(mutex);
        prometheus::MetricFamily family{name, help, prometheus::MetricType::Histogram, {}};
        for (const auto& [labels, histogram] : series)
            family.metric.push_back(classicMetric(labels, histogram));
        return {family};
    }

    const std::string name, help;
    mutable std::mutex mutex;
    std::map<Labels, Histogram> series;
};

void HistogramSet::observe(const MetricLabels& labels, std::chrono::nanoseconds duration) {
    const std::lock_guard lock(d->mutex);
    d->series[toLabelMap(labels)].record(duration);
}

void HistogramSet::set(const MetricLabels& labels, const Histogram& histogram) {
    const std::lock_guard lock(d->mutex);
    d->series.insert_or_assign(toLabelMap(labels), histogram);
}

class MetricRegistry::Private {
public:
    struct Set {
        std::variant<std::unique_ptr<CounterSet>, std::unique_ptr<GaugeSet>,
                     std::unique_ptr<HistogramSet>>
            handle;
        std::shared_ptr<prometheus::Collectable> collectable;
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
        auto made = make<T>(good, toHelpText(help, good));
        T& handle = *std::get<std::unique_ptr<T>>(made.handle);
        if (known == sets.end())
            sets.emplace(good, std::move(made));
        else
            unseen.push_back(std::move(made));
        return handle;
    }

    template <typename T>
    static Set make(const std::string& name, const std::string& help);

    mutable std::mutex mutex;
    std::map<std::string, Set> sets;
    std::vector<Set> unseen;
};

template <>
MetricRegistry::Private::Set MetricRegistry::Private::make<CounterSet>(const std::string& name,
                                                                       const std::string& help) {
    auto inner = std::make_shared<CounterSet::Private>(name, help, Labels());
    return {std::unique_ptr<CounterSet>(new CounterSet(inner)), inner};
}

template <>
MetricRegistry::Private::Set MetricRegistry::Private::make<GaugeSet>(const std::string& name,
                                                                     const std::string& help) {
    auto inner = std::make_shared<GaugeSet::Private>(name, help, Labels());
    return {std::unique_ptr<GaugeSet>(new GaugeSet(inner)), inner};
}

template <>
MetricRegistry::Private::Set MetricRegistry::Private::make<HistogramSet>(const std::string& name,
                                                                         const std::string& help) {
    auto inner = std::make_shared<HistogramSet::Private>(name, help);
    return {std::unique_ptr<HistogramSet>(new HistogramSet(inner)), inner};
}

MetricRegistry::MetricRegistry() : d(std::make_unique<Private>()) {}
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
    for (const auto& [name, set] : d->sets) {
        for (prometheus::MetricFamily& family : set.collectable->Collect()) {
            if (!family.metric.empty())
                families.push_back(std::move(family));
        }
    }
    return prometheus::TextSerializer().Serialize(families);
}

} // namespace vigie
