#include "core/worker/workermetrics.h"

#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/telemetry/metricscodec.h"

namespace vigie {

namespace {

const std::string prefix = "inventiv_worker_";

MetricLimits metricLimits() {
    MetricLimits made;
    made.overflowMetric = prefix + "metrics_overflow_total";
    made.onFull = [most = made.maxSeries](const std::string& family) {
        logWarning(QStringLiteral("metrics"), QStringLiteral("%1 has %2 series; further ones are "
                                                             "not shown")
                                                  .arg(QString::fromStdString(family))
                                                  .arg(most));
    };
    return made;
}

template <typename T>
std::optional<double> real(const std::optional<T>& value) {
    return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
}

} // namespace

WorkerMetrics::WorkerMetrics()
    : m_registry(metricLimits()),
      m_beats(m_registry.histograms(prefix + "heartbeat_duration_seconds",
                                    "From a heartbeat to its answer, whatever that was.")) {}

void WorkerMetrics::beatTook(Duration duration, MonotonicTime now) {
    m_beats.observe({}, duration, now);
}

QByteArray WorkerMetrics::text(const WorkerFigures& figures) {
    refresh(figures);
    return QByteArray::fromStdString(m_registry.serialize());
}

QByteArray WorkerMetrics::json(const WorkerFigures& figures, MonotonicTime now) {
    refresh(figures);
    return QByteArray::fromStdString(encodeMetrics(m_registry.read(now)));
}

void WorkerMetrics::gauge(const char* name, const char* help, std::optional<double> value) {
    auto& set = m_registry.gauges(prefix + name, help);
    if (value)
        set.set(*value);
    else
        set.replace({});
}

void WorkerMetrics::counter(const char* name, const char* help, std::optional<double> value,
                            const MetricLabels& labels) {
    if (value)
        m_registry.counters(prefix + name, help).raiseTo(labels, *value);
}

void WorkerMetrics::refresh(const WorkerFigures& figures) {
    tellWorker(figures);
    tellSystem(figures.figures.system);
    tellGpus(figures.figures.gpus);
}

void WorkerMetrics::tellWorker(const WorkerFigures& f) {
    m_registry.gauges(prefix + "info", "Who this worker is; always 1.")
        .replace({{{{"instance_id", f.info.instanceId.value().toStdString()},
                    {"worker_id", f.info.workerId.toStdString()},
                    {"model_id", f.info.modelId.toStdString()},
                    {"version", f.info.agent.version.toStdString()}},
                   1}});
    gauge("uptime_seconds", "Since the agent started.", toSeconds(f.uptime));
    gauge("model_ready", "1 while the model server serves.", f.info.modelReady ? 1 : 0);
    gauge("registered", "1 while the control plane knows this worker.", f.registered ? 1 : 0);
    counter("registrations_total", "Registrations by result.",
            static_cast<double>(f.beats.registrations), {{"result", "accepted"}});
    counter("registrations_total", "Registrations by result.",
            static_cast<double>(f.beats.failedRegistrations), {{"result", "failed"}});
    counter("heartbeats_total", "Heartbeats by result.", static_cast<double>(f.beats.accepted),
            {{"result", "accepted"}});
    counter("heartbeats_total", "Heartbeats by result.", static_cast<double>(f.beats.failed),
            {{"result", "failed"}});
    gauge("last_heartbeat_age_seconds", "Since a heartbeat was last accepted.",
          f.sinceLastBeat ? std::optional(toSeconds(*f.sinceLastBeat)) : std::nullopt);
    counter("http_requests_total", "HTTP requests answered by this worker.",
            static_cast<double>(f.httpRequests));
    const QueueSample queue = f.queue.value_or(QueueSample());
    gauge("requests_running", "Model requests being worked on.", real(queue.requestsRunning));
    gauge("requests_waiting", "Model requests waiting.", real(queue.requestsWaiting));
    gauge("queue_depth", "Model requests running or waiting.", real(queue.queueDepth));
    counter("engine_requests_total", "Completions asked of the mock engine.",
            real(f.engineRequests));
    counter("engine_failures_total", "Completions that the mock engine failed by plan.",
            real(f.engineFailures));
}

void WorkerMetrics::tellSystem(const SystemSample& s) {
    gauge("cpu_usage_percent", "Busy share of all cores, 0 to 100.", s.cpuUsagePct);
    gauge("load1", "Load average over one minute.", s.load1);
    gauge("load5", "Load average over five minutes.", s.load5);
    gauge("load15", "Load average over fifteen minutes.", s.load15);
    gauge("memory_total_bytes", "Memory of the machine.", real(s.memTotalBytes));
    gauge("memory_available_bytes", "Memory that can be had without swapping.",
          real(s.memAvailableBytes));
    gauge("disk_total_bytes", "Size of the watched file system.", real(s.diskTotalBytes));
    gauge("disk_used_bytes", "Used part of the watched file system.", real(s.diskUsedBytes));
    gauge("disk_free_bytes", "What can still be written there.", real(s.diskFreeBytes));
    gauge("network_receive_bytes_per_second", "Received, without loopback.", s.netRxBps);
    gauge("network_transmit_bytes_per_second", "Sent, without loopback.", s.netTxBps);
    counter("network_receive_bytes_total", "Received since boot, without loopback.",
            real(s.netRxBytesTotal));
    counter("network_transmit_bytes_total", "Sent since boot, without loopback.",
            real(s.netTxBytesTotal));
}

void WorkerMetrics::tellGpus(const std::vector<GpuSample>& gpus) {
    struct Column {
        const char* name;
        const char* help;
        std::optional<double> GpuSample::*figure;
        double unit = 1;
    };
    constexpr double mebibyte = 1024 * 1024;
    static constexpr Column columns[] = {
        {"gpu_utilization_percent", "Busy share of a GPU, 0 to 100.", &GpuSample::utilizationPct},
        {"gpu_memory_used_bytes", "Used memory of a GPU.", &GpuSample::memUsedMb, mebibyte},
        {"gpu_memory_total_bytes", "Memory of a GPU.", &GpuSample::memTotalMb, mebibyte},
        {"gpu_temperature_celsius", "Temperature of a GPU.", &GpuSample::tempC},
        {"gpu_power_watts", "Power that a GPU draws.", &GpuSample::powerW},
        {"gpu_power_limit_watts", "Power that a GPU may draw.", &GpuSample::powerLimitW},
    };
    gauge("gpus", "GPUs that report.", static_cast<double>(gpus.size()));
    for (const Column& column : columns) {
        std::vector<std::pair<MetricLabels, double>> all;
        for (const GpuSample& gpu : gpus) {
            if (const auto value = gpu.*(column.figure))
                all.push_back({{{"gpu", std::to_string(gpu.index)}}, *value * column.unit});
        }
        m_registry.gauges(prefix + column.name, column.help).replace(all);
    }
}

} // namespace vigie
