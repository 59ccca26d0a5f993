#include "core/worker/agentcodec.h"

#include "core/base/timeformat.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QJsonParseError>

namespace vigie {

namespace {

QByteArray compact(const QJsonObject& object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

template <typename T>
void put(QJsonObject& object, const char* key, const std::optional<T>& value) {
    if (value)
        object.insert(QLatin1String(key), QJsonValue(*value));
}

void put(QJsonObject& object, const char* key, const QString& value) {
    if (!value.isEmpty())
        object.insert(QLatin1String(key), value);
}

QJsonObject toJson(const GpuSample& gpu) {
    QJsonObject out{{QStringLiteral("index"), gpu.index}};
    put(out, "gpu_utilization", gpu.utilizationPct);
    put(out, "gpu_mem_used_mb", gpu.memUsedMb);
    put(out, "gpu_mem_total_mb", gpu.memTotalMb);
    put(out, "gpu_temp_c", gpu.tempC);
    put(out, "gpu_power_w", gpu.powerW);
    put(out, "gpu_power_limit_w", gpu.powerLimitW);
    return out;
}

QJsonObject toJson(const SystemSample& s) {
    QJsonObject out;
    put(out, "cpu_usage_pct", s.cpuUsagePct);
    put(out, "load1", s.load1);
    put(out, "load5", s.load5);
    put(out, "load15", s.load15);
    put(out, "mem_total_bytes", s.memTotalBytes);
    put(out, "mem_available_bytes", s.memAvailableBytes);
    put(out, "mem_used_bytes", s.memUsedBytes);
    put(out, "mem_used_pct", s.memUsedPct);
    put(out, "disk_path", s.diskPath);
    put(out, "disk_total_bytes", s.diskTotalBytes);
    put(out, "disk_used_bytes", s.diskUsedBytes);
    put(out, "disk_free_bytes", s.diskFreeBytes);
    put(out, "disk_used_pct", s.diskUsedPct);
    put(out, "net_rx_bps", s.netRxBps);
    put(out, "net_tx_bps", s.netTxBps);
    put(out, "net_rx_bytes_total", s.netRxBytesTotal);
    put(out, "net_tx_bytes_total", s.netTxBytesTotal);
    return out;
}

QJsonObject toJson(const QueueSample& q) {
    QJsonObject out;
    put(out, "requests_waiting", q.requestsWaiting);
    put(out, "requests_running", q.requestsRunning);
    put(out, "queue_depth", q.queueDepth);
    return out;
}

/// The agent's own metadata over whatever object was given.
QJsonObject metadata(const QByteArray& given) {
    return QJsonDocument::fromJson(given).object();
}

} // namespace

QByteArray encodeRegistration(const Registration& r) {
    QJsonObject out{{QStringLiteral("instance_id"), r.instanceId.value()},
                    {QStringLiteral("worker_id"), r.workerId},
                    {QStringLiteral("metadata"), metadata(r.metadataJson)}};
    put(out, "model_id", r.modelId);
    put(out, "vllm_port", r.vllmPort);
    put(out, "health_port", r.healthPort);
    put(out, "ip_address", r.ipAddress);
    return compact(out);
}

QByteArray encodeHeartbeat(const Heartbeat& h) {
    QJsonObject details = metadata(h.metadataJson);
    QJsonArray gpus;
    for (const GpuSample& gpu : h.gpus)
        gpus.append(toJson(gpu));
    details.insert(QStringLiteral("gpus"), gpus);
    if (h.system)
        details.insert(QStringLiteral("system"), toJson(*h.system));
    if (h.vllm)
        details.insert(QStringLiteral("vllm"), toJson(*h.vllm));

    QJsonObject out{
        {QStringLiteral("instance_id"), h.instanceId.value()},
        {QStringLiteral("worker_id"), h.workerId},
        {QStringLiteral("status"), toString(h.status)},
        {QStringLiteral("agent_info"),
         QJsonObject{{QStringLiteral("version"), h.agent.version},
                     {QStringLiteral("build_date"), h.agent.buildDate},
                     {QStringLiteral("checksum"), h.agent.checksum}}},
        {QStringLiteral("metadata"), details},
    };
    put(out, "model_id", h.modelId);
    put(out, "queue_depth", h.queueDepth);
    put(out, "gpu_utilization", h.gpuUtilization);
    put(out, "gpu_mem_used_mb", h.gpuMemUsedMb);
    put(out, "ip_address", h.ipAddress);
    return compact(out);
}

Outcome<RegisterReply> decodeRegisterReply(const QByteArray& body) {
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(body, &error);
    if (!document.isObject())
        return fail(FailureKind::Malformed,
                    QStringLiteral("the answer to the registration is not a JSON object (%1)")
                        .arg(error.errorString()));
    const QJsonValue token = document.object().value(QLatin1String("bootstrap_token"));
    if (!token.isUndefined() && !token.isNull() && !token.isString())
        return fail(FailureKind::Malformed,
                    QStringLiteral("the answer to the registration has a bootstrap_token that is "
                                   "not a string"));
    return RegisterReply{document.object().value(QLatin1String("status")).toString(),
                         token.toString()};
}

QByteArray encodeInfo(const WorkerInfo& info) {
    return compact({{QStringLiteral("agent_version"), info.agent.version},
                    {QStringLiteral("agent_build_date"), info.agent.buildDate},
                    {QStringLiteral("agent_checksum"), info.agent.checksum},
                    {QStringLiteral("worker_id"), info.workerId},
                    {QStringLiteral("instance_id"), info.instanceId.value()},
                    {QStringLiteral("model_id"), info.modelId},
                    {QStringLiteral("vllm_ready"), info.modelReady}});
}

QByteArray encodeEvents(const std::vector<WorkerEvent>& events, quint64 total,
                        const WorkerInfo& info) {
    QJsonArray rows;
    for (const WorkerEvent& event : events)
        rows.append(QJsonObject{{QStringLiteral("timestamp"), toRfc3339(event.at)},
                                {QStringLiteral("event_type"), event.type},
                                {QStringLiteral("message"), event.message},
                                {QStringLiteral("worker_id"), info.workerId},
                                {QStringLiteral("instance_id"), info.instanceId.value()},
                                {QStringLiteral("details"), QJsonObject()}});
    return compact({{QStringLiteral("log_file"), QJsonValue::Null},
                    {QStringLiteral("total_events"), static_cast<qint64>(total)},
                    {QStringLiteral("events"), rows}});
}

QByteArray encodeStatus(const QString& word, const QString& message) {
    QJsonObject out{{QStringLiteral("status"), word}};
    put(out, "message", message);
    return compact(out);
}

QByteArray encodeError(const QString& code, const QString& message) {
    return compact({{QStringLiteral("error"), code}, {QStringLiteral("message"), message}});
}

bool isModelList(const QByteArray& body) {
    return QJsonDocument::fromJson(body).object().value(QLatin1String("data")).isArray();
}

} // namespace vigie
