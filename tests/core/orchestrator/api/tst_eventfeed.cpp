#include "core/orchestrator/api/eventfeed.h"
#include "tests/core/orchestrator/api/apifixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// Somebody who listens, and what he has heard since he last looked.
class Ear {
public:
    Ear(ApiFixture& api, const QString& query, const QByteArray& lastEventId = {}) : m_api(api) {
        HttpHeaders headers;
        if (!lastEventId.isEmpty())
            headers.emplaceBack("Last-Event-ID", lastEventId);
        answer = api.call({"GET",
                           QStringLiteral("/events/stream") + query,
                           QStringLiteral("viewer"),
                           {},
                           headers});
    }
    QByteArray hears() {
        m_api.clock.advance(EventFeed::gatherFor);
        return answer.stream->take().bytes;
    }
    static QByteArray lastId(const QByteArray& heard) {
        const qsizetype at = heard.lastIndexOf("id: ");
        return heard.mid(at + 4, heard.indexOf('\n', at) - at - 4);
    }
    Answer answer;

private:
    ApiFixture& m_api;
};

} // namespace

class TestEventFeed : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void helloThenChangesAndLog() {
        ApiFixture api;
        Ear ear(api, QStringLiteral("?topics=instances,actions"));
        QCOMPARE(ear.answer.status, 200);
        QCOMPARE(ear.answer.header("Cache-Control"), QByteArray("no-store"));
        const QByteArray hello = ear.hears();
        QVERIFY2(hello.contains("event: hello\n") && hello.contains("\"resync\":false"),
                 hello.constData());
        const InstanceId id = api.deploy();
        const QByteArray heard = ear.hears();
        QVERIFY2(heard.contains("event: instance.updated\ndata: {\"ids\":[\"" +
                                id.value().toUtf8() + "\"],\"emitted_at\":"),
                 heard.constData());
        QVERIFY(heard.contains("event: action_log.created\n"));
        QVERIFY(heard.contains("\"instance_ids\":[\"" + id.value().toUtf8() + "\"]"));
    }

    void heartbeatsAreNoNews() {
        ApiFixture api;
        const InstanceId id = api.deploy();
        Ear ear(api, {});
        ear.hears();
        Heartbeat beat;
        beat.instanceId = id;
        beat.status = WorkerStatus::Starting;
        api.plane.beat(beat);
        QCOMPARE(ear.hears(), QByteArray());
        Testimony suspect;
        suspect.judgement.verdict = Verdict::Suspect;
        api.plane.setTestimony(*api.plane.entry(id), suspect); // a verdict is
        QVERIFY(ear.hears().contains(id.value().toUtf8()));
    }

    void topicsAndInstancesAreFilters() {
        ApiFixture api;
        const InstanceId mine = api.deploy();
        Ear actions(api, QStringLiteral("?topics=actions"));
        Ear one(api, QStringLiteral("?topics=instances&instance_id=") + mine.value());
        actions.hears();
        one.hears();
        const InstanceId other = api.deploy();
        QVERIFY(!actions.hears().contains("instance.updated"));
        QCOMPARE(one.hears(), QByteArray());
        api.boot(mine);
        const QByteArray heard = one.hears();
        QVERIFY(heard.contains(mine.value().toUtf8()) && !heard.contains(other.value().toUtf8()));
        const auto bad = api.get(QStringLiteral("/events/stream?topics=weather"));
        QCOMPARE(bad.status, 400);
        QVERIFY(bad.text("message").contains(QLatin1String("weather")));
        QCOMPARE(api.get(QStringLiteral("/events/stream?instance_id=x")).status, 400);
    }

    void whoComesBackMissesNothing() {
        ApiFixture api;
        Ear first(api, QStringLiteral("?topics=instances"));
        const QByteArray at = Ear::lastId(first.hears());
        QList<QByteArray> ids;
        for (int i = 0; i < 3; ++i) {
            ids.append(api.deploy().value().toUtf8());
            api.clock.advance(EventFeed::gatherFor);
        }
        Ear again(api, QStringLiteral("?topics=instances"), at);
        const QByteArray heard = again.hears();
        QVERIFY(heard.contains("\"resync\":false"));
        for (const QByteArray& id : ids)
            QCOMPARE(heard.count(id), 1);
        // From there on nothing twice.
        Ear third(api, QStringLiteral("?topics=instances"), Ear::lastId(heard));
        QVERIFY(!third.hears().contains("instance.updated"));
    }

    void whatIsNoLongerKeptAsksForEverything() {
        ApiFixture api;
        Ear first(api, {});
        const QByteArray at = Ear::lastId(first.hears());
        for (size_t i = 0; i < EventFeed::kept + 1; ++i)
            api.events.publish(QStringLiteral("finops"), "finops.cost", "{}");
        QVERIFY(Ear(api, {}, at).hears().contains("\"resync\":true"));
        QVERIFY(Ear(api, {}, "another-daemon-7").hears().contains("\"resync\":true"));
        QVERIFY(Ear(api, {}, "rubbish").hears().contains("\"resync\":true"));
    }

    void aBurstOfFinopsCostsOthersNothing() {
        ApiFixture api;
        const QString query = QStringLiteral("?topics=instances");
        Ear first(api, query);
        const QByteArray at = Ear::lastId(first.hears());
        const QByteArray id = api.deploy().value().toUtf8();
        api.clock.advance(EventFeed::gatherFor);
        for (size_t i = 0; i < EventFeed::kept + 1; ++i)
            api.events.publish(QStringLiteral("finops"), "finops.cost", "{}");
        Ear again(api, query, at);
        const QByteArray heard = again.hears();
        QVERIFY(heard.contains("\"resync\":false"));
        QCOMPARE(heard.count(id), 1);
    }

    void tooMuchToReplayAsksForEverything() {
        ApiFixture api;
        const QString query = QStringLiteral("?topics=finops");
        Ear first(api, query);
        const QByteArray at = Ear::lastId(first.hears());
        const QByteArray data = "{\"x\":\"" + QByteArray(1000, 'x') + "\"}";
        for (int i = 0; i < 300; ++i)
            api.events.publish(QStringLiteral("finops"), "finops.cost", data);
        Ear again(api, query, at);
        const QByteArray heard = again.hears();
        QVERIFY(!again.answer.stream->isDropped());
        QVERIFY(heard.contains("\"resync\":true") && !heard.contains("finops.cost"));
        Ear third(api, query, Ear::lastId(heard)); // no loop
        QVERIFY(third.hears().contains("\"resync\":false"));
    }

    void keepAlivesAndThoseWhoLeft() {
        ApiFixture api;
        Ear ear(api, {});
        Ear gone(api, {});
        ear.hears();
        gone.hears();
        QCOMPARE(api.events.listeners(), 2);
        gone.answer.stream->clientLeft();
        api.clock.advance(EventFeed::keepAliveEvery);
        QCOMPARE(api.events.listeners(), 1);
        QCOMPARE(ear.answer.stream->take().bytes, QByteArray(": keep-alive\n\n"));
    }

    void whoReadsTooSlowlyIsDropped() {
        ApiFixture api;
        Ear slow(api, {});
        const QByteArray data = "{\"x\":\"" + QByteArray(1000, 'x') + "\"}";
        for (int i = 0; i < 1000; ++i)
            api.events.publish(QStringLiteral("finops"), "finops.cost", data);
        QVERIFY(slow.answer.stream->isDropped());
        api.clock.advance(EventFeed::keepAliveEvery);
        QCOMPARE(api.events.listeners(), 0);
    }

    void stoppingEndsTheStreams() {
        ApiFixture api;
        Ear ear(api, {});
        ear.hears();
        api.events.stop();
        QVERIFY(ear.answer.stream->take().ended);
    }
};

QTEST_GUILESS_MAIN(TestEventFeed)
#include "tst_eventfeed.moc"
