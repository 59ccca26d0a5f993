#include "tests/core/orchestrator/daemon/daemonfixture.h"

#include <QTemporaryDir>
#include <QTest>

using namespace vigie;

class TestDaemon : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLifeOverHttp() {
        QTemporaryDir folder;
        DaemonFixture daemon(folder.path());
        const QString id = daemon.deploy();
        QTRY_COMPARE_WITH_TIMEOUT(daemon.status(id), QStringLiteral("ready"), 20'000);
        const QString path = QStringLiteral("/instances/") + id;
        QVERIFY(daemon.get(path).object().value(QLatin1String("worker_metadata")).isObject());
        QVERIFY(!daemon.get(path + QStringLiteral("/heartbeats"))
                     .object()
                     .value(QLatin1String("intervals_ms"))
                     .toArray()
                     .isEmpty());
        QCOMPARE(daemon.get(QStringLiteral("/circuit_breakers"))
                     .array()
                     .first()
                     .toObject()
                     .value(QLatin1String("name"))
                     .toString(),
                 QStringLiteral("provider:mock"));
        QCOMPARE(daemon.call("POST", path + QStringLiteral("/reinstall")).status, 202);
        QTRY_COMPARE_WITH_TIMEOUT(daemon.status(id), QStringLiteral("ready"), 20'000);
        QCOMPARE(daemon.call("DELETE", path).status, 202);
        QTRY_COMPARE_WITH_TIMEOUT(daemon.status(id), QStringLiteral("terminated"), 20'000);
        QCOMPARE(daemon.call("DELETE", path).status, 200);
        QCOMPARE(daemon.call("PUT", path + QStringLiteral("/archive")).status, 200);
        QCOMPARE(daemon.status(id), QStringLiteral("archived"));
    }

    void headHasNoBodyAndEtagsWork() {
        QTemporaryDir folder;
        DaemonFixture daemon(folder.path());
        QVERIFY(daemon.call("HEAD", QStringLiteral("/instances")).body.isEmpty());
        const HttpReply first = daemon.call("GET", QStringLiteral("/fleet"));
        const HttpReply again = daemon.call("GET", QStringLiteral("/circuit_breakers"), {},
                                            {{"X-Correlation-Id", "from-a-test"}});
        QCOMPARE(again.header("X-Correlation-Id"), QByteArray("from-a-test"));
        QVERIFY(!first.header("ETag").isEmpty());
    }

    void aRestartKeepsEverything() {
        QTemporaryDir folder;
        QString id;
        QByteArray token;
        QByteArray log;
        {
            DaemonFixture daemon(folder.path());
            id = daemon.deploy();
            QTRY_COMPARE_WITH_TIMEOUT(daemon.status(id), QStringLiteral("ready"), 20'000);
            token = daemon.token;
            log =
                daemon.call("GET", QStringLiteral("/action_logs?action_type=REQUEST_CREATE")).body;
        }
        DaemonFixture daemon(folder.path());
        QCOMPARE(daemon.token, token);
        QCOMPARE(daemon.call("GET", QStringLiteral("/action_logs?action_type=REQUEST_CREATE")).body,
                 log);
        QCOMPARE(daemon.get(QStringLiteral("/instances/") + id)
                     .object()
                     .value(QLatin1String("model_id"))
                     .toString(),
                 QStringLiteral("m"));
    }

    void twoDaemonsInOneProcess() {
        QTemporaryDir one;
        QTemporaryDir two;
        DaemonFixture a(one.path());
        DaemonFixture b(two.path());
        const QString id = a.deploy();
        QVERIFY(a.listening.url != b.listening.url);
        QCOMPARE(b.call("GET", QStringLiteral("/instances/") + id).status, 404);
        b.token = a.token;
        QCOMPARE(b.call("GET", QStringLiteral("/instances")).status, 401);
    }

    void aSecondDaemonOnOneStoreIsRefused() {
        QTemporaryDir folder;
        DaemonFixture first(folder.path());
        SettingsInput input;
        input.flags = {
            {QStringLiteral("listen"), {QStringLiteral("127.0.0.1:0")}},
            {QStringLiteral("store"),
             {QStringLiteral("sqlite:") + folder.filePath(QStringLiteral("f.db"))}},
        };
        Daemon second(first.clock, *Settings::read(daemonSettings(), input));
        const auto started = *await(second.start());
        QVERIFY(!started);
        QVERIFY2(started.error().message.contains(QLatin1String("f.db")),
                 qPrintable(started.error().message));
    }
};

QTEST_GUILESS_MAIN(TestDaemon)
#include "tst_daemon.moc"
