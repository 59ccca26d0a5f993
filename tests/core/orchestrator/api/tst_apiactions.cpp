#include "tests/core/orchestrator/api/apifixture.h"

#include <QTest>

using namespace vigie;

namespace {

// Puts a fresh instance into `status` along the contract's table.
InstanceId inStatus(ApiFixture& api, const QString& status) {
    using enum TransitionCause;
    const QHash<QString, QList<TransitionCause>> ways{
        {QStringLiteral("booting"), {}},
        {QStringLiteral("installing"), {AgentSeen}},
        {QStringLiteral("starting"), {InstallFinished}},
        {QStringLiteral("ready"), {BecameReady}},
        {QStringLiteral("unavailable"), {BecameReady, StoppedServing}},
        {QStringLiteral("draining"), {BecameReady, DrainAsked}},
        {QStringLiteral("worker_dead"), {BecameReady, VerdictDead}},
        {QStringLiteral("startup_failed"), {StartupLimitPassed}},
        {QStringLiteral("terminating"), {TerminateAsked}},
        {QStringLiteral("failed"), {TerminateAsked, DeletionRetriesUsedUp}},
        {QStringLiteral("terminated"), {TerminateAsked, ProviderConfirmedGone}},
        {QStringLiteral("archived"), {TerminateAsked, ProviderConfirmedGone, ArchiveAsked}},
    };
    const InstanceId id = api.deploy();
    if (status == QLatin1String("provisioning"))
        return id;
    if (status == QLatin1String("provisioning_failed")) {
        api.move(id, ProvisioningFailed);
        return id;
    }
    api.boot(id);
    for (const TransitionCause cause : ways.value(status))
        api.move(id, cause);
    return id;
}

} // namespace

