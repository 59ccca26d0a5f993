#include "core/worker/workerservice.h"

#include "core/base/timeformat.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QHostAddress>

namespace vigie {

namespace {

HttpServerOptions serverOptions(const WorkerServiceOptions& options) {
    HttpServerOptions server;
    server.serverName = "vigie-worker";
    // A real machine is probed under whatever address or name its provider gave it.
    if (!QHostAddress(options.listenAddress).isLoopback())
        server.allowedHosts = {QStringLiteral("*")};
    return server;
}

} // namespace

AgentInfo agentInfo(const QString& path) {
    AgentInfo info{QStringLiteral(VIGIE_VERSION), {}, {}};
    QFile file(path);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (file.open(QIODevice::ReadOnly) && hash.addData(&file))
        info.checksum = QString::fromLatin1(hash.result().toHex());
    const QDateTime built = QFileInfo(path).lastModified();
    if (built.isValid())
        info.buildDate = toRfc3339(WallTime(std::chrono::milliseconds(built.toMSecsSinceEpoch())));
    return info;
}

WorkerService::WorkerService(Clock& clock, WorkerServiceOptions options)
    : m_clock(clock), m_options(std::move(options)),
      m_events(clock, 1000, false, m_options.correlationId), m_client(clock),
      m_sensors(clock, m_options.sensors),
      m_server(serverOptions(m_options),
               [this](const ServerRequest& request, HttpServer::Respond respond) {
                   m_worker->handle(request, std::move(respond));
               }) {
    if (m_options.mockEngine) {
        m_engine.emplace(clock, m_options.worker.modelId, m_options.faults);
        m_model = std::make_unique<MockModelCheck>(*m_engine);
    } else {
        // The rest of a check's interval is left to breathe.
        const Duration deadline =
            std::min<Duration>(m_options.worker.modelCheckInterval, std::chrono::seconds(2));
        m_model = std::make_unique<HttpModelCheck>(clock, m_client, m_options.modelUrl, deadline);
    }
    WorkerParts parts{clock,    m_client, m_sensors,
                      *m_model, m_events, m_engine ? &*m_engine : nullptr};
    m_worker = std::make_unique<Worker>(parts, m_options.worker);
}

WorkerService::~WorkerService() = default;

Outcome<QUrl> WorkerService::start() {
    const auto port = m_server.listen(m_options.listenAddress, m_options.healthPort);
    if (!port)
        return fail(port.error());
    quint16 modelPort = m_options.modelPort;
    if (m_engine && modelPort == 0) {
        modelPort = *port;
    } else if (m_engine && modelPort != *port) {
        const auto second = m_server.listen(m_options.listenAddress, modelPort);
        if (!second)
            return fail(second.error());
    }
    m_worker->start(*port, modelPort);

    QUrl url;
    url.setScheme(QStringLiteral("http"));
    const QHostAddress address(m_options.listenAddress);
    const bool any = address == QHostAddress(QHostAddress::AnyIPv4) ||
                     address == QHostAddress(QHostAddress::AnyIPv6);
    url.setHost(any ? QStringLiteral("127.0.0.1") : m_options.listenAddress);
    url.setPort(*port);
    return url;
}

} // namespace vigie
