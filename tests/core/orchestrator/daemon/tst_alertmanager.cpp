// A real Alertmanager hears what a real vigied has to say.

#include "tests/core/orchestrator/daemon/caller.h"
#include "tests/support/program.h"

#include <QStandardPaths>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace vigie;

namespace {

quint16 freePort() {
    QTcpServer probe;
    probe.listen(QHostAddress::LocalHost, 0);
    return probe.serverPort();
}

} // namespace

class TestAlertmanager : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString m_url;

    QJsonArray heard(Caller& caller) const {
        HttpRequest request;
        request.url = QUrl(m_url + QStringLiteral("/api/v2/alerts"));
        return QJsonDocument::fromJson(caller.call(std::move(request)).body).array();
    }

private Q_SLOTS:
    void hearsOfAPauseAndOfItsEnd() {
        const QString binary =
            QStandardPaths::findExecutable(QStringLiteral("prometheus-alertmanager"));
        QVERIFY2(!binary.isEmpty(),
                 "Debian's package prometheus-alertmanager is missing: see packaging/deps.sh");
        QFile config(m_folder.filePath(QStringLiteral("alertmanager.yml")));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n");
        config.close();
        const quint16 port = freePort();
        m_url = QStringLiteral("http://127.0.0.1:%1").arg(port);
        Program alertmanager(binary);
        alertmanager.start(
            {QStringLiteral("--config.file=") + config.fileName(),
             QStringLiteral("--storage.path=") + m_folder.filePath(QStringLiteral("data")),
             QStringLiteral("--web.listen-address=127.0.0.1:%1").arg(port),
             QStringLiteral("--cluster.listen-address=")});

        Program vigied(QStringLiteral("vigied"));
        vigied.setEnvironment(QStringLiteral("VIGIE_ALERTS_ALERTMANAGER_URLS"), m_url);
        vigied.setEnvironment(QStringLiteral("VIGIE_ALERTS_ALERTMANAGER_RESEND_SECONDS"),
                              QStringLiteral("1"));
        const QJsonObject line = vigied.startAndListen(
            {QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"), QStringLiteral("--store"),
             QStringLiteral("sqlite:") + m_folder.filePath(QStringLiteral("f.db"))});
        QVERIFY2(!line.isEmpty(), vigied.standardError().constData());
        Caller caller(line);
        const auto order = [&](const QByteArray& body) {
            return caller.call(caller.request("POST", QStringLiteral("/automation"), body)).status;
        };
        QCOMPARE(order(R"({"pause":{"reason":"maintenance"}})"), 200);
        // Whoever is not there yet is told by a later push.
        QTRY_COMPARE_WITH_TIMEOUT(heard(caller).size(), 1, 60'000);
        const QJsonObject alert = heard(caller).at(0).toObject();
        QCOMPARE(alert.value(QLatin1String("labels"))
                     .toObject()
                     .value(QLatin1String("alertname"))
                     .toString(),
                 QStringLiteral("AutomationPaused"));
        QVERIFY(alert.value(QLatin1String("annotations"))
                    .toObject()
                    .value(QLatin1String("summary"))
                    .toString()
                    .contains(QLatin1String("maintenance")));
        QCOMPARE(order(R"({"release":{"reason":"done"}})"), 200);
        QTRY_COMPARE_WITH_TIMEOUT(heard(caller).size(), 0, 60'000);

        vigied.signal(SIGTERM);
        QVERIFY(vigied.waitForEnd());
        alertmanager.signal(SIGTERM);
        QVERIFY(alertmanager.waitForEnd());
    }
};

QTEST_GUILESS_MAIN(TestAlertmanager)
#include "tst_alertmanager.moc"
