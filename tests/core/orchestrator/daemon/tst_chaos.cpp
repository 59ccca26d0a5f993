#include "tests/core/orchestrator/daemon/daemonfixture.h"

#include <QTemporaryDir>
#include <QTest>

using namespace vigie;

/// Trouble made on purpose over HTTP: it takes effect, is seen wherever people look, and ends.
class TestChaos : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_daemon = std::make_unique<DaemonFixture>(m_folder.path()); }
    void cleanup() {
        m_daemon.reset();
        QFile::remove(m_folder.filePath(QStringLiteral("f.db")));
    }

    void isOffUntilAskedForAndVisiblyOn() {
        QVERIFY(!chaos().value(QLatin1String("active")).toBool());
        QVERIFY(automation().isEmpty() && !alerted());
        const HttpReply told = m_daemon->call(
            "POST", path,
            "{\"reason\":\"a drill\",\"provider\":{\"error_rate\":0.3,\"latency_s\":0.1}}");
        QCOMPARE(told.status, 200);
        const QJsonObject now = chaos();
        QVERIFY(now.value(QLatin1String("active")).toBool());
        QCOMPARE(now.value(QLatin1String("says")).toArray().size(), 2);
        QTRY_VERIFY(alerted());
        QCOMPARE(automation().size(), 2);
        const QJsonObject row = logged();
        QCOMPARE(row.value(QLatin1String("status")).toString(), QStringLiteral("success"));
        QVERIFY(row.value(QLatin1String("metadata")).toObject().value(QLatin1String("reason")) ==
                QStringLiteral("a drill"));
        QCOMPARE(m_daemon->call("POST", path, "{\"reason\":\"over\",\"off\":true}").status, 200);
        QVERIFY(!chaos().value(QLatin1String("active")).toBool());
        QTRY_VERIFY(!alerted());
        QVERIFY(automation().isEmpty());
    }

    // What is asked for with "off" begins from what is configured, not from what was on.
    void offEndsAllOfItFirst() {
        QCOMPARE(
            m_daemon
                ->call("POST", path, "{\"reason\":\"a drill\",\"provider\":{\"error_rate\":0.3}}")
                .status,
            200);
        QCOMPARE(m_daemon
                     ->call("POST", path,
                            "{\"reason\":\"another\",\"off\":true,\"provider\":"
                            "{\"volume_leak_rate\":0.1}}")
                     .status,
                 200);
        const QJsonObject provider = chaos().value(QLatin1String("provider")).toObject();
        QCOMPARE(provider.value(QLatin1String("error_rate")).toDouble(), 0.0);
        QCOMPARE(provider.value(QLatin1String("volume_leak_rate")).toDouble(), 0.1);
        QCOMPARE(m_daemon->call("POST", path, "{\"reason\":\"over\",\"off\":true}").status, 200);
        QVERIFY(!chaos().value(QLatin1String("active")).toBool());
    }

    // The engine's own fault injection: each call of the provider fails before it is made.
    void faultsArePutIntoTheDaemonsOwnCalls() {
        const QByteArray rules = "{\"reason\":\"a drill\",\"faults\":"
                                 "\"[all]\\nkey = \\\"provider:*\\\"\\nrate = 1\\n\"}";
        const HttpReply told = m_daemon->call("POST", path, rules);
        QVERIFY2(told.status == 200, told.body.constData());
        const QString id = m_daemon->deploy();
        QTRY_VERIFY_WITH_TIMEOUT(chaos().value(QLatin1String("faults_injected")).toInt() > 0,
                                 20'000);
        QVERIFY(metrics().contains("vigie_fault_injection_active 1"));
        QCOMPARE(m_daemon->status(id), QStringLiteral("provisioning"));
        QCOMPARE(m_daemon->call("POST", path, "{\"reason\":\"over\",\"faults\":\"\"}").status, 200);
        QVERIFY(metrics().contains("vigie_fault_injection_active 0"));
        QVERIFY(!chaos().value(QLatin1String("active")).toBool());
    }

    void badOrdersChangeNothing_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::newRow("no JSON") << QByteArray("off") << 400;
        QTest::newRow("no reason") << QByteArray("{\"off\":true}") << 400;
        QTest::newRow("nothing") << QByteArray("{\"reason\":\"x\"}") << 400;
        QTest::newRow("field") << QByteArray("{\"reason\":\"x\",\"of\":true}") << 400;
        QTest::newRow("rate") << QByteArray("{\"reason\":\"x\",\"provider\":{\"error_rate\":2}}")
                              << 400;
        QTest::newRow("rules") << QByteArray("{\"reason\":\"x\",\"faults\":\"[a]\\nrate = 7\"}")
                               << 400;
        QTest::newRow("vanish")
            << QByteArray("{\"reason\":\"x\",\"provider\":{\"vanish\":[\"mock-none\"]}}") << 404;
        QTest::newRow("vanish, and more")
            << QByteArray("{\"reason\":\"x\",\"provider\":{\"error_rate\":0.5,\"vanish\":"
                          "[\"mock-none\"]}}")
            << 404;
        QTest::newRow("stray") << QByteArray(
                                      "{\"reason\":\"x\",\"provider\":{\"stray_machines\":101}}")
                               << 400;
    }
    void badOrdersChangeNothing() {
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        const HttpReply reply = m_daemon->call("POST", path, body);
        QVERIFY2(reply.status == status, reply.body.constData());
        QVERIFY(!chaos().value(QLatin1String("active")).toBool());
    }

    // Machines with our tag that nobody wants, as watch-dog sees them.
    void strayMachinesAreListed() {
        const auto orphans = [&] {
            return m_daemon->get(QStringLiteral("/orphan_machines"))
                .object()
                .value(QLatin1String("machines"))
                .toArray();
        };
        QVERIFY(orphans().isEmpty());
        const QByteArray body = "{\"reason\":\"a drill\",\"provider\":{\"stray_machines\":2}}";
        QCOMPARE(m_daemon->call("POST", path, body).status, 200);
        const auto listed = [&] {
            m_daemon->call("POST", QStringLiteral("/reconcile"), "{}");
            return orphans().size() == 2;
        };
        QTRY_VERIFY_WITH_TIMEOUT(listed(), 20'000);
        QVERIFY(!orphans()[0].toObject().value(QLatin1String("why")).toString().isEmpty());
        QVERIFY(orphans()[0].toObject().value(QLatin1String("marked_at")).isNull());
    }

    void theCatalogueTellsItsStock() {
        const auto stock = [&] {
            m_daemon->call("POST", QStringLiteral("/catalog/sync"), "{}");
            return m_daemon->get(QStringLiteral("/catalog"))
                .object()
                .value(QLatin1String("instance_types"))
                .toArray()[0]
                .toObject()
                .value(QLatin1String("stock"))
                .toObject();
        };
        QCOMPARE(stock().value(QLatin1String("mock-a-1")).toString(), QStringLiteral("available"));
        const QByteArray body =
            "{\"reason\":\"a drill\",\"provider\":{\"out_of_stock\":[\"mock-a-1/*\"]}}";
        QCOMPARE(m_daemon->call("POST", path, body).status, 200);
        QVERIFY(stock().value(QLatin1String("mock-a-1")).toString() != u"available");
    }

private:
    QJsonObject chaos() { return m_daemon->get(path).object(); }
    QJsonArray automation() {
        return m_daemon->get(QStringLiteral("/automation"))
            .object()
            .value(QLatin1String("chaos"))
            .toArray();
    }
    bool alerted() {
        return m_daemon->call("GET", QStringLiteral("/alerts")).body.contains("ChaosOn");
    }
    QByteArray metrics() { return m_daemon->call("GET", QStringLiteral("/metrics")).body; }
    QJsonObject logged() {
        return m_daemon->get(QStringLiteral("/action_logs?action_type=CHAOS_CHANGED"))
            .array()
            .at(0)
            .toObject();
    }

    static inline const QString path = QStringLiteral("/chaos");
    QTemporaryDir m_folder;
    std::unique_ptr<DaemonFixture> m_daemon;
};

QTEST_GUILESS_MAIN(TestChaos)
#include "tst_chaos.moc"
