#include "tests/support/orchestratorprocess.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>

#include <csignal>

namespace vigie {

namespace {

std::vector<qint64> processes() {
    std::vector<qint64> pids;
    for (const QString& name : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        bool isPid = false;
        const qint64 pid = name.toLongLong(&isPid);
        if (isPid)
            pids.push_back(pid);
    }
    return pids;
}

} // namespace

OrchestratorProcess::OrchestratorProcess() = default;

OrchestratorProcess::~OrchestratorProcess() {
    if (m_daemon.running())
        m_daemon.kill9();
    // Also those that the daemon has made since: in the place of others, after a restart.
    for (const qint64 pid : processes()) {
        const QString at = QFile::symLinkTarget(QStringLiteral("/proc/%1/cwd").arg(pid));
        if (at.startsWith(m_dir.path() + u'/'))
            ::kill(static_cast<pid_t>(pid), SIGKILL);
    }
}

bool OrchestratorProcess::start(const QByteArray& policy) {
    QFile file(m_dir.filePath(QStringLiteral("policy.toml")));
    if (!file.open(QIODevice::WriteOnly))
        return false;
    file.write(QStringLiteral("[watchdog]\nheartbeat_timeout_seconds = %1\n"
                              "expected_beat_interval_seconds = 0.1\n"
                              "[jobs.worker-watchdog]\ninterval_seconds = %2\n"
                              "[jobs.health-check]\ninterval_seconds = %2\n"
                              "[jobs.provisioning]\ninterval_seconds = %2\n"
                              "[jobs.terminator]\ninterval_seconds = %2\n"
                              "[providers.process]\nworker_heartbeat_interval_seconds = 0.1\n")
                   .arg(heartbeatThreshold)
                   .arg(tick)
                   .toUtf8());
    file.write(policy);
    file.close();
    const int port = m_url.isEmpty() ? 0 : m_url.port(); // a restart keeps its address
    const QJsonObject line = m_daemon.startAndListen(
        {QStringLiteral("--listen"), QStringLiteral("127.0.0.1:%1").arg(port),
         QStringLiteral("--store"),
         QStringLiteral("sqlite:") + m_dir.filePath(QStringLiteral("fleet.db")),
         QStringLiteral("--provider"), QStringLiteral("process"), QStringLiteral("--policy"),
         file.fileName()});
    m_url = QUrl(line.value(QStringLiteral("url")).toString());
    if (m_tokenFile.isEmpty())
        m_tokenFile = line.value(QStringLiteral("token_file")).toString();
    return m_url.isValid() && !m_url.isEmpty();
}

bool OrchestratorProcess::stop(int signal) {
    m_daemon.signal(signal);
    return m_daemon.waitForEnd();
}

QString OrchestratorProcess::why() const {
    return QString::fromUtf8(m_daemon.standardError().right(4000));
}

QStringList OrchestratorProcess::deploy(int count) {
    QFile token(m_tokenFile);
    if (!token.open(QIODevice::ReadOnly))
        return {};
    const QByteArray bearer = "Bearer " + token.readAll().trimmed();
    QNetworkAccessManager network;
    QStringList ids;
    for (int i = 0; i < count; ++i) {
        QNetworkRequest request(m_url.resolved(QUrl(QStringLiteral("/deployments"))));
        request.setRawHeader("Authorization", bearer);
        request.setRawHeader("Content-Type", "application/json");
        QNetworkReply* reply = network.post(
            request,
            R"({"provider_code":"process","zone":"local-1","instance_type":"local.worker","model_id":"mock-model"})");
        const bool answered = QTest::qWaitFor([&] { return reply->isFinished(); }, 20'000);
        const QByteArray body = answered ? reply->readAll() : QByteArray("no answer");
        const QString id =
            QJsonDocument::fromJson(body).object().value(QStringLiteral("instance_id")).toString();
        if (id.isEmpty())
            qWarning("deployment refused: %s", body.constData());
        else
            ids.append(id);
        reply->deleteLater();
    }
    return ids;
}

qint64 OrchestratorProcess::workerOf(const QString& instanceId) {
    const QByteArray wanted = "INSTANCE_ID=" + instanceId.toUtf8();
    qint64 oldest = 0; // its children inherit the environment
    for (const qint64 pid : processes()) {
        QFile environment(QStringLiteral("/proc/%1/environ").arg(pid));
        if (environment.open(QIODevice::ReadOnly) &&
            environment.readAll().split('\0').contains(wanted) && (oldest == 0 || pid < oldest))
            oldest = pid;
    }
    return oldest;
}

} // namespace vigie
