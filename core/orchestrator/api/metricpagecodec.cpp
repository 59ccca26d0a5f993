#include "core/model/jsonwriter.h"
#include "core/orchestrator/api/metricpage.h"

#include <cmath>

namespace vigie {

namespace {

QString typeOf(prometheus::MetricType type) {
    switch (type) {
    case prometheus::MetricType::Counter:
        return QStringLiteral("counter");
    case prometheus::MetricType::Histogram:
        return QStringLiteral("histogram");
    default:
        return QStringLiteral("gauge");
    }
}

void writeSample(JsonWriter& json, prometheus::MetricType type,
                 const prometheus::ClientMetric& metric) {
    json.beginObject().key("labels").beginObject();
    for (const auto& label : metric.label)
        json.field(label.name, QString::fromStdString(label.value));
    json.endObject();
    if (type != prometheus::MetricType::Histogram) {
        json.field("value", type == prometheus::MetricType::Counter ? metric.counter.value
                                                                    : metric.gauge.value);
        json.endObject();
        return;
    }
    json.field("count", static_cast<qint64>(metric.histogram.sample_count));
    json.field("sum", metric.histogram.sample_sum);
    json.key("buckets").beginArray();
    for (const auto& bucket : metric.histogram.bucket) {
        json.beginObject();
        if (std::isinf(bucket.upper_bound))
            json.field("le", QStringLiteral("+Inf"));
        else
            json.field("le", bucket.upper_bound);
        json.field("count", static_cast<qint64>(bucket.cumulative_count)).endObject();
    }
    json.endArray().endObject();
}

} // namespace

QByteArray encodeMetrics(const MetricPage& page) {
    JsonWriter json(16384);
    json.beginArray();
    for (const prometheus::MetricFamily& family : page.families()) {
        json.beginObject();
        json.field("name", QString::fromStdString(family.name));
        json.field("type", typeOf(family.type));
        json.field("help", QString::fromStdString(family.help));
        json.key("samples").beginArray();
        for (const prometheus::ClientMetric& metric : family.metric)
            writeSample(json, family.type, metric);
        json.endArray().endObject();
    }
    return json.endArray().take();
}

} // namespace vigie
