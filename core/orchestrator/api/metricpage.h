#pragma once

#include "core/telemetry/histogram.h"

#include <QByteArray>
#include <QString>

#include <prometheus/metric_family.h>

#include <vector>

namespace vigie {

/// A page of metrics in the making, in the types of prometheus-cpp.
class MetricPage {
public:
    using Labels = std::vector<std::pair<const char*, QString>>;

    void counter(const char* name, const char* help, quint64 value, const Labels& labels = {});
    void gauge(const char* name, const char* help, double value, const Labels& labels = {});
    /// Durations in seconds, in classic buckets from 1 ms to 60 s.
    void histogram(const char* name, const char* help, const Histogram& values,
                   const Labels& labels = {});

    /// Prometheus text format 0.0.4.
    QByteArray asText() const;
    const std::vector<prometheus::MetricFamily>& families() const { return m_families; }

private:
    prometheus::ClientMetric& add(const char* name, const char* help, prometheus::MetricType type,
                                  const Labels& labels);

    std::vector<prometheus::MetricFamily> m_families;
};

/// [{name, type, help, samples: [{labels, value}]}]; a histogram's sample has count, sum and
/// buckets [{le, count}] instead of value.
QByteArray encodeMetrics(const MetricPage& page);

} // namespace vigie
