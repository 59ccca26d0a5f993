#include "tests/core/orchestrator/api/apifixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const QString providerBreaker = QStringLiteral("provider:fake");
const QString place = QStringLiteral("/circuit_breakers/provider:fake");
const QString operatorRole = QStringLiteral("operator");
const QByteArray forcing = "{\"override\":\"forced_open\",\"reason\":\"they are mending it\"}";

} // namespace

class TestApiBreakers : public QObject {
    Q_OBJECT

private:
    struct Fixture : ApiFixture {
        Fixture() {
            Breaker breaker;
            breaker.name = providerBreaker;
            breakers.push_back(breaker);
            breakerControl.states.insert(providerBreaker, QStringLiteral("none"));
        }
        QString state() const { return breakerControl.states.value(providerBreaker); }
        QJsonArray log() {
            return get(QStringLiteral("/action_logs?action_type=BREAKER_OVERRIDE")).array();
        }
    };

private Q_SLOTS:
    void anOverrideIsImposedLoggedAndTakenBack() {
        Fixture f;
        const Answer forced = f.post(place, forcing, operatorRole);
        QVERIFY2(forced.status == 200, forced.body.constData());
        QCOMPARE(forced.text("name"), providerBreaker);
        QCOMPARE(f.state(), QStringLiteral("forced_open by operator"));
        const QJsonObject row = f.log().at(0).toObject();
        QCOMPARE(row.value(QLatin1String("status")).toString(), QStringLiteral("in_progress"));
        QCOMPARE(row.value(QLatin1String("user_id")).toString(), operatorRole);

        const Answer lifted =
            f.post(place, "{\"override\":\"none\",\"reason\":\"mended\"}", operatorRole);
        QVERIFY2(lifted.status == 200, lifted.body.constData());
        QCOMPARE(f.state(), QStringLiteral("none"));
        QCOMPARE(f.log().size(), 2);
        for (const QJsonValue& each : f.log())
            QCOMPARE(each.toObject().value(QLatin1String("status")).toString(),
                     QStringLiteral("success"));
    }

    void aNewerOneTakesThePlaceOfTheOlder() {
        Fixture f;
        QCOMPARE(f.post(place, forcing, operatorRole).status, 200);
        QCOMPARE(
            f.post(place, "{\"override\":\"metrics_only\",\"reason\":\"a look\"}", operatorRole)
                .status,
            200);
        QCOMPARE(f.state(), QStringLiteral("metrics_only by operator"));
        int standing = 0;
        for (const QJsonValue& each : f.log())
            standing += each.toObject().value(QLatin1String("status")) ==
                        QJsonValue(QStringLiteral("in_progress"));
        QCOMPARE(standing, 1);
    }

    /// What another replica, or this one before a restart, wrote is imposed by the next look.
    void itHoldsElsewhereAndAfterARestart() {
        Fixture f;
        QCOMPARE(f.post(place, forcing, operatorRole).status, 200);
        FakeBreakers elsewhere;
        elsewhere.states.insert(providerBreaker, QStringLiteral("none"));
        BreakerOverrides other(f.plane, elsewhere);
        other.start(); // looks at once, then every second
        QTRY_COMPARE(elsewhere.states.value(providerBreaker),
                     QStringLiteral("forced_open by operator"));
        f.post(place, "{\"override\":\"none\",\"reason\":\"mended\"}", operatorRole);
        f.clock.advance(1s);
        QTRY_COMPARE(elsewhere.states.value(providerBreaker), QStringLiteral("none"));
        other.stop();
    }

    void itEndsWhenItsTimeIsOver() {
        Fixture f;
        QCOMPARE(f.post(place,
                        "{\"override\":\"disabled\",\"reason\":\"a test\",\"expires_in_s\":60}",
                        operatorRole)
                     .status,
                 200);
        QCOMPARE(f.state(), QStringLiteral("disabled by operator"));
        f.clock.advance(59s);
        QVERIFY(await(f.overrides.refresh())->has_value());
        QCOMPARE(f.state(), QStringLiteral("disabled by operator"));
        f.clock.advance(2s);
        QVERIFY(await(f.overrides.refresh())->has_value());
        QCOMPARE(f.state(), QStringLiteral("none"));
        QCOMPARE(f.log().at(0).toObject().value(QLatin1String("status")).toString(),
                 QStringLiteral("success"));
    }

