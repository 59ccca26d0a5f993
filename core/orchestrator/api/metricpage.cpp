#include "core/orchestrator/api/metricpage.h"

#include "core/base/timeformat.h"

#include <prometheus/text_serializer.h>

#include <array>
#include <limits>

namespace vigie {

namespace {

constexpr std::array bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                            0.5,   1.0,    2.5,   5.0,  10.0,  30.0, 60.0};

} // namespace

prometheus::ClientMetric& MetricPage::add(const char* name, const char* help,
                                          prometheus::MetricType type, const Labels& labels) {
    if (m_families.empty() || m_families.back().name != name)
        m_families.push_back({name, help, type, {}});
    prometheus::ClientMetric metric;
    for (const auto& [label, value] : labels)
        metric.label.push_back({label, value.toStdString()});
    auto& metrics = m_families.back().metric;
    metrics.push_back(std::move(metric));
    return metrics.back();
}

void MetricPage::counter(const char* name, const char* help, quint64 value, const Labels& labels) {
    add(name, help, prometheus::MetricType::Counter, labels).counter.value =
        static_cast<double>(value);
}

void MetricPage::gauge(const char* name, const char* help, double value, const Labels& labels) {
    add(name, help, prometheus::MetricType::Gauge, labels).gauge.value = value;
}

void MetricPage::histogram(const char* name, const char* help, const Histogram& values,
                           const Labels& labels) {
    auto& told = add(name, help, prometheus::MetricType::Histogram, labels).histogram;
    told.sample_count = values.count();
    told.sample_sum = toSeconds(values.sum());
    const auto fine = values.buckets();
    auto next = fine.begin();
    std::uint64_t count = 0;
    for (const double bound : bounds) {
        for (; next != fine.end() && toSeconds(next->upper) <= bound; ++next)
            count += next->count;
        told.bucket.push_back({count, bound});
    }
    told.bucket.push_back({values.count(), std::numeric_limits<double>::infinity()});
}

QByteArray MetricPage::asText() const {
    return QByteArray::fromStdString(prometheus::TextSerializer().Serialize(m_families));
}

} // namespace vigie
