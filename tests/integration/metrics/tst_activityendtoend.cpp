// What a real worker tells of its GPUs and its machine, as a real vigied answers it, before and
// after a restart.

#include "tests/support/orchestratorprocess.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>

#include <csignal>

using namespace vigie;

class TestActivityEndToEnd : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aWorkersFiguresArriveAndSurviveARestart() {
        OrchestratorProcess orchestrator;
        const QByteArray policy = "worker_simulate_gpu_count = 3\n"; // of [providers.process]
        QVERIFY2(orchestrator.start(policy), qPrintable(orchestrator.why()));
        const QStringList ids = orchestrator.deploy(1);
        QCOMPARE(ids.size(), 1);

        QJsonObject told;
        const auto tells = [&](const char* what) {
            told = ask(orchestrator, QLatin1String(what), ids[0]);
            return told.contains(QLatin1String("instance_id"));
        };
        const auto gpus = [&] {
            return tells("gpu") ? told.value(QLatin1String("gpus")).toArray() : QJsonArray();
        };
        const auto ofMachine = [&] {
            return tells("system") ? told.value(QLatin1String("samples")).toArray() : QJsonArray();
        };
        QTRY_VERIFY_WITH_TIMEOUT(gpus().size() == 3, 60'000);
        QCOMPARE(told.value(QLatin1String("gpu_count")).toInt(), 3);
        const QJsonObject gpu = gpus()[2].toObject();
        QCOMPARE(gpu.value(QLatin1String("gpu_index")).toInt(), 2);
        const QJsonObject sample = gpu.value(QLatin1String("samples")).toArray().first().toObject();
        for (const char* figure : {"gpu_pct", "vram_pct", "temp_c", "power_w", "power_limit_w"})
            QVERIFY2(sample.value(QLatin1String(figure)).toDouble() > 0, figure);
        QVERIFY(!ofMachine().isEmpty());
        const QJsonObject machine = ofMachine().first().toObject();
        QVERIFY(machine.value(QLatin1String("mem_pct")).toDouble() > 0);
        const QString first = machine.value(QLatin1String("ts")).toString();

        QVERIFY(orchestrator.stop(SIGTERM));
        QVERIFY2(orchestrator.start(policy), qPrintable(orchestrator.why()));
        // Of before, from the store: a mean that ends no earlier than the first sample.
        const auto remembered = [&] {
            const QJsonArray samples = ofMachine();
            return !samples.isEmpty() &&
                   samples.first().toObject().value(QLatin1String("ts")).toString() >= first;
        };
        QTRY_VERIFY(remembered());
        QCOMPARE(gpus().size(), 3);
    }

private:
    // The only instance of the answer; empty when there is none.
    static QJsonObject ask(const OrchestratorProcess& orchestrator, const QString& what,
                           const QString& id) {
        QFile token(orchestrator.tokenFile());
        if (!token.open(QIODevice::ReadOnly))
            return {};
        QNetworkAccessManager network;
        QNetworkRequest request(orchestrator.url().resolved(
            QUrl(QStringLiteral("/%1/activity?instance_id=%2").arg(what, id))));
        request.setRawHeader("Authorization", "Bearer " + token.readAll().trimmed());
        const std::unique_ptr<QNetworkReply> reply(network.get(request));
        if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 20'000))
            return {};
        return QJsonDocument::fromJson(reply->readAll())
            .object()
            .value(QLatin1String("instances"))
            .toArray()
            .first()
            .toObject();
    }
};

QTEST_GUILESS_MAIN(TestActivityEndToEnd)
#include "tst_activityendtoend.moc"
