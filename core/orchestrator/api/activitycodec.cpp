#include "core/orchestrator/api/activitycodec.h"

#include "core/model/jsonwriter.h"

#include <functional>
#include <map>

namespace vigie {

namespace {

template <std::size_t N>
void writeSample(JsonWriter& json, WallTime at, const std::array<const char*, N>& names,
                 const std::array<float, N>& figures) {
    json.beginObject().field("ts", at);
    for (std::size_t i = 0; i < N; ++i)
        json.field(names[i], toldFigure(figures[i]));
    json.endObject();
}

QByteArray encode(const std::vector<InstanceActivity>& all, int windowSeconds, WallTime now,
                  const std::function<void(JsonWriter&, const InstanceActivity&)>& writeRest) {
    JsonWriter json(4096);
    json.beginObject().field("window_s", windowSeconds).field("generated_at", now);
    json.key("instances").beginArray();
    for (const InstanceActivity& one : all) {
        json.beginObject()
            .field("instance_id", one.instance.id.value())
            .textOrNull("instance_name", one.instance.providerInstanceId)
            .textOrNull("provider_name", one.instance.providerName);
        writeRest(json, one);
        json.endObject();
    }
    return json.endArray().endObject().take();
}

void writeGpus(JsonWriter& json, const InstanceActivity& one) {
    std::map<int, std::vector<std::pair<WallTime, const GpuActivity*>>> series;
    for (const ActivitySample& sample : one.samples) {
        for (const GpuActivity& gpu : sample.gpus)
            series[gpu.index].emplace_back(sample.at, &gpu);
    }
    json.field("gpu_count", one.instance.gpuCount).key("gpus").beginArray();
    for (const auto& [index, samples] : series) {
        json.beginObject().field("gpu_index", index).key("samples").beginArray();
        for (const auto& [at, gpu] : samples)
            writeSample(json, at, gpuFigureNames, gpu->figures);
        json.endArray().endObject();
    }
    json.endArray();
}

void writeSystem(JsonWriter& json, const InstanceActivity& one) {
    json.key("samples").beginArray();
    for (const ActivitySample& sample : one.samples) {
        if (sample.system)
            writeSample(json, sample.at, systemFigureNames, *sample.system);
    }
    json.endArray();
}

} // namespace

QByteArray encodeGpuActivity(const std::vector<InstanceActivity>& all, int windowSeconds,
                             WallTime now) {
    return encode(all, windowSeconds, now, writeGpus);
}

QByteArray encodeSystemActivity(const std::vector<InstanceActivity>& all, int windowSeconds,
                                WallTime now) {
    return encode(all, windowSeconds, now, writeSystem);
}

} // namespace vigie
