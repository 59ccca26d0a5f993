#include "core/orchestrator/api/latencycodec.h"

#include "core/model/jsonwriter.h"

namespace vigie {

namespace {

double asMs(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

} // namespace

QByteArray encodeLatencies(const std::map<QString, Histogram>& all, Duration window, WallTime now) {
    JsonWriter json(4096);
    json.beginObject();
    json.field("window_s", std::chrono::duration<double>(window).count());
    json.field("generated_at", now).key("latencies").beginArray();
    for (const auto& [name, histogram] : all) {
        json.beginObject().field("name", name);
        json.field("count", static_cast<qint64>(histogram.count()));
        json.field("sum_ms", asMs(histogram.sum()));
        json.field("min_ms", asMs(histogram.min())).field("max_ms", asMs(histogram.max()));
        json.field("overflow", static_cast<qint64>(histogram.overflow()));
        json.key("buckets").beginArray();
        for (const Histogram::Bucket& bucket : histogram.buckets()) {
            json.beginObject().field("gt_ms", asMs(bucket.lower));
            json.field("le_ms", asMs(bucket.upper));
            json.field("count", static_cast<qint64>(bucket.count)).endObject();
        }
        json.endArray().endObject();
    }
    return json.endArray().endObject().take();
}

} // namespace vigie
