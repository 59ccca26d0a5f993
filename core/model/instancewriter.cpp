#include "core/model/instancecodec.h"
#include "core/model/instancefields.h"
#include "core/model/jsonwriter.h"
#include "core/model/volumecodec.h"

namespace vigie {

namespace {

constexpr qsizetype usualBytes = 2048; // of one instance with its metadata

/// Writes one field's value; for each type also tells whether it holds nothing worth a word.
struct ValueWriter {
    JsonWriter& json;
    void operator()(const QString& v) const { v.isEmpty() ? json.null() : json.value(v); }
    void operator()(const QByteArray& v) const { json.raw(v); }
    void operator()(const std::vector<int>& v) const {
        json.beginArray();
        for (const int number : v)
            json.value(number);
        json.endArray();
    }
    void operator()(const auto& v) const { json.value(v); }
};

using CostMember = std::optional<double> Instance::*;

struct IsNothing {
    bool operator()(const QString& v) const { return v.isEmpty(); }
    bool operator()(const QByteArray& v) const { return v.isEmpty(); }
    bool operator()(const std::vector<int>& v) const { return v.empty(); }
    bool operator()(bool) const { return false; }
    bool operator()(int) const { return false; }
    bool operator()(const auto& v) const { return !v; }
};

void write(JsonWriter& json, const Assessment& a) {
    json.beginObject().field("verdict", toString(a.verdict)).field("phi", a.phi);
    json.key("heartbeat_age_ms");
    if (a.heartbeatAge)
        json.value(static_cast<qint64>(
            std::chrono::duration_cast<std::chrono::milliseconds>(*a.heartbeatAge).count()));
    else
        json.null();
    json.key("evidence").beginArray();
    for (const Evidence& e : a.evidence)
        json.beginObject()
            .field("source", e.source)
            .field("says", e.says)
            .field("at", e.at)
            .endObject();
    json.endArray().textOrNull("rule", a.rule).textOrNull("blocked_by", a.blockedBy).endObject();
}

void write(JsonWriter& json, const Held& held) {
    json.beginObject().field("reason", held.reason).field("actor", held.actor);
    json.field("until", held.until).endObject();
}

void writeMembers(JsonWriter& json, const Instance& instance, std::optional<double> totalCost,
                  const std::optional<Assessment>& assessment) {
    json.field("id", instance.id.value());
    json.field("status",
               instance.status == InstanceStatus::Unknown && !instance.statusText.isEmpty()
                   ? instance.statusText
                   : toString(instance.status));
    for (const InstanceField& field : instanceFields()) {
        std::visit(
            [&](const auto member) {
                if (field.partB && IsNothing{}(instance.*member))
                    return;
                json.key(field.name);
                if constexpr (std::is_same_v<decltype(member), const CostMember>) {
                    if (member == &Instance::totalCost) {
                        json.value(totalCost);
                        return;
                    }
                }
                ValueWriter{json}(instance.*member);
            },
            field.member);
    }
    if (assessment) {
        json.key("assessment");
        write(json, *assessment);
    }
    if (instance.held) {
        json.key("held");
        write(json, *instance.held);
    }
}

void writeRows(JsonWriter& json, std::span<const Instance* const> instances) {
    json.beginArray();
    for (const Instance* instance : instances)
        writeInstance(json, *instance);
    json.endArray();
}

JsonWriter writerFor(std::size_t instances) {
    return JsonWriter(256 + static_cast<qsizetype>(instances) * usualBytes);
}

} // namespace

void writeInstance(JsonWriter& writer, const Instance& instance) {
    writeInstance(writer, instance, instance.totalCost, instance.assessment);
}

void writeInstance(JsonWriter& writer, const Instance& stored, std::optional<double> totalCost,
                   const std::optional<Assessment>& assessment) {
    writer.beginObject();
    writeMembers(writer, stored, totalCost, assessment);
    writer.endObject();
}

QByteArray encodeInstance(const Instance& instance) {
    JsonWriter json(usualBytes);
    writeInstance(json, instance);
    return json.take();
}

QByteArray encodeInstances(std::span<const Instance* const> instances) {
    JsonWriter json = writerFor(instances.size());
    writeRows(json, instances);
    return json.take();
}

QByteArray encodeInstanceDetail(const Instance& instance, std::span<const Volume> volumes) {
    JsonWriter json(usualBytes);
    json.beginObject();
    writeMembers(json, instance, instance.totalCost, instance.assessment);
    json.key("storages").raw(encodeVolumes(volumes)).endObject();
    return json.take();
}

QByteArray encodeAssessment(const Assessment& assessment) {
    JsonWriter json;
    write(json, assessment);
    return json.take();
}

QByteArray encodeHeld(const Held& held) {
    JsonWriter json;
    write(json, held);
    return json.take();
}

} // namespace vigie
