#include "tests/core/orchestrator/api/apifixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

QJsonArray eventsAt(ApiFixture& api, const QString& query = {}) {
    const Answer answer = api.get(QStringLiteral("/finops/events") + query);
    return answer.status == 200 ? QJsonDocument::fromJson(answer.body).array() : QJsonArray();
}

QString typeOf(const QJsonValue& event) {
    return event.toObject().value(QLatin1String("event_type")).toString();
}

} // namespace

/// What machines cost, told as it happens and kept.
class TestApiFinops : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void costsAreToldOnceAndKept() {
        ApiFixture api;
        const Answer stream = api.call({"GET",
                                        QStringLiteral("/events/stream?topics=finops"),
                                        QStringLiteral("viewer"),
                                        {},
                                        {}});
        const auto hears = [&](const char* word) {
            api.clock.advance(FinopsFeed::gatherFor);
            QCoreApplication::processEvents();
            heard += stream.stream->take().bytes;
            return heard.contains(word);
        };
        const InstanceId id = api.deploy();
        QVERIFY(eventsAt(api).isEmpty()); // an instance without a machine
        api.boot(id);
        api.clock.advance(1h);
        api.move(id, TransitionCause::TerminateAsked);
        api.move(id, TransitionCause::ProviderConfirmedGone);
        QTRY_VERIFY(hears("EVT:COST_STOPPED"));
        QCOMPARE(heard.count("event: finops.cost\n"), 3);
        for (const char* type : {"EVT:COST_STARTED", "EVT:COST_UPDATED", "EVT:COST_STOPPED"})
            QCOMPARE(heard.count(type), 1);

        const QJsonArray kept = eventsAt(api);
        QCOMPARE(kept.size(), 3);
        QCOMPARE(typeOf(kept[0]), QStringLiteral("EVT:COST_STARTED"));
        const QJsonObject last = kept[2].toObject();
        QCOMPARE(last.value(QLatin1String("instance_id")).toString(), id.value());
        const double rate = kept[0].toObject().value(QLatin1String("cost_per_hour")).toDouble();
        QVERIFY(rate > 0);
        QCOMPARE(last.value(QLatin1String("total_cost")).toDouble(), rate); // of an hour
        QCOMPARE(api.get(ApiFixture::at(id)).object().value(QLatin1String("total_cost")).toDouble(),
                 rate);

        const int number = kept[0].toObject().value(QLatin1String("number")).toInt();
        QCOMPARE(eventsAt(api, QStringLiteral("?after=%1").arg(number)).size(), 2);
        QCOMPARE(eventsAt(api, QStringLiteral("?limit=1")).size(), 1);
        QCOMPARE(typeOf(eventsAt(api, QStringLiteral("?limit=1"))[0]),
                 QStringLiteral("EVT:COST_STOPPED")); // the newest
        QVERIFY(eventsAt(api, QStringLiteral("?instance_id=") + newUuid()).isEmpty());
    }

    void whoListensToAnotherInstanceHearsNothing() {
        ApiFixture api;
        const InstanceId id = api.deploy();
        const auto listen = [&](const QString& instance) {
            return api
                .call({"GET",
                       QStringLiteral("/events/stream?topics=finops&instance_id=") + instance,
                       QStringLiteral("viewer"),
                       {},
                       {}})
                .stream;
        };
        const auto mine = listen(id.value());
        const auto other = listen(newUuid());
        api.boot(id);
        QByteArray own;
        const auto hears = [&] {
            api.clock.advance(FinopsFeed::gatherFor);
            QCoreApplication::processEvents();
            own += mine->take().bytes;
            return own.contains("EVT:COST_STARTED");
        };
        QTRY_VERIFY(hears());
        QVERIFY(!other->take().bytes.contains("finops.cost"));
    }

    void badQueriesAreNamed_data() {
        QTest::addColumn<QString>("query");
        QTest::newRow("after") << QStringLiteral("?after=x");
        QTest::newRow("after, negative") << QStringLiteral("?after=-2");
        QTest::newRow("after, empty") << QStringLiteral("?after=");
        QTest::newRow("after 2^63") << QStringLiteral("?after=9223372036854775808");
        QTest::newRow("limit 0") << QStringLiteral("?limit=0");
        QTest::newRow("limit") << QStringLiteral("?limit=1001");
        QTest::newRow("instance") << QStringLiteral("?instance_id=x");
    }
    void badQueriesAreNamed() {
        QFETCH(QString, query);
        ApiFixture api;
        const Answer answer = api.get(QStringLiteral("/finops/events") + query);
        QCOMPARE(answer.status, 400);
        QCOMPARE(answer.text("error"), QStringLiteral("invalid_request"));
    }

    void numbersHave64Bits() {
        ApiFixture api;
        const auto answer = api.get(QStringLiteral("/finops/events?after=9223372036854775807"));
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.body.trimmed(), QByteArray("[]"));
    }

    void anAwayStoreIsNoEmptyList() {
        ApiFixture api;
        api.breakable->broken = true;
        QCOMPARE(api.get(QStringLiteral("/finops/events")).status, 503);
        QCOMPARE(api.post(QStringLiteral("/reconcile"), "{}", QStringLiteral("operator")).status,
                 503);
    }

    // The order is in the store before it is answered.
    void ordersGoIntoTheQueue() {
        ApiFixture api;
        const auto metrics = [&] { return api.get(QStringLiteral("/metrics")).body; };
        QVERIFY(metrics().contains("vigie_commands_queued{command=\"RECONCILE\"} 0"));
        QCOMPARE(api.post(QStringLiteral("/reconcile"), "{bad", QStringLiteral("operator")).status,
                 400);
        QCOMPARE(api.post(QStringLiteral("/reconcile"), "{}", QStringLiteral("operator")).status,
                 202);
        QCOMPARE(api.post(QStringLiteral("/catalog/sync"), "{}", QStringLiteral("operator")).status,
                 202);
        const auto asked = [&api](const char* type) {
            return api.get(QStringLiteral("/action_logs?action_type=") + QLatin1String(type))
                .array()
                .size();
        };
        QCOMPARE(asked("RECONCILE"), 1);
        QCOMPARE(asked("SYNC_CATALOG"), 1);
        QTRY_VERIFY(metrics().contains("vigie_commands_total{result=\"done\"} 2"));
        QCOMPARE(api.provider.syncs, 1);
        api.deploy(); // no job runs here: it waits
        api.clock.advance(10s);
        QTRY_VERIFY(metrics().contains("vigie_commands_queued{command=\"PROVISION\"} 1"));
        QTRY_VERIFY(metrics().contains("vigie_commands_in_hand 1"));
        QVERIFY(metrics().contains("vigie_commands_oldest_seconds 10"));
    }

private:
    QByteArray heard;
};

QTEST_GUILESS_MAIN(TestApiFinops)
#include "tst_apifinops.moc"
