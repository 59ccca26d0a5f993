// What runs on FakeScaleway's machines.
#include "tests/support/fakescaleway.h"

namespace vigie {

QHash<QString, QString> FakeScaleway::workerEnvironment(const QByteArray& userData) {
    QHash<QString, QString> environment;
    bool inside = false;
    for (const QByteArray& raw : userData.split('\n')) {
        const QByteArray line = raw.trimmed();
        if (line == "WORKER_ENV")
            inside = false;
        else if (line.endsWith("<<'WORKER_ENV'"))
            inside = true;
        else if (const qsizetype sign = line.indexOf('='); inside && sign > 0)
            environment.insert(QString::fromUtf8(line.left(sign)),
                               QString::fromUtf8(line.mid(sign + 1)));
    }
    return environment;
}

void FakeScaleway::switchOn(Server& server) {
    if (workerProgram.isEmpty())
        return;
    auto worker = std::make_unique<QProcess>();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const auto told = workerEnvironment(server.userData);
    for (auto it = told.begin(); it != told.end(); ++it)
        environment.insert(it.key(), it.value());
    // All machines are this one here.
    environment.insert(QStringLiteral("WORKER_HEALTH_PORT"), QStringLiteral("0"));
    environment.insert(QStringLiteral("VIGIE_WORKER_LISTEN_ADDRESS"), QStringLiteral("127.0.0.1"));
    environment.insert(QStringLiteral("WORKER_HEARTBEAT_INTERVAL_S"), QStringLiteral("0.1"));
    environment.insert(QStringLiteral("WORKER_SIMULATE_GPU_COUNT"), QStringLiteral("1"));
    worker->setProcessEnvironment(environment);
    worker->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    worker->start(workerProgram, {QStringLiteral("--engine"), QStringLiteral("mock"),
                                  QStringLiteral("--log-level"), QStringLiteral("error")});
    m_workers[server.id] = std::move(worker);
}

void FakeScaleway::switchOff(Server& server) {
    killWorker(server.id);
}

void FakeScaleway::killWorker(const QString& server) {
    const auto worker = m_workers.find(server);
    if (worker == m_workers.end())
        return;
    worker->second->kill();
    worker->second->waitForFinished();
    m_workers.erase(worker);
}

} // namespace vigie