class TestApiActions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyActionInEveryState_data() {
        QTest::addColumn<QString>("status");
        QTest::addColumn<int>("terminate");
        QTest::addColumn<int>("reinstall");
        QTest::addColumn<int>("archive");
        QTest::newRow("provisioning") << "provisioning" << 202 << 409 << 400;
        QTest::newRow("booting") << "booting" << 202 << 409 << 400;
        QTest::newRow("installing") << "installing" << 202 << 409 << 400;
        QTest::newRow("starting") << "starting" << 202 << 409 << 400;
        QTest::newRow("ready") << "ready" << 202 << 202 << 400;
        QTest::newRow("unavailable") << "unavailable" << 202 << 202 << 400;
        QTest::newRow("draining") << "draining" << 202 << 409 << 400;
        QTest::newRow("worker_dead") << "worker_dead" << 202 << 202 << 400;
        QTest::newRow("terminating") << "terminating" << 202 << 409 << 400;
        QTest::newRow("terminated") << "terminated" << 200 << 400 << 200;
        QTest::newRow("archived") << "archived" << 200 << 400 << 400;
        QTest::newRow("failed") << "failed" << 202 << 202 << 400;
        QTest::newRow("provisioning_failed") << "provisioning_failed" << 202 << 409 << 400;
        QTest::newRow("startup_failed") << "startup_failed" << 202 << 202 << 400;
    }
    void everyActionInEveryState() {
        QFETCH(QString, status);
        QFETCH(int, terminate);
        QFETCH(int, reinstall);
        QFETCH(int, archive);
        ApiFixture api;
        const auto check = [&](const QByteArray& method, const char* more, int expected,
                               const char* changesTo) {
            const InstanceId id = inStatus(api, status);
            QCOMPARE(api.status(id), status);
            const Answer answer =
                api.call({method, ApiFixture::at(id, more), QStringLiteral("operator"), {}, {}});
            QCOMPARE(answer.status, expected);
            QVERIFY(!answer.text("message").isEmpty());
            const bool refused = expected >= 400;
            QCOMPARE(answer.error().isEmpty(), !refused);
            const bool unchanged = refused || (expected == 200 && method == "DELETE");
            QCOMPARE(api.status(id), unchanged ? status : QString::fromLatin1(changesTo));
        };
        check("DELETE", "", terminate, "terminating");
        check("POST", "/reinstall", reinstall, "booting");
        check("PUT", "/archive", archive, "archived");
    }

    void theReasonIsKept_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("reason");
        QTest::newRow("header") << QByteArray("gpu%20broken%20%E2%9A%A0") << QByteArray()
                                << QString::fromUtf8("gpu broken \xe2\x9a\xa0");
        QTest::newRow("body") << QByteArray() << QByteArray("{\"reason\":\"worn out\"}")
                              << "worn out";
        QTest::newRow("header wins") << QByteArray("a") << QByteArray("{\"reason\":\"b\"}") << "a";
        QTest::newRow("one line") << QByteArray("a%0Ab") << QByteArray() << "a b";
    }
    void theReasonIsKept() {
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, body);
        QFETCH(QString, reason);
        ApiFixture api;
        const InstanceId id = inStatus(api, QStringLiteral("ready"));
        HttpHeaders headers;
        if (!header.isEmpty())
            headers.emplaceBack("X-Vigie-Reason", header);
        const Answer answer =
            api.call({"DELETE", ApiFixture::at(id), QStringLiteral("operator"), body, headers});
        QCOMPARE(answer.status, 202);
        const QJsonArray log = api.get(QStringLiteral("/action_logs?action_type=REQUEST_TERMINATE"
                                                      "&instance_id=") +
                                       id.value())
                                   .array();
        QCOMPARE(log.size(), 1);
        const QJsonObject entry = log.first().toObject();
        const QJsonObject metadata = entry.value(QLatin1String("metadata")).toObject();
        QCOMPARE(metadata.value(QLatin1String("reason")).toString(), reason);
        QCOMPARE(entry.value(QLatin1String("user_id")).toString(), QStringLiteral("operator"));
        QCOMPARE(entry.value(QLatin1String("instance_status_before")).toString(),
                 QStringLiteral("ready"));
        QCOMPARE(entry.value(QLatin1String("instance_status_after")).toString(),
                 QStringLiteral("terminating"));
        const QJsonArray history = api.get(ApiFixture::at(id, "/history")).array();
        QCOMPARE(history.last().toObject().value(QLatin1String("reason")).toString(), reason);
    }

    void badReasonsAreRefused_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("no json") << QByteArray("because");
        QTest::newRow("a number") << QByteArray("{\"reason\":1}");
        QTest::newRow("endless") << QByteArray("{\"reason\":\"") + QByteArray(1001, 'x') + "\"}";
    }
    void badReasonsAreRefused() {
        QFETCH(QByteArray, body);
        ApiFixture api;
        const InstanceId id = inStatus(api, QStringLiteral("ready"));
        const Answer answer =
            api.call({"DELETE", ApiFixture::at(id), QStringLiteral("operator"), body, {}});
        QCOMPARE(answer.status, 400);
        QCOMPARE(api.status(id), QStringLiteral("ready"));
    }

    void askingAgainChangesNothing() {
        ApiFixture api;
        const InstanceId id = inStatus(api, QStringLiteral("terminating"));
        const qint64 version = api.plane.find(id)->version;
        const Answer again =
            api.call({"DELETE", ApiFixture::at(id), QStringLiteral("operator"), {}, {}});
        QCOMPARE(again.status, 202);
        QCOMPARE(api.plane.find(id)->version, version);
    }

    void unknownJobsAreNamed() {
        ApiFixture api;
        const Answer answer =
            api.post(QStringLiteral("/jobs/tidy/run"), {}, QStringLiteral("admin"));
        QCOMPARE(answer.status, 404);
        QCOMPARE(answer.error(), QStringLiteral("job_not_found"));
        QCOMPARE(api.post(QStringLiteral("/jobs/tidy/run"), "{\"dry_run\":true}",
                          QStringLiteral("admin"))
                     .status,
                 400);
    }
};

QTEST_GUILESS_MAIN(TestApiActions)
#include "tst_apiactions.moc"
