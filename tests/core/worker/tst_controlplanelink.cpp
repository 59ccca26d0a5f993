#include "core/model/heartbeatcodec.h"
#include "core/worker/controlplanelink.h"
#include "tests/support/fakeclock.h"
#include "tests/support/faultyserver.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const QByteArray registerTarget = "/internal/worker/register";
const QByteArray beatTarget = "/internal/worker/heartbeat";
const Fault accepted = faults::json(200, R"({"status":"ok"})");

/// A link to a server that plays a control plane.
struct Rig {
    FakeClock clock;
    FaultyServer server;
    HttpClient client{clock};
    EventLog events{clock, 100, true};
    int beatsMade = 0;
    std::unique_ptr<ControlPlaneLink> link;

    Rig() {
        LinkOptions options;
        options.controlPlane = server.url(QString());
        options.secret = QStringLiteral("bootstrap");
        link = std::make_unique<ControlPlaneLink>(
            clock, client, events, options,
            [] {
                Registration r;
                r.instanceId = InstanceId(QStringLiteral("i-1"));
                r.workerId = QStringLiteral("w-1");
                r.healthPort = 4711;
                return r;
            },
            [this] {
                Heartbeat h;
                h.instanceId = InstanceId(QStringLiteral("i-1"));
                h.queueDepth = ++beatsMade;
                return h;
            });
    }
    int count(const QByteArray& target) const {
        int n = 0;
        for (const FaultyRequest& request : server.requests())
            n += request.target == target ? 1 : 0;
        return n;
    }
    FaultyRequest last() const { return server.requests().constLast(); }
    int events_(const char* type) const {
        int n = 0;
        for (const WorkerEvent& event : events.events(100, {}))
            n += event.type == QLatin1String(type) ? 1 : 0;
        return n;
    }
    QString lastEvent() const { return events.events(1, {}).at(0).message; }
    quint64 accepted_() const { return link->counts().accepted; }
};

} // namespace

class TestControlPlaneLink : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void registersThenBeatsWithTheTokenItGot() {
        Rig rig;
        rig.server.setScript([](const FaultyRequest& request) {
            return request.target == registerTarget
                       ? faults::json(200, R"({"status":"ok","bootstrap_token":"t-77"})")
                       : accepted;
        });
        rig.link->start();
        QTRY_COMPARE(rig.accepted_(), quint64(1));
        const auto& requests = rig.server.requests();
        QCOMPARE(requests[0].target, registerTarget);
        QCOMPARE(requests[0].header("Authorization"), QByteArray("Bearer bootstrap"));
        const QJsonObject registration = QJsonDocument::fromJson(requests[0].body).object();
        QCOMPARE(registration.value(QLatin1String("instance_id")).toString(),
                 QStringLiteral("i-1"));
        QCOMPARE(registration.value(QLatin1String("health_port")).toInt(), 4711);
        QCOMPARE(requests[1].target, beatTarget);
        QCOMPARE(requests[1].header("Authorization"), QByteArray("Bearer t-77"));
        QCOMPARE(rig.events_("registered"), 1);

