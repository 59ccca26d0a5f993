#include "core/telemetry/exposition.h"
#include "core/telemetry/sampleline.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace vigie {

namespace {

std::string keyOf(const MetricLabels& sorted) {
    std::string key;
    for (const MetricLabel& label : sorted) {
        for (const std::string* part : {&label.name, &label.value}) {
            key += std::to_string(part->size()); // no part can pass for the start of the next
            key += ':';
            key += *part;
        }
    }
    return key;
}

void close(ClassicHistogram& histogram) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    auto& buckets = histogram.buckets;
    std::ranges::stable_sort(buckets, {}, &ClassicHistogram::Bucket::upperBound);
    const bool open = buckets.empty() || buckets.back().upperBound != infinity;
    if (open && histogram.count > 0)
        buckets.push_back({infinity, histogram.count});
    if (!open && histogram.count == 0)
        histogram.count = buckets.back().cumulativeCount;
}

} // namespace

std::vector<HistogramSeries> classicHistograms(const MetricFamily& family) {
    std::vector<HistogramSeries> all;
    if (family.type != MetricType::Histogram && family.type != MetricType::GaugeHistogram)
        return all;
    std::unordered_map<std::string, std::size_t> index;
    for (const MetricSample& sample : family.samples) {
        if (!sample.name.starts_with(family.name))
            continue;
        const std::string_view suffix = std::string_view(sample.name).substr(family.name.size());
        MetricLabels labels = sample.labels;
        std::optional<double> bound;
        if (suffix == "_bucket") {
            const auto le = std::ranges::find(labels, "le", &MetricLabel::name);
            if (le == labels.end())
                continue;
            bound = parseSampleValue(le->value);
            if (!bound || std::isnan(*bound))
                continue;
            labels.erase(le);
        } else if (suffix == "_created" || suffix.empty()) {
            continue;
        }
        std::ranges::sort(labels, {}, &MetricLabel::name);
        const auto [entry, isNew] = index.emplace(keyOf(labels), all.size());
        if (isNew)
            all.push_back({std::move(labels), {}});
        ClassicHistogram& histogram = all[entry->second].histogram;
        if (bound)
            histogram.buckets.push_back({*bound, sample.value});
        else if (suffix == "_sum" || suffix == "_gsum")
            histogram.sum = sample.value;
        else
            histogram.count = sample.value;
    }
    for (HistogramSeries& series : all)
        close(series.histogram);
    return all;
}

} // namespace vigie