    void anUnknownNameIsNeverMade() {
        Fixture f;
        for (const char* name : {"provider:fak", "x", "provider%3Afake%20"}) {
            const Answer answer = f.post(QStringLiteral("/circuit_breakers/") + QLatin1String(name),
                                         forcing, operatorRole);
            QCOMPARE(answer.status, 404);
            QCOMPARE(answer.error(), QStringLiteral("breaker_not_found"));
        }
        QCOMPARE(f.get(QStringLiteral("/circuit_breakers/x/calls")).status, 404);
        QCOMPARE(f.get(QStringLiteral("/circuit_breakers")).array().size(), 1);
        QVERIFY(f.log().isEmpty());
    }

    void rolesAreKept() {
        Fixture f;
        QCOMPARE(f.post(place, forcing, QStringLiteral("viewer")).status, 403);
        QCOMPARE(f.post(place, forcing, QStringLiteral("metrics")).status, 403);
        QCOMPARE(f.post(place, forcing, {}).status, 401);
        QCOMPARE(f.post(place, forcing, QStringLiteral("admin")).status, 200);
    }

    void badBodiesAreToldWhatIsExpected_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << QByteArray() << "the body is empty";
        QTest::newRow("rubbish") << QByteArray("{x") << "the body is not JSON";
        QTest::newRow("no state") << QByteArray("{\"reason\":\"x\"}") << "field \"override\" must";
        QTest::newRow("a state that is computed")
            << QByteArray("{\"override\":\"open\",\"reason\":\"x\"}")
            << "forced_open, forced_closed, disabled, metrics_only or none, not \"open\"";
        QTest::newRow("no reason")
            << QByteArray("{\"override\":\"disabled\"}") << "field \"reason\" must";
        QTest::newRow("blank reason")
            << QByteArray("{\"override\":\"none\",\"reason\":\"  \"}") << "field \"reason\" must";
        QTest::newRow("no end") << QByteArray("{\"override\":\"disabled\",\"reason\":\"x\","
                                              "\"expires_in_s\":0}")
                                << "field \"expires_in_s\" must";
        // Without an end that is in force it would stand for ever.
        QTest::newRow("misspelt end")
            << QByteArray("{\"override\":\"disabled\",\"reason\":\"x\",\"expires_in\":60}")
            << "field \"expires_in\" is not known; there are: override, reason, expires_in_s";
        QTest::newRow("an end that is text")
            << QByteArray("{\"override\":\"disabled\",\"reason\":\"x\",\"expires_in_s\":\"soon\"}")
            << "field \"expires_in_s\" must";
    }
    void badBodiesAreToldWhatIsExpected() {
        QFETCH(QByteArray, body);
        QFETCH(QString, says);
        Fixture f;
        const Answer answer = f.post(place, body, operatorRole);
        QCOMPARE(answer.status, 400);
        QVERIFY2(answer.text("message").contains(says), answer.body.constData());
        QCOMPARE(f.state(), QStringLiteral("none"));
        QVERIFY(f.log().isEmpty());
    }

    /// Nothing acts that is not written down.
    void withoutTheStoreNothingIsImposed() {
        Fixture f;
        f.breakable->broken = true;
        QCOMPARE(f.post(place, forcing, operatorRole).status, 503);
        QCOMPARE(f.state(), QStringLiteral("none"));
    }

    void latencyIsBucketCounts() {
        Fixture f;
        f.deploy();
        const Answer answer = f.get(QStringLiteral("/latency?name=store&window_s=60"));
        QCOMPARE(answer.status, 200);
        const QJsonArray found = answer.object().value(QLatin1String("latencies")).toArray();
        QCOMPARE(found.size(), 1);
        const QJsonObject store = found.at(0).toObject();
        double counted = 0;
        for (const QJsonValue& bucket : store.value(QLatin1String("buckets")).toArray())
            counted += bucket.toObject().value(QLatin1String("count")).toDouble();
        QVERIFY(counted >= 1);
        QCOMPARE(counted, store.value(QLatin1String("count")).toDouble());
        f.clock.advance(20min);
        QCOMPARE(f.get(QStringLiteral("/latency?name=store&window_s=60"))
                     .object()
                     .value(QLatin1String("latencies"))
                     .toArray()
                     .at(0)
                     .toObject()
                     .value(QLatin1String("count"))
                     .toInt(-1),
                 0);
        QCOMPARE(f.get(QStringLiteral("/latency?name=nothing")).status, 404);
        QCOMPARE(f.get(QStringLiteral("/latency?window_s=9")).status, 400);
        QCOMPARE(f.get(QStringLiteral("/latency?window_s=901")).status, 400);
    }
};

QTEST_GUILESS_MAIN(TestApiBreakers)
#include "tst_apibreakers.moc"
