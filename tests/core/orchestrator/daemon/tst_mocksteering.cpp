#include "tests/core/orchestrator/daemon/daemonfixture.h"

#include <QTemporaryDir>
#include <QTest>

using namespace vigie;

/// The mock provider is told over HTTP what to do wrong, and does it.
class TestMockSteering : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_daemon = std::make_unique<DaemonFixture>(m_folder.path()); }
    void cleanup() {
        m_daemon.reset();
        QFile::remove(m_folder.filePath(QStringLiteral("f.db")));
    }
    void tellsAndTakesEffect();
    void lostAnswersAndLaggingListsMakeNoSecondMachine();
    void refusesWhatItCantDo_data();
    void refusesWhatItCantDo();

private:
    QJsonObject steer(const QByteArray& body) {
        const HttpReply reply = m_daemon->call("POST", path, body);
        return reply.status == 200 ? QJsonDocument::fromJson(reply.body).object() : QJsonObject();
    }
    QString errorOf(const QString& id) {
        return m_daemon->get(QStringLiteral("/instances/") + id)
            .object()
            .value(QLatin1String("error_code"))
            .toString();
    }

    static inline const QString path = QStringLiteral("/admin/mock");
    QTemporaryDir m_folder;
    std::unique_ptr<DaemonFixture> m_daemon;
};

void TestMockSteering::tellsAndTakesEffect() {
    QCOMPARE(steer("{\"quota\":0}").value(QLatin1String("quota")).toInt(-1), 0);
    const QJsonObject row = m_daemon->get(QStringLiteral("/action_logs?action_type=MOCK_STEERED"))
                                .array()
                                .at(0)
                                .toObject();
    QCOMPARE(row.value(QLatin1String("request_payload")).toObject().keys(),
             QStringList(QStringLiteral("quota")));
    const QString refused = m_daemon->deploy();
    QTRY_COMPARE(m_daemon->status(refused), QStringLiteral("provisioning_failed"));
    QVERIFY(!steer("{\"quota\":null,\"out_of_stock\":[\"*/*\"]}").isEmpty());
    const QString missing = m_daemon->deploy();
    QTRY_COMPARE(m_daemon->status(missing), QStringLiteral("provisioning_failed"));
    QCOMPARE(errorOf(missing), QStringLiteral("PROVIDER_OUT_OF_STOCK"));
    const QJsonObject now = m_daemon->get(path).object();
    QVERIFY(now.value(QLatin1String("quota")).isNull());
    QCOMPARE(now.value(QLatin1String("latency_s")).toDouble(), 0.05); // left as it was
    QVERIFY(!steer("{\"out_of_stock\":[]}").isEmpty());
    const QString made = m_daemon->deploy();
    QTRY_COMPARE_WITH_TIMEOUT(m_daemon->status(made), QStringLiteral("ready"), 30'000);
}

void TestMockSteering::lostAnswersAndLaggingListsMakeNoSecondMachine() {
    QVERIFY(!steer("{\"lost_answer_rate\":1,\"list_lag_s\":3600}").isEmpty());
    const QString id = m_daemon->deploy();
    const auto logged = [&] {
        return m_daemon
            ->call("GET",
                   QStringLiteral("/action_logs?action_type=REQUEUE_PROVISION&instance_id=") + id)
            .body.contains("answer was lost");
    };
    QTRY_VERIFY_WITH_TIMEOUT(logged(), 30'000);
    QVERIFY(!steer("{\"lost_answer_rate\":0,\"quota\":1,\"list_lag_s\":0}").isEmpty());
    // It is waited for, and found once a list shows it: another one would be over the quota.
    QTRY_COMPARE_WITH_TIMEOUT(m_daemon->status(id), QStringLiteral("ready"), 60'000);
}

void TestMockSteering::refusesWhatItCantDo_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("field");
    const auto row = [](const char* field, const char* body) {
        QTest::newRow(body) << QByteArray(body) << QByteArray(field);
    };
    row("error_rate", "{\"error_rate\":1.1}");
    row("error_rate", "{\"error_rate\":\"0.5\"}");
    row("latency_s", "{\"latency_s\":-1}");
    row("list_lag_s", "{\"list_lag_s\":1e9}");
    row("quota", "{\"quota\":1.5}");
    row("out_of_stock", "{\"out_of_stock\":\"x/y\"}");
    row("out_of_stock", "{\"out_of_stock\":[\"everything\"]}");
    row("seed", "{\"seed\":-1}");
    row("eror_rate", "{\"error_rate\":0.1,\"eror_rate\":0.1}");
    row("", "[]");
    row("", "not JSON");
}

void TestMockSteering::refusesWhatItCantDo() {
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, field);
    const QJsonDocument before = m_daemon->get(path);
    const HttpReply reply = m_daemon->call("POST", path, body);
    QCOMPARE(reply.status, 400);
    QVERIFY2(reply.body.contains(field), reply.body.constData());
    QCOMPARE(m_daemon->get(path), before);
}

QTEST_GUILESS_MAIN(TestMockSteering)
#include "tst_mocksteering.moc"
