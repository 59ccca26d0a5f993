#include "core/model/heartbeatcodec.h"

#include "core/model/heartbeatfields.h"
#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"

namespace vigie {

namespace {

Failure refused(const QString& what, const QString& why) {
    Failure failure{FailureKind::Invalid, {}, 0, {}, {}, {}};
    failure.code = QStringLiteral("invalid_request");
    failure.message = QStringLiteral("%1 was refused: %2.").arg(what, why);
    return failure;
}

QString requiredText(const char* field) {
    return QStringLiteral("it has no %1, or one that is no text").arg(QLatin1String(field));
}

constexpr int maxQueue = 1'000'000'000;
constexpr double maxMemoryMb = 1e9;

/// What can't be is not told: a wrong figure must not look like a measured one.
template <typename T>
std::optional<T> within(std::optional<T> figure, T least, T most) {
    return figure && *figure >= least && *figure <= most ? figure : std::nullopt;
}

std::vector<GpuSample> readGpus(const JsonNode& list, std::size_t atMost) {
    std::vector<GpuSample> gpus;
    for (const JsonNode& row : list.items()) {
        if (!row.isObject() || gpus.size() == atMost)
            continue;
        GpuSample gpu;
        gpu.index = row["index"].smallInteger().value_or(static_cast<int>(gpus.size()));
        for (const auto& [name, member] : gpuFields)
            gpu.*member = row[name].number();
        gpus.push_back(gpu);
    }
    return gpus;
}

std::optional<SystemSample> readSystem(const JsonNode& node) {
    if (!node.isObject())
        return std::nullopt;
    SystemSample sample;
    sample.diskPath = node["disk_path"].text();
    for (const SystemField& field : systemFields) {
        const JsonNode value = node[field.name];
        if (const auto* real = std::get_if<std::optional<double> SystemSample::*>(&field.member))
            sample.** real = value.number();
        else
            sample.*std::get<std::optional<qint64> SystemSample::*>(field.member) = value.integer();
    }
    return sample;
}

std::optional<QueueSample> readQueue(const JsonNode& node) {
    if (!node.isObject())
        return std::nullopt;
    QueueSample sample;
    for (const auto& [name, member] : queueFields)
        sample.*member = node[name].smallInteger();
    return sample;
}

void writeGpus(JsonWriter& json, const std::vector<GpuSample>& gpus) {
    json.key("gpus").beginArray();
    for (const GpuSample& gpu : gpus) {
        json.beginObject().field("index", gpu.index);
        for (const auto& [name, member] : gpuFields)
            json.field(name, gpu.*member);
        json.endObject();
    }
    json.endArray();
}

void writeMetadata(JsonWriter& json, const Heartbeat& beat) {
    json.key("metadata").beginObject();
    if (!beat.gpus.empty())
        writeGpus(json, beat.gpus);
    if (beat.system) {
        json.key("system").beginObject().textIfAny("disk_path", beat.system->diskPath);
        for (const SystemField& field : systemFields)
            std::visit([&](auto member) { json.fieldIfAny(field.name, (*beat.system).*member); },
                       field.member);
        json.endObject();
    }
    if (beat.vllm) {
        json.key("vllm").beginObject();
        for (const auto& [name, member] : queueFields)
            json.fieldIfAny(name, (*beat.vllm).*member);
        json.endObject();
    }
    if (!beat.metadataJson.isEmpty()) {
        const auto extra = JsonNode::parse(beat.metadataJson, QStringLiteral("The metadata"));
        for (const auto& [name, value] : extra.value_or(JsonNode()).members()) {
            if (name != u"gpus" && name != u"system" && name != u"vllm")
                json.keyText(name).raw(value.compact());
        }
    }
    json.endObject();
}

/// What register and heartbeat share: the object, its instance_id and its metadata, checked.
struct Opened {
    JsonNode root;
    InstanceId instanceId;
    QString workerId;
    QByteArray metadata;
};

Outcome<Opened> open(const QByteArray& body, const QString& what, const HeartbeatLimits& limits) {
    const auto root = JsonNode::parse(body, what, limits.bodyBytes);
    if (!root) {
        Failure failure = root.error();
        if (failure.kind == FailureKind::Malformed)
            failure.kind = FailureKind::Invalid; // it is a request: the sender's mistake, 400
        failure.code = QStringLiteral("invalid_request");
        return fail(std::move(failure));
    }
    if (!root->isObject())
        return fail(refused(what, QStringLiteral("a JSON object was expected")));
    Opened opened{*root, InstanceId((*root)["instance_id"].text()), (*root)["worker_id"].text(),
                  (*root)["metadata"].compactObject()};
    if (opened.instanceId.isEmpty())
        return fail(refused(what, requiredText("instance_id")));
    for (const QString& id : {opened.instanceId.value(), opened.workerId}) {
        if (id.size() > limits.idLength)
            return fail(refused(what, QStringLiteral("an id has %1 letters; at most %2 are taken")
                                          .arg(id.size())
                                          .arg(limits.idLength)));
    }
    if (opened.metadata.size() > limits.metadataBytes)
        return fail(refused(what, QStringLiteral("its metadata has %1 bytes; at most %2 are taken")
                                      .arg(opened.metadata.size())
                                      .arg(limits.metadataBytes)));
    return opened;
}

} // namespace

Outcome<Heartbeat> decodeHeartbeat(const QByteArray& body, const HeartbeatLimits& limits) {
    auto opened = open(body, QStringLiteral("The heartbeat"), limits);
    if (!opened)
        return fail(opened.error());
    const JsonNode& root = opened->root;
    const JsonNode agent = root["agent_info"];
    const JsonNode metadata = root["metadata"];
    Heartbeat beat;
    beat.instanceId = opened->instanceId;
    beat.workerId = opened->workerId;
    beat.status = workerStatusFromString(root["status"].text());
    beat.modelId = root["model_id"].text();
    beat.queueDepth = within(root["queue_depth"].smallInteger(), 0, maxQueue);
    beat.gpuUtilization = within(root["gpu_utilization"].number(), 0.0, 100.0);
    beat.gpuMemUsedMb = within(root["gpu_mem_used_mb"].number(), 0.0, maxMemoryMb);
    beat.ipAddress = root["ip_address"].text();
    beat.agent = {agent["version"].text(), agent["build_date"].text(), agent["checksum"].text()};
    beat.gpus = readGpus(metadata["gpus"], static_cast<std::size_t>(limits.gpus));
    beat.system = readSystem(metadata["system"]);
    beat.vllm = readQueue(metadata["vllm"]);
    beat.metadataJson = opened->metadata;
    return beat;
}

QByteArray encodeHeartbeat(const Heartbeat& beat) {
    JsonWriter json(1536);
    json.beginObject()
        .field("instance_id", beat.instanceId.value())
        .field("worker_id", beat.workerId)
        .field("status", toString(beat.status))
        .textOrNull("model_id", beat.modelId)
        .field("queue_depth", beat.queueDepth)
        .field("gpu_utilization", beat.gpuUtilization)
        .field("gpu_mem_used_mb", beat.gpuMemUsedMb)
        .textOrNull("ip_address", beat.ipAddress);
    json.key("agent_info")
        .beginObject()
        .textOrNull("version", beat.agent.version)
        .textOrNull("build_date", beat.agent.buildDate)
        .textOrNull("checksum", beat.agent.checksum)
        .endObject();
    writeMetadata(json, beat);
    return json.endObject().take();
}

Outcome<Registration> decodeRegistration(const QByteArray& body, const HeartbeatLimits& limits) {
    auto opened = open(body, QStringLiteral("The registration"), limits);
    if (!opened)
        return fail(opened.error());
    const auto port = [&](std::string_view name) {
        const auto number = opened->root[name].smallInteger();
        return number && *number > 0 && *number < 65536 ? number : std::nullopt;
    };
    return Registration{opened->instanceId, opened->workerId,    opened->root["model_id"].text(),
                        port("vllm_port"),  port("health_port"), opened->root["ip_address"].text(),
                        opened->metadata};
}

QByteArray encodeRegistration(const Registration& registration) {
    return JsonWriter()
        .beginObject()
        .field("instance_id", registration.instanceId.value())
        .field("worker_id", registration.workerId)
        .textOrNull("model_id", registration.modelId)
        .field("vllm_port", registration.vllmPort)
        .field("health_port", registration.healthPort)
        .textOrNull("ip_address", registration.ipAddress)
        .key("metadata")
        .raw(registration.metadataJson)
        .endObject()
        .take();
}

QByteArray encodeRegistrationAnswer(const RegistrationAnswer& answer) {
    return JsonWriter()
        .beginObject()
        .field("status", answer.status)
        .textIfAny("bootstrap_token", answer.bootstrapToken)
        .textIfAny("bootstrap_token_prefix", answer.bootstrapTokenPrefix)
        .endObject()
        .take();
}

Outcome<RegistrationAnswer> decodeRegistrationAnswer(const QByteArray& body) {
    const QString what = QStringLiteral("The answer to the registration");
    const auto root = JsonNode::parse(body, what);
    if (!root)
        return fail(root.error());
    if (!root->isObject())
        return fail(malformed(what, body, QStringLiteral("an object was expected")));
    return RegistrationAnswer{(*root)["status"].text(), (*root)["bootstrap_token"].text(),
                              (*root)["bootstrap_token_prefix"].text()};
}

WorkerFigures decodeWorkerFigures(const QByteArray& metadataJson) {
    const auto root = JsonNode::parse(metadataJson, QStringLiteral("The metadata"));
    if (!root)
        return {};
    return {readGpus((*root)["gpus"], HeartbeatLimits().gpus), readSystem((*root)["system"]),
            readQueue((*root)["vllm"])};
}

} // namespace vigie
