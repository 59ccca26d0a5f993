#include "tests/core/orchestrator/api/apifixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace vigie;

/// Simulations over HTTP: on a thread of their own, one at a time, bounded, abortable.
class TestApiSimulations : public QObject {
    Q_OBJECT

    static Answer begin(ApiFixture& api, const QByteArray& body) {
        return api.post(QStringLiteral("/simulations"), body, QStringLiteral("operator"));
    }
    static QString pathOf(const Answer& begun) {
        return QStringLiteral("/simulations/") + begun.text("simulation_id");
    }

private Q_SLOTS:
    void theScenariosAreListed() {
        ApiFixture api;
        const QJsonArray all =
            QJsonDocument::fromJson(api.get(QStringLiteral("/scenarios")).body).array();
        QCOMPARE(all.size(), qsizetype(builtInScenarios().size()));
        QStringList names;
        for (const QJsonValue& each : all) {
            names.append(each.toObject().value(QLatin1String("name")).toString());
            QVERIFY(!each.toObject().value(QLatin1String("summary")).toString().isEmpty());
        }
        QVERIFY(names.contains(QStringLiteral("crash")));
    }

    // The code of `vigied simulate`, while everything else goes on.
    void aScoreIsMadeMeanwhile() {
        ApiFixture api;
        const Answer begun = begin(api, "{\"scenario\":\"crash\",\"seed\":3}");
        QCOMPARE(begun.status, 202);
        QCOMPARE(begun.text("state"), QStringLiteral("running"));
        QCOMPARE(api.get(QStringLiteral("/instances")).status, 200);
        QTRY_COMPARE_WITH_TIMEOUT(api.get(pathOf(begun)).text("state"), QStringLiteral("done"),
                                  120'000);
        const QJsonObject told = QJsonDocument::fromJson(api.get(pathOf(begun)).body).object();
        const QJsonArray scores = told.value(QLatin1String("scores")).toArray();
        QCOMPARE(scores.size(), 1);
        const QJsonObject score = scores[0].toObject();
        QCOMPARE(score.value(QLatin1String("seed")).toInt(), 3);
        QCOMPARE(score.value(QLatin1String("simulated_worker_hours")).toDouble(), 480.0);
        QVERIFY(score.value(QLatin1String("automatic_actions")).toInt() > 0);
        QCOMPARE(score.value(QLatin1String("missed_deaths")).toInt(-1), 0);
        QCOMPARE(score.value(QLatin1String("false_kills")).toInt(-1), 0);
        QCOMPARE(told.value(QLatin1String("actor")).toString(), QStringLiteral("operator"));
        QCOMPARE(
            QJsonDocument::fromJson(api.get(QStringLiteral("/simulations")).body).array().size(),
            1);
    }

    void oneAtATimeAndAbortable() {
        ApiFixture api;
        const Answer begun = begin(api, "{\"scenario\":\"all\",\"seeds\":20}");
        QCOMPARE(begun.status, 202);
        const Answer refused = begin(api, "{\"scenario\":\"crash\"}");
        QCOMPARE(refused.status, 409);
        QCOMPARE(refused.text("error"), QStringLiteral("simulation_running"));
        const Answer ending =
            api.post(pathOf(begun) + QStringLiteral("/abort"), "{}", QStringLiteral("operator"));
        QCOMPARE(ending.text("state"), QStringLiteral("aborting"));
        QTRY_COMPARE_WITH_TIMEOUT(api.get(pathOf(begun)).text("state"), QStringLiteral("aborted"),
                                  30'000);
        const Answer next = begin(api, "{\"scenario\":\"all\",\"seeds\":20}");
        QCOMPARE(next.status, 202);
    } // and a daemon that ends does not wait for it

    void badOrdersAreNamed_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::newRow("empty") << QByteArray() << 400;
        QTest::newRow("array") << QByteArray("[]") << 400;
        QTest::newRow("none") << QByteArray("{}") << 400;
        QTest::newRow("field") << QByteArray("{\"scenario\":\"crash\",\"threads\":99}") << 400;
        QTest::newRow("seeds") << QByteArray("{\"scenario\":\"crash\",\"seeds\":101}") << 400;
        QTest::newRow("half") << QByteArray("{\"scenario\":\"crash\",\"seeds\":1.5}") << 400;
        QTest::newRow("negative") << QByteArray("{\"scenario\":\"crash\",\"seed\":-1}") << 400;
        QTest::newRow("unknown") << QByteArray("{\"scenario\":\"../x\"}") << 404;
        QTest::newRow("too large") << QByteArray("{\"scenario\":\"all\",\"seeds\":100}") << 400;
    }
    void badOrdersAreNamed() {
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        ApiFixture api;
        const Answer answer = begin(api, body);
        QVERIFY2(answer.status == status, answer.body.constData());
        QVERIFY(!answer.text("message").isEmpty());
        QCOMPARE(api.get(QStringLiteral("/simulations")).body, QByteArray("[]"));
        QCOMPARE(api.get(QStringLiteral("/simulations/x")).status, 404);
    }
};

QTEST_GUILESS_MAIN(TestApiSimulations)
#include "tst_apisimulations.moc"
