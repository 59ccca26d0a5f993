#pragma once

#include "core/base/systemclock.h"
#include "core/http/httpclient.h"
#include "tests/support/await.h"
#include "tests/support/faultyserver.h"
#include "tests/support/orchestratorprocess.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace vigie {

/// A vigied with a worker of its own, and one more worker that tests ask: both serving /metrics.
class MetricPages {
public:
    /// False with why() filled when something does not come up.
    bool start() {
        m_controlPlane.play({faults::json(200, "{}")});
        if (!m_daemon.start() || m_daemon.deploy(1).size() != 1) {
            m_why = m_daemon.why();
            return false;
        }
        const QPair<const char*, QString> environment[] = {
            {"CONTROL_PLANE_URL", m_controlPlane.url(QString()).toString()},
            {"INSTANCE_ID", QStringLiteral("i-1")},
            {"WORKER_HEALTH_PORT", QStringLiteral("0")},
            {"WORKER_HEARTBEAT_INTERVAL_S", QStringLiteral("0.1")},
            {"WORKER_SIMULATE_GPU_COUNT", QStringLiteral("2")},
        };
        for (const auto& [name, value] : environment)
            m_worker.setEnvironment(QString::fromLatin1(name), value);
        const QJsonObject line =
            m_worker.startAndListen({QStringLiteral("--engine"), QStringLiteral("mock")});
        m_workerUrl = QUrl(line.value(QLatin1String("url")).toString());
        m_why = QString::fromUtf8(m_worker.standardError());
        // Both have something to tell once a heartbeat was taken.
        return !m_workerUrl.isEmpty() &&
               QTest::qWaitFor(
                   [this] {
                       return get(workerMetrics()).contains("last_heartbeat_age_seconds") &&
                              !get(daemonMetrics()).contains("\nvigie_worker_heartbeats_total 0\n");
                   },
                   60'000);
    }
    QString why() const { return m_why; }

    QUrl daemonMetrics() const { return m_daemon.url().resolved(QUrl(QStringLiteral("/metrics"))); }
    QUrl workerMetrics() const { return m_workerUrl.resolved(QUrl(QStringLiteral("/metrics"))); }
    QString tokenFile() const { return m_daemon.tokenFile(); }

    QByteArray get(const QUrl& url) {
        HttpRequest request;
        request.url = url;
        QFile token(tokenFile());
        if (token.open(QIODevice::ReadOnly))
            request.headers = {{"Authorization", "Bearer " + token.readAll().trimmed()}};
        const auto reply = *await(m_http.send(std::move(request), {}));
        return reply && reply->status == 200 ? reply->body : QByteArray();
    }

private:
    FaultyServer m_controlPlane;
    OrchestratorProcess m_daemon;
    Program m_worker{QStringLiteral("vigie-worker")};
    QUrl m_workerUrl;
    QString m_why;
    SystemClock m_clock;
    HttpClient m_http{m_clock};
};

} // namespace vigie
