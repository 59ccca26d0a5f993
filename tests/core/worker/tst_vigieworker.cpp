#include "tests/support/faultyserver.h"
#include "tests/support/program.h"

#include <QFile>
#include <QJsonDocument>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace vigie;

namespace {

const QString program = QStringLiteral("vigie-worker");

void configure(Program& worker, const QUrl& controlPlane) {
    worker.setEnvironment(QStringLiteral("CONTROL_PLANE_URL"), controlPlane.toString());
    worker.setEnvironment(QStringLiteral("INSTANCE_ID"), QStringLiteral("i-1"));
    worker.setEnvironment(QStringLiteral("WORKER_HEALTH_PORT"), QStringLiteral("0"));
    worker.setEnvironment(QStringLiteral("WORKER_HEARTBEAT_INTERVAL_S"), QStringLiteral("0.05"));
}

} // namespace

class TestVigieWorker : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void registersBeatsAndEndsCleanly() {
        FaultyServer controlPlane;
        controlPlane.play({faults::json(200, "{}")});
        QTemporaryDir directory;
        QFile token(directory.filePath(QStringLiteral("token")));
        QVERIFY(token.open(QIODevice::WriteOnly));
        token.write("  from-a-file\n");
        token.close();
        Program worker(program);
        configure(worker, controlPlane.url(QString()));
        worker.setEnvironment(QStringLiteral("WORKER_AUTH_TOKEN_FILE"), token.fileName());
        worker.setEnvironment(QStringLiteral("WORKER_SIMULATE_GPU_COUNT"), QStringLiteral("2"));
        const QJsonObject listening =
            worker.startAndListen({QStringLiteral("--engine"), QStringLiteral("mock")});
        QVERIFY2(!listening.isEmpty(), worker.standardError().constData());
        QCOMPARE(listening.keys(), (QStringList{QStringLiteral("event"), QStringLiteral("url")}));
        QTRY_VERIFY(controlPlane.requests().size() >= 4);
        QCOMPARE(controlPlane.requests()[0].header("Authorization"),
                 QByteArray("Bearer from-a-file"));
        const QJsonObject beat =
            QJsonDocument::fromJson(controlPlane.requests().constLast().body).object();
        QCOMPARE(beat.value(QLatin1String("status")).toString(), QStringLiteral("ready"));
        QVERIFY(beat.value(QLatin1String("metadata"))
                    .toObject()
                    .value(QLatin1String("system"))
                    .toObject()
                    .value(QLatin1String("mem_total_bytes"))
                    .toDouble() > 0);
        QCOMPARE(beat.value(QLatin1String("agent_info"))
                     .toObject()
                     .value(QLatin1String("checksum"))
                     .toString()
                     .size(),
                 64);
        worker.signal(SIGTERM);
        QVERIFY(worker.waitForEnd());
        QCOMPARE(worker.exitCode(), 0);
        QCOMPARE(worker.standardOutput().count('\n'), 1); // the listening line and nothing else
        for (const QByteArray& line : worker.standardError().trimmed().split('\n'))
            QVERIFY2(QJsonDocument::fromJson(line).isObject(), line.constData());
        QVERIFY(!worker.standardError().contains("from-a-file"));
    }

    void mistakesAreOneLine_data() {
        QTest::addColumn<QString>("variable");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* variable, const char* value, const char* says) {
            QTest::addRow("%s=%s", variable, value)
                << QString::fromUtf8(variable) << QString::fromUtf8(value) << QStringList()
                << QByteArray(says);
        };
        row("INSTANCE_ID", "", "INSTANCE_ID");
        row("CONTROL_PLANE_URL", "", "CONTROL_PLANE_URL");
        row("CONTROL_PLANE_URL", "ftp://x", "ftp://x");
        row("CONTROL_PLANE_URL", "not a url", "not a url");
        row("VLLM_BASE_URL", "127.0.0.1:8000", "VLLM_BASE_URL");
        row("WORKER_HEALTH_PORT", "70000", "WORKER_HEALTH_PORT");
        row("WORKER_HEALTH_PORT", "http", "WORKER_HEALTH_PORT");
        row("WORKER_HEARTBEAT_INTERVAL_S", "0.01", "WORKER_HEARTBEAT_INTERVAL_S");
        row("WORKER_HEARTBEAT_INTERVAL_S", "-4", "WORKER_HEARTBEAT_INTERVAL_S");
        row("WORKER_AUTH_TOKEN_FILE", "/nowhere/token", "/nowhere/token");
        row("WORKER_SIMULATE_GPU_COUNT", "-1", "WORKER_SIMULATE_GPU_COUNT");
        QTest::newRow("--engine vllm")
            << QString() << QString()
            << QStringList{QStringLiteral("--engine"), QStringLiteral("vllm")}
            << QByteArray("engine");
        QTest::newRow("--listen here")
            << QString() << QString()
            << QStringList{QStringLiteral("--listen"), QStringLiteral("here")}
            << QByteArray("--listen");
        QTest::newRow("--listen of another machine")
            << QString() << QString()
            << QStringList{QStringLiteral("--listen"), QStringLiteral("192.0.2.7")}
            << QByteArray("192.0.2.7");
        QTest::newRow("--enginee")
            << QString() << QString() << QStringList{QStringLiteral("--enginee")}
            << QByteArray("--engine");
    }
    void mistakesAreOneLine() {
        QFETCH(QString, variable);
        QFETCH(QString, value);
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, says);
        Program worker(program);
        configure(worker, QUrl(QStringLiteral("http://127.0.0.1:9")));
        if (!variable.isEmpty())
            worker.setEnvironment(variable, value);
        QVERIFY(worker.run(arguments) > 0);
        const QByteArray error = worker.standardError();
        QVERIFY2(error.contains(says), error.constData());
        QVERIFY2(error.startsWith("vigie-worker: ") && error.count('\n') == 1, error.constData());
        QVERIFY(worker.standardOutput().isEmpty());
    }

    void aBusyPortIsNamed() {
        QTcpServer busy;
        QVERIFY(busy.listen(QHostAddress::LocalHost));
        const QString port = QString::number(busy.serverPort());
        Program worker(program);
        configure(worker, QUrl(QStringLiteral("http://127.0.0.1:9")));
        worker.setEnvironment(QStringLiteral("WORKER_HEALTH_PORT"), port);
        QVERIFY(worker.run({}) > 0);
        QVERIFY2(worker.standardError().contains(port.toLatin1()),
                 worker.standardError().constData());
    }
};

QTEST_GUILESS_MAIN(TestVigieWorker)
#include "tst_vigieworker.moc"
