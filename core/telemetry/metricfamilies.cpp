#include "core/telemetry/metricfamilies.h"

#include "core/telemetry/classicbuckets.h"
#include "core/telemetry/metricnames.h"

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>

#include <array>

namespace vigie {

namespace {

constexpr std::pair<const char*, std::chrono::minutes> windows[] = {
    {"1m", std::chrono::minutes(1)},
    {"5m", std::chrono::minutes(5)},
    {"15m", std::chrono::minutes(15)},
};

MetricLabels toLabels(const LabelMap& map) {
    MetricLabels labels;
    for (const auto& [name, value] : map)
        labels.push_back({name, value});
    return labels;
}

prometheus::ClientMetric classicMetric(const LabelMap& labels, const Histogram& histogram) {
    prometheus::ClientMetric metric;
    for (const auto& [name, value] : labels)
        metric.label.push_back({name, value});
    const ClassicHistogram classic = classicBuckets(histogram);
    metric.histogram.sample_count = histogram.count();
    metric.histogram.sample_sum = classic.sum;
    for (const auto& [bound, count] : classic.buckets)
        metric.histogram.bucket.push_back({static_cast<std::uint64_t>(count), bound});
    return metric;
}

} // namespace

void MetricOverflow::count(const std::string& family, std::size_t times) {
    bool first = false;
    {
        const std::lock_guard lock(m_mutex);
        std::size_t& counted = m_counts[family];
        first = counted == 0;
        counted += times;
    }
    if (first && m_limits.onFull)
        m_limits.onFull(family);
}

std::map<std::string, std::size_t> MetricOverflow::counts() const {
    const std::lock_guard lock(m_mutex);
    return m_counts;
}

LabelMap othersLike(LabelMap labels) {
    for (auto& [name, value] : labels)
        value = "other";
    return labels;
}

template <typename Metric, MetricType kind>
LimitedFamily<Metric, kind>::LimitedFamily(FamilyNames n)
    : prometheus::Family<Metric>(n.name, toHelpText(n.help, n.name), {}), names(std::move(n)) {}

template <typename Metric, MetricType kind>
MetricFamilyReading LimitedFamily<Metric, kind>::read(MetricRegistry::Time) const {
    MetricFamilyReading reading{names.name, toHelpText(names.help, names.name), kind, {}};
    const std::lock_guard lock(mutex);
    for (const auto& [labels, metric] : present)
        reading.series.push_back({toLabels(labels), metric->Value(), {}, {}});
    return reading;
}

template class LimitedFamily<prometheus::Counter, MetricType::Counter>;
template class LimitedFamily<prometheus::Gauge, MetricType::Gauge>;

HistogramSet::Private::Series& HistogramSet::Private::find(const LabelMap& labels, bool& full) {
    const auto known = series.find(labels);
    full = known == series.end() && series.size() >= names.overflow->limits().maxSeries;
    auto& found = known != series.end() ? known->second
                  : full                ? series[othersLike(labels)]
                                        : series[labels];
    if (!found)
        found = std::make_unique<Series>();
    return *found;
}

std::vector<prometheus::MetricFamily> HistogramSet::Private::Collect() const {
    const std::lock_guard lock(mutex);
    prometheus::MetricFamily family{
        names.name, toHelpText(names.help, names.name), prometheus::MetricType::Histogram, {}};
    for (const auto& [labels, one] : series)
        family.metric.push_back(
            classicMetric(labels, one->shown ? *one->shown : one->observed.total()));
    return {family};
}

MetricFamilyReading HistogramSet::Private::read(MetricRegistry::Time now) const {
    MetricFamilyReading reading{
        names.name, toHelpText(names.help, names.name), MetricType::Histogram, {}};
    const std::lock_guard lock(mutex);
    for (const auto& [labels, one] : series) {
        MetricReading& each = reading.series.emplace_back();
        each.labels = toLabels(labels);
        each.histogram = one->shown ? *one->shown : one->observed.total();
        if (one->shown)
            continue;
        for (const auto& [name, length] : windows) {
            const Histogram recent = one->observed.window(length, now);
            each.windows.push_back({name, recent.count(), recent.percentiles()});
        }
    }
    return reading;
}

} // namespace vigie
