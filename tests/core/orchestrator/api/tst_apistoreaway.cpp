#include "core/orchestrator/api/handlers.h"
#include "tests/core/orchestrator/api/apifixture.h"

#include <QTest>

using namespace vigie;

namespace {

/// What is true all the same: the daemon's own state, its files, what is in force here, and what it
/// heard from workers. Everything else tells of the store.
const QStringList ownWords{
    QStringLiteral("/version"),
    QStringLiteral("/action_types"),
    QStringLiteral("/openapi.json"),
    QStringLiteral("/livez"),
    QStringLiteral("/health/components"),
    QStringLiteral("/whoami"),
    QStringLiteral("/metrics"),
    QStringLiteral("/events/stream"),
    QStringLiteral("/instances/{id}/logs"), // the worker's
    QStringLiteral("/instances/{id}/heartbeats"),
    QStringLiteral("/jobs"),
    QStringLiteral("/automation"),
    QStringLiteral("/policy"),
    QStringLiteral("/admin/mock"),
    QStringLiteral("/chaos"),
    QStringLiteral("/scenarios"),
    QStringLiteral("/simulations"),
    QStringLiteral("/simulations/{id}"),
    QStringLiteral("/circuit_breakers"),
    QStringLiteral("/circuit_breakers/{name}/calls"),
    QStringLiteral("/alerts"),
    QStringLiteral("/latency"),
    QStringLiteral("/tasks"),
    QStringLiteral("/tasks/{id}"),
    QStringLiteral("/dead_letters"),
    QStringLiteral("/checkpoints"),
};

} // namespace

/// While the store is away nobody is shown an old fleet, or an empty one, as the present one.
class TestApiStoreAway : public QObject {
    Q_OBJECT

    static void takeAway(ApiFixture& api) {
        api.breakable->broken = true;
        const Answer refused = api.post(QStringLiteral("/deployments"), ApiFixture::deployment,
                                        QStringLiteral("operator"));
        QCOMPARE(refused.status, 503);
        QCOMPARE(refused.error(), QStringLiteral("store_unavailable"));
    }

private Q_SLOTS:
    void whatTellsOfTheStoreIsRefused_data() {
        QTest::addColumn<QString>("path");
        for (const Route& route : routeTable()) {
            if (QByteArray(route.method) == "GET")
                QTest::newRow(route.path) << QString::fromLatin1(route.path);
        }
    }
    void whatTellsOfTheStoreIsRefused() {
        QFETCH(QString, path);
        ApiFixture api;
        const QString id = api.deploy().value();
        const QString asked = QString(path).replace(QStringLiteral("{id}"), id);
        const auto askedNow = [&] { return api.get(asked, QStringLiteral("admin")); };
        const int before = askedNow().status;
        QVERIFY(before != 503);
        takeAway(api);
        const Answer answer = askedNow();
        if (ownWords.contains(path)) {
            QCOMPARE(answer.status, before);
            return;
        }
        QCOMPARE(answer.status, 503);
        QVERIFY2(answer.body.contains("store_unavailable"), answer.body.constData());
        QVERIFY2(answer.body.contains("the disk is full"), answer.body.constData());
    }

    void noPlanIsMadeOfAnOldFleet() {
        ApiFixture api;
        const QByteArray wish = "{\"action\":\"terminate\",\"ids\":[\"" +
                                api.deploy().value().toUtf8() + "\"],\"reason\":\"a test\"}";
        const auto planned = [&] {
            return api.post(QStringLiteral("/actions/plan"), wish, QStringLiteral("operator"));
        };
        QCOMPARE(planned().status, 200);
        takeAway(api);
        QCOMPARE(planned().status, 503);
        QCOMPARE(planned().error(), QStringLiteral("store_unavailable"));
    }
};

QTEST_GUILESS_MAIN(TestApiStoreAway)
#include "tst_apistoreaway.moc"
