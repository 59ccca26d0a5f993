#include "core/worker/worker.h"

#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/http/traceheaders.h"
#include "core/model/errorcodec.h"

#include <algorithm>

namespace vigie {

namespace {

constexpr int defaultTail = 100;
constexpr int maxTail = 1000;

ServerResponse error(int status, const QString& code, const QString& message) {
    return ServerResponse::json(status, encodeError({code, message, {}}));
}

/// Mean of one figure over the GPUs that report it.
std::optional<double> mean(const std::vector<GpuSample>& gpus,
                           std::optional<double> GpuSample::*figure) {
    double sum = 0;
    int count = 0;
    for (const GpuSample& gpu : gpus) {
        if (const auto value = gpu.*figure) {
            sum += *value;
            ++count;
        }
    }
    return count > 0 ? std::optional(sum / count) : std::nullopt;
}

std::optional<double> total(const std::vector<GpuSample>& gpus,
                            std::optional<double> GpuSample::*figure) {
    std::optional<double> sum;
    for (const GpuSample& gpu : gpus)
        if (const auto value = gpu.*figure)
            sum = sum.value_or(0) + *value;
    return sum;
}

} // namespace

Worker::Worker(WorkerParts parts, WorkerOptions options)
    : m_parts(parts), m_options(std::move(options)),
      m_startedAt(parts.clock.now()), m_model{false, QStringLiteral("not looked at yet"), {}},
      m_link(
          parts.clock, parts.client, parts.events, m_options.link,
          [this] { return registration(); }, [this] { return heartbeat(); },
          [this](Duration took) { m_metrics.beatTook(took, m_parts.clock.now()); }) {}

Worker::~Worker() = default;

void Worker::start(quint16 healthPort, quint16 modelPort) {
    m_healthPort = healthPort;
    m_modelPort = modelPort;
    m_parts.events.info(QStringLiteral("started"),
                        QStringLiteral("worker %1 of instance %2 serves on port %3")
                            .arg(m_options.workerId, m_options.instanceId.value())
                            .arg(healthPort));
    m_scope.spawn(watchModel(m_scope.token()));
    m_link.start();
}

void Worker::setBeating(bool beating) {
    if (beating)
        m_link.start();
    else
        m_link.stop();
}

Task<> Worker::watchModel(std::stop_token stop) {
    while (!stop.stop_requested()) {
        ModelState state = co_await m_parts.model.look(stop);
        if (stop.stop_requested())
            co_return;
        if (state.ready && !m_model.ready)
            m_parts.events.info(QStringLiteral("model_ready"),
                                QStringLiteral("the model server serves"));
        else if (!state.ready && state.why != m_model.why)
            m_parts.events.warn(
                QStringLiteral("model_not_ready"),
                QStringLiteral("the model server does not serve: %1").arg(state.why));
        m_model = std::move(state);
        const bool elapsed = co_await sleepFor(m_parts.clock, m_options.modelCheckInterval, stop);
        if (!elapsed)
            co_return;
    }
}

Registration Worker::registration() const {
    Registration r;
    r.instanceId = m_options.instanceId;
    r.workerId = m_options.workerId;
    r.modelId = m_options.modelId;
    if (m_healthPort > 0)
        r.healthPort = m_healthPort;
    if (m_modelPort > 0)
        r.vllmPort = m_modelPort;
    r.ipAddress = m_options.ipAddress;
    return r;
}

Heartbeat Worker::heartbeat() {
    Figures figures = m_parts.sensors.sample();
    Heartbeat h;
    h.instanceId = m_options.instanceId;
    h.workerId = m_options.workerId;
    h.status = m_model.ready ? WorkerStatus::Ready : WorkerStatus::Starting;
    h.modelId = m_options.modelId;
    h.vllm = m_model.queue;
    if (m_model.tokens)
        h.metadataJson = encodeTokenCount(*m_model.tokens);
    if (m_model.queue)
        h.queueDepth = m_model.queue->queueDepth;
    h.gpuUtilization = mean(figures.gpus, &GpuSample::utilizationPct);
    h.gpuMemUsedMb = total(figures.gpus, &GpuSample::memUsedMb);
    h.ipAddress = m_options.ipAddress;
    h.agent = m_options.agent;
    h.gpus = std::move(figures.gpus);
    h.system = std::move(figures.system);
    return h;
}

WorkerInfo Worker::info() const {
    return {m_options.agent,   m_options.workerId, m_options.instanceId,
            m_options.modelId, m_model.ready,      m_parts.events.correlationId()};
}

void Worker::handle(const ServerRequest& request, HttpServer::Respond respond) {
    ++m_httpRequests;
    if (const auto trace = traceOf(request.headers)) {
        // Who samples a trace wants to find it; probes are not sampled.
        log(trace->sampled() ? LogLevel::Info : LogLevel::Debug, QStringLiteral("worker"),
            QStringLiteral("%1 %2").arg(QString::fromLatin1(request.method),
                                        request.path.left(200)),
            {}, QString::fromStdString(trace->traceIdText()));
    }
    if (m_parts.engine && MockEngine::owns(request.path))
        m_parts.engine->handle(request, std::move(respond));
    else
        respond(answer(request));
}

ServerResponse Worker::answer(const ServerRequest& request) {
    const QString& path = request.path;
    static const QStringList paths{QStringLiteral("/healthz"), QStringLiteral("/readyz"),
                                   QStringLiteral("/metrics"), QStringLiteral("/info"),
                                   QStringLiteral("/logs")};
    if (!paths.contains(path))
        return error(404, QStringLiteral("not_found"),
                     QStringLiteral("there is no %1; a worker serves %2")
                         .arg(path.left(200), paths.join(QStringLiteral(", "))));
    if (request.method != "GET" && request.method != "HEAD") {
        ServerResponse refused = error(405, QStringLiteral("method_not_allowed"),
                                       QStringLiteral("%1 takes GET and HEAD only").arg(path));
        refused.headers.emplaceBack("Allow", "GET, HEAD");
        return refused;
    }
    if (path == QLatin1String("/healthz"))
        return ServerResponse::json(200, encodeStatus(QStringLiteral("ok")));
    if (path == QLatin1String("/readyz"))
        return m_model.ready
                   ? ServerResponse::json(200, encodeStatus(QStringLiteral("ready")))
                   : error(503, QStringLiteral("model_not_ready"),
                           QStringLiteral("the model server does not serve: %1").arg(m_model.why));
    if (path == QLatin1String("/info"))
        return ServerResponse::json(200, encodeInfo(info()));
    if (path == QLatin1String("/logs"))
        return logs(request.query);
    return metrics(request.query);
}

ServerResponse Worker::logs(const QUrlQuery& query) const {
    int tail = defaultTail;
    if (query.hasQueryItem(QStringLiteral("tail"))) {
        const QString text = query.queryItemValue(QStringLiteral("tail"));
        bool ok = false;
        tail = text.toInt(&ok);
        if (!ok || tail < 1 || tail > maxTail)
            return error(400, QStringLiteral("invalid_tail"),
                         QStringLiteral("tail is \"%1\"; allowed are 1 to %2")
                             .arg(text.left(40))
                             .arg(maxTail));
    }
    std::optional<WallTime> since;
    if (query.hasQueryItem(QStringLiteral("since"))) {
        const QString text = query.queryItemValue(QStringLiteral("since"), QUrl::FullyDecoded);
        since = fromRfc3339(text);
        if (!since)
            return error(400, QStringLiteral("invalid_since"),
                         QStringLiteral("since is \"%1\"; expected an RFC 3339 time such as "
                                        "2026-11-22T04:23:54Z")
                             .arg(text.left(40)));
    }
    const auto events = m_parts.events.events(static_cast<std::size_t>(tail), since);
    return ServerResponse::json(200, encodeEvents(events, m_parts.events.total(), info()));
}

ServerResponse Worker::metrics(const QUrlQuery& query) {
    const QString format = query.queryItemValue(QStringLiteral("format"));
    if (!format.isEmpty() && format != QLatin1String("text") && format != QLatin1String("json"))
        return error(
            400, QStringLiteral("invalid_format"),
            QStringLiteral("format is \"%1\"; allowed are text and json").arg(format.left(40)));
    WorkerFigures f;
    f.info = info();
    f.figures = m_parts.sensors.sample();
    f.queue = m_model.queue;
    f.beats = m_link.counts();
    f.registered = m_link.registered();
    f.httpRequests = m_httpRequests;
    f.uptime = m_parts.clock.now() - m_startedAt;
    if (const auto accepted = m_link.lastAccepted())
        f.sinceLastBeat = m_parts.clock.now() - *accepted;
    if (m_parts.engine) {
        f.engineRequests = m_parts.engine->requests();
        f.engineFailures = m_parts.engine->failures();
    }
    if (format == QLatin1String("json"))
        return ServerResponse::json(200, m_metrics.json(f, m_parts.clock.now()));
    ServerResponse page = ServerResponse::text(200, m_metrics.text(f));
    page.contentType = MetricRegistry::contentType;
    return page;
}

} // namespace vigie