        rig.clock.advance(3999ms);
        QCOMPARE(rig.beatsMade, 1);
        rig.clock.advance(1ms);
        QTRY_COMPARE(rig.accepted_(), quint64(2));
        QCOMPARE(rig.count(registerTarget), 1);
    }

    void keepsItsSecretWhenNoTokenIsHandedOut() {
        Rig rig;
        rig.server.setScript([](const FaultyRequest&) { return accepted; });
        rig.link->start();
        QTRY_COMPARE(rig.accepted_(), quint64(1));
        QCOMPARE(rig.last().header("Authorization"), QByteArray("Bearer bootstrap"));
    }

    void refusedRegistrations_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("says");
        QTest::newRow("401") << 401 << QByteArray(R"({"error":"unauthorized"})")
                             << QStringLiteral("WORKER_AUTH_TOKEN");
        QTest::newRow("404") << 404 << QByteArray(R"({"error":"instance_not_found"})")
                             << QStringLiteral("INSTANCE_ID");
        QTest::newRow("503") << 503 << QByteArray("<html>down</html>") << QStringLiteral("503");
        QTest::newRow("rubbish") << 200 << QByteArray("<html>") << QStringLiteral("JSON");
    }
    void refusedRegistrations() {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QString, says);
        Rig rig;
        rig.server.setScript([&](const FaultyRequest& request) {
            return rig.count(registerTarget) < 3 && request.target == registerTarget
                       ? faults::json(status, body)
                       : accepted;
        });
        rig.link->start();
        // Each try waits longer than the one before: 0.5, 1, 2 s, -+ 20 %.
        for (int tries = 1; tries <= 3; ++tries) {
            QTRY_COMPARE(rig.link->counts().failedRegistrations, quint64(tries));
            QCOMPARE(rig.beatsMade, 0);
            rig.clock.advance(tries == 1 ? 399ms : tries == 2 ? 799ms : 1599ms);
            QCOMPARE(rig.count(registerTarget), tries);
            rig.clock.advance(tries == 1 ? 202ms : tries == 2 ? 402ms : 802ms);
        }
        QTRY_COMPARE(rig.accepted_(), quint64(1));
        QCOMPARE(rig.events_("register_failed"), 1); // the same failure is told once
        const auto events = rig.events.events(100, {});
        QVERIFY2(events[0].message.contains(says), qPrintable(events[0].message));
        QVERIFY(!events[0].message.contains(QLatin1String("bootstrap\"")));
    }

    void goesOnWhenRegisteredAlready() {
        Rig rig;
        rig.server.setScript([](const FaultyRequest& request) {
            return request.target == registerTarget
                       ? faults::json(409, R"({"error":"token_already_exists_or_race"})")
                       : accepted;
        });
        rig.link->start();
        QTRY_COMPARE(rig.accepted_(), quint64(1));
        QCOMPARE(rig.last().header("Authorization"), QByteArray("Bearer bootstrap"));
        QCOMPARE(rig.events_("register_conflict"), 1);
    }

    void a401OnABeatLeadsToARegistrationAtOnce() {
        Rig rig;
        int tokens = 0;
        QByteArray valid;
        rig.server.setScript([&](const FaultyRequest& request) {
            if (request.target == registerTarget) {
                valid = "Bearer t-" + QByteArray::number(++tokens);
                return faults::json(200, R"({"bootstrap_token":"t-)" + QByteArray::number(tokens) +
                                             R"("})");
            }
            return request.header("Authorization") == valid
                       ? accepted
                       : faults::json(401, R"({"error":"unauthorized"})");
        });
        rig.link->start();
        QTRY_COMPARE(rig.accepted_(), quint64(1));
        valid = "revoked";
        rig.clock.advance(4s);
        QTRY_COMPARE(rig.accepted_(), quint64(2));
        QCOMPARE(tokens, 2);
        QCOMPARE(rig.link->counts().failed, quint64(1));
        // The bootstrap secret registers, never the token that was refused.
        for (const FaultyRequest& request : rig.server.requests())
            if (request.target == registerTarget)
                QCOMPARE(request.header("Authorization"), QByteArray("Bearer bootstrap"));
    }

    void aCircleOf401sIsSlowedDown() {
        Rig rig;
        rig.server.setScript([](const FaultyRequest& request) {
            return request.target == registerTarget ? accepted
                                                    : faults::json(401, R"({"error":"no"})");
        });
        rig.link->start();
        // Register, 401, register at once, 401, and only then a pause: the second wait, 1 s -+ 20
        // %.
        QTRY_COMPARE(rig.link->counts().failed, quint64(2));
        rig.clock.advance(799ms);
        QCOMPARE(rig.count(registerTarget), 2);
        rig.clock.advance(402ms);
        QTRY_COMPARE(rig.link->counts().failed, quint64(3));
        QCOMPARE(rig.count(registerTarget), 3);
    }

    void beatsOnWhateverIsAnswered() {
        Rig rig;
        rig.server.setScript([](const FaultyRequest&) { return accepted; });
        rig.link->start();
        QTRY_COMPARE(rig.accepted_(), quint64(1));
        const std::vector<Fault> troubles{faults::json(500, "{}"), faults::json(404, "{}"),
                                          faults::json(403, "{}"), faults::json(409, "{}"),
                                          faults::garbage(),       faults::closeWithoutAnswer(),
                                          faults::json(429, "{}"), faults::json(302, "{}")};
        quint64 failed = 0;
        for (const Fault& trouble : troubles) {
            rig.server.setScript([&](const FaultyRequest&) { return trouble; });
            rig.clock.advance(4s);
            ++failed;
            QTRY_COMPARE(rig.link->counts().failed, failed);
        }
        rig.server.setScript([](const FaultyRequest&) { return accepted; });
        rig.clock.advance(4s);
        QTRY_COMPARE(rig.accepted_(), quint64(2));
        QCOMPARE(rig.count(registerTarget), 1);
        QVERIFY(rig.lastEvent().contains(QLatin1String("accepted again after 8")));
    }

    void aControlPlaneThatRestartsIsFoundAgain() {
        Rig rig;
        rig.server.setScript([](const FaultyRequest&) { return accepted; });
        rig.link->start();
        QTRY_COMPARE(rig.accepted_(), quint64(1));
        rig.server.stop();
        for (quint64 missed = 1; missed <= 5; ++missed) {
            rig.clock.advance(4s);
            QTRY_COMPARE(rig.link->counts().failed, missed);
        }
        QVERIFY(rig.server.start());
        rig.clock.advance(4s);
        QTRY_COMPARE(rig.accepted_(), quint64(2));
        QCOMPARE(rig.count(registerTarget), 1);
        // The five that could not be delivered are gone: the newest is what arrived.
        const QJsonObject beat = QJsonDocument::fromJson(rig.last().body).object();
        QCOMPARE(beat.value(QLatin1String("queue_depth")).toInt(), 7);
        QCOMPARE(rig.count(beatTarget), 2);
    }

    void aSlowControlPlaneGetsOneBeatAtATime() {
        Rig rig;
        rig.server.setScript([](const FaultyRequest& request) {
            return request.target == registerTarget ? accepted : faults::silence();
        });
        rig.link->start();
        QTRY_COMPARE(rig.count(beatTarget), 1);
        rig.clock.advance(2999ms);
        QCOMPARE(rig.link->counts().failed, quint64(0));
        rig.clock.advance(1ms); // the client's own limit
        QTRY_COMPARE(rig.link->counts().failed, quint64(1));
        QCOMPARE(rig.count(beatTarget), 1);
        rig.clock.advance(1s); // the interval counts from the start of the beat before
        QTRY_COMPARE(rig.count(beatTarget), 2);
    }

    void stopsAndStartsAgain() {
        Rig rig;
        rig.server.setScript([](const FaultyRequest&) { return accepted; });
        rig.link->start();
        QTRY_COMPARE(rig.accepted_(), quint64(1));
        rig.link->stop();
        QCOMPARE(rig.clock.pending(), 0);
        rig.clock.advance(1min);
        QCOMPARE(rig.beatsMade, 1);
        rig.link->start();
        QTRY_COMPARE(rig.accepted_(), quint64(2));
        QCOMPARE(rig.count(registerTarget), 2);
    }
};

QTEST_GUILESS_MAIN(TestControlPlaneLink)
#include "tst_controlplanelink.moc"
