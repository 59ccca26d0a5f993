#include "core/base/timeformat.h"
#include "tests/core/orchestrator/api/apifixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

Answer fleet(ApiFixture& api, const QString& since = {}, const QByteArray& etag = {}) {
    HttpHeaders headers;
    if (!etag.isEmpty())
        headers.emplaceBack("If-None-Match", etag);
    const QString query = since.isEmpty() ? QString() : QStringLiteral("?since=") + since;
    return api.call(
        {"GET", QStringLiteral("/fleet") + query, QStringLiteral("viewer"), {}, headers});
}

QStringList idsIn(const Answer& answer) {
    QStringList ids;
    for (const QJsonValue& row : answer.object().value(QLatin1String("instances")).toArray())
        ids.append(row.toObject().value(QLatin1String("id")).toString());
    return ids;
}

bool isFull(const Answer& answer) {
    return answer.object().value(QLatin1String("full")).toBool();
}

} // namespace

class TestApiFleet : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theWholeFleet() {
        ApiFixture api;
        const InstanceId a = api.deploy();
        const InstanceId b = api.deploy();
        const Answer answer = fleet(api);
        QCOMPARE(answer.status, 200);
        QVERIFY(isFull(answer));
        QCOMPARE(idsIn(answer), (QStringList{a.value(), b.value()}));
        QVERIFY(fromRfc3339(answer.text("server_time")) == api.clock.wallNow());
        const QJsonObject object = answer.object();
        for (const char* list : {"removed", "volumes", "breakers", "jobs", "alerts"})
            QVERIFY2(object.value(QLatin1String(list)).isArray(), list);
        QVERIFY(object.value(QLatin1String("automation")).isObject());
        QVERIFY(!answer.header("ETag").isEmpty());
    }

    void onlyWhatChanged() {
        ApiFixture api;
        const InstanceId a = api.deploy();
        const InstanceId b = api.deploy();
        const QString cursor = fleet(api).text("cursor");
        const Answer nothing = fleet(api, cursor);
        QVERIFY(!isFull(nothing));
        QVERIFY(idsIn(nothing).isEmpty());
        QCOMPARE(nothing.text("cursor"), cursor);

        api.boot(b);
        const Answer changed = fleet(api, cursor);
        QVERIFY(!isFull(changed));
        QCOMPARE(idsIn(changed), QStringList{b.value()});

        const QString later = changed.text("cursor");
        QVERIFY(later != cursor);
        QVERIFY(idsIn(fleet(api, later)).isEmpty());
        QCOMPARE(idsIn(fleet(api, cursor)), QStringList{b.value()});
        Q_UNUSED(a);
    }

    void theArchivedAreRemoved() {
        ApiFixture api;
        const InstanceId id = api.deploy();
        api.move(id, TransitionCause::TerminateAsked);
        api.move(id, TransitionCause::ProviderConfirmedGone);
        const QString cursor = fleet(api).text("cursor");
        api.move(id, TransitionCause::ArchiveAsked);
        const Answer delta = fleet(api, cursor);
        QVERIFY(idsIn(delta).isEmpty());
        QCOMPARE(delta.object().value(QLatin1String("removed")).toArray().first().toString(),
                 id.value());
        QVERIFY(idsIn(fleet(api)).isEmpty());
    }

    void unknownCursorsGetEverything_data() {
        QTest::addColumn<QString>("cursor");
        QTest::newRow("rubbish") << "rubbish";
        QTest::newRow("dots") << "a.b.c";
        QTest::newRow("of the future") << "%1.999999.%2";
        QTest::newRow("negative") << "%1.-1.%2";
        QTest::newRow("of another daemon") << "x%1.1.%2";
        QTest::newRow("one part more") << "%1.1.%2.3";
    }
    void unknownCursorsGetEverything() {
        QFETCH(QString, cursor);
        ApiFixture api;
        const InstanceId id = api.deploy();
        const QStringList parts = fleet(api).text("cursor").split(QLatin1Char('.'));
        cursor.replace(QLatin1String("%1"), parts.at(0)).replace(QLatin1String("%2"), parts.at(2));
        const Answer answer = fleet(api, cursor);
        QCOMPARE(answer.status, 200);
        QVERIFY(isFull(answer));
        QCOMPARE(idsIn(answer), QStringList{id.value()});
    }

    void notModified() {
        ApiFixture api;
        api.deploy();
        const QByteArray etag = fleet(api).header("ETag");
        const Answer same = fleet(api, {}, etag);
        QCOMPARE(same.status, 304);
        QVERIFY(same.body.isEmpty());
        QCOMPARE(same.header("ETag"), etag);
        api.deploy();
        QCOMPARE(fleet(api, {}, etag).status, 200);
        const QByteArray now = fleet(api).header("ETag");
        api.sides.breakers = "[{\"name\":\"x\"}]";
        QCOMPARE(fleet(api, {}, now).status, 200);
    }

    void oneBodyServesMany() {
        ApiFixture api;
        api.deploy();
        const auto bytes = [&] {
            FleetFeed::Ask ask;
            return await(api.feed.answer(ask, {}))->body;
        };
        const auto first = bytes();
        QCOMPARE(bytes().get(), first.get());
        api.deploy();
        QVERIFY(bytes().get() != first.get());
        // server_time may lag a little, not more.
        const auto second = bytes();
        api.clock.advance(1s);
        QVERIFY(bytes().get() != second.get());
    }

    void heldUntilSomethingChanges() {
        ApiFixture api;
        const InstanceId id = api.deploy();
        const QString cursor = fleet(api).text("cursor");
        const QString path = QStringLiteral("/fleet?wait=30&since=") + cursor;
        const auto held = api.begin({"GET", path, QStringLiteral("viewer"), {}, {}});
        api.clock.advance(5s);
        QCOMPARE(held->status, 0);
        QCOMPARE(api.feed.waiting(), 1);
        api.boot(id);
        api.clock.advance(100ms); // changes gather
        QTRY_COMPARE(held->status, 200);
        QCOMPARE(idsIn(*held), QStringList{id.value()});
        QCOMPARE(api.feed.waiting(), 0);
    }

    void aTagIsFoundInAList() {
        ApiFixture api;
        api.deploy();
        const QByteArray tag = fleet(api).header("ETag");
        const QByteArray named[] = {tag, "W/" + tag, "\"x\", " + tag, "*"};
        for (const QByteArray& each : named)
            QCOMPARE(fleet(api, {}, each).status, 304);
        for (const QByteArray& each : {QByteArray("\"x\""), tag.sliced(1)})
            QCOMPARE(fleet(api, {}, each).status, 200);
    }

    void heldUntilTheWaitIsOver() {
        ApiFixture api;
        api.deploy();
        const Answer before = fleet(api);
        const QString path = QStringLiteral("/fleet?wait=10&since=") + before.text("cursor");
        const auto held = api.begin({"GET",
                                     path,
                                     QStringLiteral("viewer"),
                                     {},
                                     {{"If-None-Match", before.header("ETag")}}});
        api.clock.advance(9900ms);
        QCOMPARE(held->status, 0);
        api.clock.advance(200ms);
        QTRY_COMPARE(held->status, 304);
    }

    void heldCallsSeeBreakersChange() {
        ApiFixture api;
        api.deploy();
        const QString path = QStringLiteral("/fleet?wait=30&since=") + fleet(api).text("cursor");
        const auto held = api.begin({"GET", path, QStringLiteral("viewer"), {}, {}});
        api.sides.mark = "open";
        api.clock.advance(2s);
        QTRY_COMPARE(held->status, 200);
        QVERIFY(!isFull(*held));
    }

    void withoutAKnownCursorNothingIsHeld() {
        ApiFixture api;
        QCOMPARE(api.get(QStringLiteral("/fleet?wait=30")).status, 200);
        QCOMPARE(api.get(QStringLiteral("/fleet?wait=30&since=x")).status, 200);
    }

    void stoppingLetsHeldCallsGo() {
        ApiFixture api;
        api.deploy();
        const QString path = QStringLiteral("/fleet?wait=60&since=") + fleet(api).text("cursor");
        const auto held = api.begin({"GET", path, QStringLiteral("viewer"), {}, {}});
        QCOMPARE(held->status, 0);
        api.api.stop();
        QVERIFY(held->status != 0);
    }
};

QTEST_GUILESS_MAIN(TestApiFleet)
#include "tst_apifleet.moc"
