#include "core/orchestrator/daemon/peercircuits.h"
#include "core/resilience/pipeline.h"
#include "tests/support/fakeclock.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

struct Peers {
    Peers() { figures.countIn(&metrics, false); }
    std::unique_ptr<Pipeline> pipeline(const std::string& key) {
        Profile profile;
        profile.circuit->consecutiveFailures = 2;
        PipelineParts parts;
        parts.listener = &circuits;
        parts.circuits = &circuits;
        return std::make_unique<Pipeline>(key, std::move(profile), parts, clock.now());
    }
    void fail(const Pipeline& pipeline, int times) {
        for (int i = 0; i < times; ++i) {
            CircuitPermit permit = pipeline.circuit()->acquire(clock.now());
            permit.fail(clock.now(), ErrorClass::ConnectionRefused, "nobody there");
        }
    }
    QStringList names() const {
        QStringList all;
        for (const Breaker& each : circuits.breakers())
            all.append(each.name);
        return all;
    }

    FakeClock clock;
    MetricRegistry metrics;
    CallFigures figures;
    PeerCircuits circuits{clock, figures};
};

std::string keyOf(std::size_t number) {
    return "engine:" + std::to_string(1000 + number);
}

} // namespace

class TestPeerCircuits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pipelinesOfOneKeyShareABreaker() {
        Peers peers;
        auto first = peers.pipeline("engine:a");
        auto second = peers.pipeline("engine:a");
        const auto other = peers.pipeline("engine:b");
        QVERIFY(first->circuit() == second->circuit());
        QVERIFY(first->circuit() != other->circuit());
        peers.fail(*first, 2);
        QVERIFY(!second->circuit()->acquire(peers.clock.now()));
        first.reset();
        second.reset();
        const auto third = peers.pipeline("engine:a"); // of the next run
        QVERIFY(!third->circuit()->acquire(peers.clock.now()));
        QCOMPARE(peers.circuits.callsOf(QStringLiteral("engine:a"))->size(), std::size_t(2));
        QVERIFY(peers.metrics.serialize().find(
                    "vigie_circuit_breaker_opens_total{name=\"engine:a\"} 1\n") !=
                std::string::npos);
    }

    void anotherProfileKeepsItsState() {
        Peers peers;
        const auto pipeline = peers.pipeline("engine:a");
        peers.fail(*pipeline, 2);
        Profile slower = pipeline->profile();
        slower.circuit->consecutiveFailures = 9;
        QCOMPARE(pipeline->reload(slower, peers.clock.now()), std::string());
        const Breaker seen = peers.circuits.breakers().at(0);
        QVERIFY(seen.effective == BreakerMode::Open);
        QCOMPARE(seen.failureThreshold, std::optional<int>(9));
    }

    void switchedOffNothingIsShared() {
        Peers peers;
        PipelineParts parts;
        parts.circuits = &peers.circuits;
        parts.circuitEnabled = false;
        const Pipeline off("engine:a", Profile(), parts, peers.clock.now());
        QVERIFY(off.circuit()->snapshot(peers.clock.now()).effective == CircuitMode::Disabled);
        QVERIFY(peers.names().isEmpty());
    }

    void thoseThatNobodyUsesMakeRoom() {
        Peers peers;
        const auto held = peers.pipeline(keyOf(0));
        peers.fail(*peers.pipeline(keyOf(1)), 2); // open
        for (std::size_t i = 2; i < PeerCircuits::mostPeers; ++i) {
            peers.clock.advance(1ms);
            peers.pipeline(keyOf(i));
        }
        QCOMPARE(std::size_t(peers.names().size()), PeerCircuits::mostPeers);
        const auto newcomer = peers.pipeline("engine:new");
        QCOMPARE(std::size_t(peers.names().size()), PeerCircuits::mostPeers);
        QVERIFY(peers.names().contains(QStringLiteral("engine:new")));
        QVERIFY(peers.names().contains(QStringLiteral("engine:1000")));  // in use
        QVERIFY(peers.names().contains(QStringLiteral("engine:1001")));  // refuses
        QVERIFY(!peers.names().contains(QStringLiteral("engine:1002"))); // unused for longest

        peers.clock.advance(PeerCircuits::forgetAfter + 1s);
        const auto later = peers.pipeline("engine:later");
        QCOMPARE(peers.names(),
                 QStringList({QStringLiteral("engine:1000"), QStringLiteral("engine:later"),
                              QStringLiteral("engine:new")}));
    }

    /// More than there is room for: further ones have breakers of their own.
    void withoutRoomAPipelineHasItsOwn() {
        Peers peers;
        std::vector<std::unique_ptr<Pipeline>> held;
        for (std::size_t i = 0; i < PeerCircuits::mostPeers; ++i)
            held.push_back(peers.pipeline(keyOf(i)));
        const auto more = peers.pipeline("engine:more");
        peers.fail(*more, 2);
        QVERIFY(!more->circuit()->acquire(peers.clock.now()));
        QVERIFY(!peers.circuits.contains(QStringLiteral("engine:more")));
    }

    void anOrderHoldsForABreakerThatIsMadeLater() {
        Peers peers;
        const QString name = QStringLiteral("engine:a");
        peers.circuits.impose(
            {name, BreakerMode::ForcedOpen, QStringLiteral("work"), peers.clock.wallNow() + 60s},
            QStringLiteral("lea"));
        const auto pipeline = peers.pipeline("engine:a");
        QVERIFY(!pipeline->circuit()->acquire(peers.clock.now()));
        QCOMPARE(peers.circuits.breakers().at(0).override_->actor, QStringLiteral("lea"));
        peers.clock.advance(61s);
        QVERIFY(pipeline->circuit()->acquire(peers.clock.now()));

        peers.circuits.impose({name, BreakerMode::ForcedOpen, QStringLiteral("work"), {}},
                              QStringLiteral("lea"));
        QVERIFY(!pipeline->circuit()->acquire(peers.clock.now()));
        peers.circuits.lift(name, QStringLiteral("done"), QStringLiteral("lea"));
        QVERIFY(pipeline->circuit()->acquire(peers.clock.now()));
    }
};

QTEST_GUILESS_MAIN(TestPeerCircuits)
#include "tst_peercircuits.moc"
