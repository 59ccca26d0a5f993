#include "core/worker/workermetrics.h"

#include "core/base/timeformat.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace vigie {

namespace {

using Labels = std::vector<prometheus::ClientMetric::Label>;

/// Gathers families; a page is made for each scrape, so that nothing is kept up to date for nobody.
class Page {
public:
    void gauge(const char* name, const char* help, std::optional<double> value,
               Labels labels = {}) {
        add(name, help, prometheus::MetricType::Gauge, value, std::move(labels));
    }
    void counter(const char* name, const char* help, std::optional<double> value,
                 Labels labels = {}) {
        add(name, help, prometheus::MetricType::Counter, value, std::move(labels));
    }
    QByteArray text() const {
        return QByteArray::fromStdString(prometheus::TextSerializer().Serialize(m_families));
    }

private:
    void add(const char* name, const char* help, prometheus::MetricType type,
             std::optional<double> value, Labels labels) {
        if (!value)
            return;
        const std::string full = std::string("inventiv_worker_") + name;
        if (m_families.empty() || m_families.back().name != full)
            m_families.push_back({full, help, type, {}});
        prometheus::ClientMetric metric;
        metric.label = std::move(labels);
        (type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) =
            *value;
        m_families.back().metric.push_back(std::move(metric));
    }

    std::vector<prometheus::MetricFamily> m_families;
};

template <typename T>
std::optional<double> real(const std::optional<T>& value) {
    return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
}

void addSystem(Page& page, const SystemSample& s) {
    page.gauge("cpu_usage_percent", "Busy share of all cores, 0 to 100.", s.cpuUsagePct);
    page.gauge("load1", "Load average over one minute.", s.load1);
    page.gauge("load5", "Load average over five minutes.", s.load5);
    page.gauge("load15", "Load average over fifteen minutes.", s.load15);
    page.gauge("memory_total_bytes", "Memory of the machine.", real(s.memTotalBytes));
    page.gauge("memory_available_bytes", "Memory that can be had without swapping.",
               real(s.memAvailableBytes));
    page.gauge("disk_total_bytes", "Size of the watched file system.", real(s.diskTotalBytes));
    page.gauge("disk_used_bytes", "Used part of the watched file system.", real(s.diskUsedBytes));
    page.gauge("disk_free_bytes", "What can still be written there.", real(s.diskFreeBytes));
    page.gauge("network_receive_bytes_per_second", "Received, without loopback.", s.netRxBps);
    page.gauge("network_transmit_bytes_per_second", "Sent, without loopback.", s.netTxBps);
    page.counter("network_receive_bytes_total", "Received since boot, without loopback.",
                 real(s.netRxBytesTotal));
    page.counter("network_transmit_bytes_total", "Sent since boot, without loopback.",
                 real(s.netTxBytesTotal));
}

void addGpus(Page& page, const std::vector<GpuSample>& gpus) {
    struct Column {
        const char* name;
        const char* help;
        std::optional<double> GpuSample::*figure;
    };
    static constexpr Column columns[] = {
        {"gpu_utilization_percent", "Busy share of a GPU, 0 to 100.", &GpuSample::utilizationPct},
        {"gpu_memory_used_mb", "Used memory of a GPU in MiB.", &GpuSample::memUsedMb},
        {"gpu_memory_total_mb", "Memory of a GPU in MiB.", &GpuSample::memTotalMb},
        {"gpu_temperature_celsius", "Temperature of a GPU.", &GpuSample::tempC},
        {"gpu_power_watts", "Power that a GPU draws.", &GpuSample::powerW},
        {"gpu_power_limit_watts", "Power that a GPU may draw.", &GpuSample::powerLimitW},
    };
    page.gauge("gpu_count", "GPUs that report.", static_cast<double>(gpus.size()));
    for (const Column& column : columns)
        for (const GpuSample& gpu : gpus)
            page.gauge(column.name, column.help, gpu.*(column.figure),
                       {{"gpu", std::to_string(gpu.index)}});
}

} // namespace

QByteArray workerMetrics(const MetricsPage& f) {
    Page page;
    page.gauge("info", "Who this worker is; always 1.", 1,
               {{"instance_id", f.info.instanceId.value().toStdString()},
                {"worker_id", f.info.workerId.toStdString()},
                {"model_id", f.info.modelId.toStdString()},
                {"version", f.info.agent.version.toStdString()}});
    page.gauge("uptime_seconds", "Since the agent started.", toSeconds(f.uptime));
    page.gauge("model_ready", "1 while the model server serves.", f.info.modelReady ? 1 : 0);
    page.gauge("registered", "1 while the control plane knows this worker.", f.registered ? 1 : 0);
    page.counter("registrations_total", "Registrations by result.",
                 static_cast<double>(f.beats.registrations), {{"result", "accepted"}});
    page.counter("registrations_total", "Registrations by result.",
                 static_cast<double>(f.beats.failedRegistrations), {{"result", "failed"}});
    page.counter("heartbeats_total", "Heartbeats by result.", static_cast<double>(f.beats.accepted),
                 {{"result", "accepted"}});
    page.counter("heartbeats_total", "Heartbeats by result.", static_cast<double>(f.beats.failed),
                 {{"result", "failed"}});
    page.gauge("last_heartbeat_age_seconds", "Since a heartbeat was last accepted.",
               f.sinceLastBeat ? std::optional(toSeconds(*f.sinceLastBeat)) : std::nullopt);
    page.counter("http_requests_total", "HTTP requests answered by this worker.",
                 static_cast<double>(f.httpRequests));
    if (f.queue) {
        page.gauge("requests_running", "Model requests being worked on.",
                   real(f.queue->requestsRunning));
        page.gauge("requests_waiting", "Model requests waiting.", real(f.queue->requestsWaiting));
        page.gauge("queue_depth", "Model requests running or waiting.", real(f.queue->queueDepth));
    }
    page.counter("engine_requests_total", "Completions asked of the mock engine.",
                 real(f.engineRequests));
    page.counter("engine_failures_total", "Completions that the mock engine failed by plan.",
                 real(f.engineFailures));
    addSystem(page, f.figures.system);
    addGpus(page, f.figures.gpus);
    return page.text();
}

} // namespace vigie
