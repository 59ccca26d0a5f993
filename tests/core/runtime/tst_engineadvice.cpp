#include "tests/core/runtime/fakesource.h"

#include <QTest>

using namespace vigie;
using namespace vigie::test;
using namespace std::chrono_literals;

namespace {

const QString paris = QStringLiteral("paris");

/// A part-A orchestrator whose workers beat every 4 s while they live; threshold 60 s.
struct Fleet {
    explicit Fleet(int workers, std::optional<Duration> clockAhead = Duration::zero())
        : rig(options()), world(rig.world(paris)) {
        world->clockAhead = clockAhead;
        for (int i = 0; i < workers; ++i) {
            world->instances.push_back(machine(QString::number(i)));
            alive.push_back(true);
        }
        rig.add(paris);
    }
    static EngineOptions options() {
        EngineOptions chosen;
        chosen.heartbeatThreshold = 60s;
        return chosen;
    }
    WallTime theirNow() const {
        return rig.clock.wallNow() +
               std::chrono::floor<std::chrono::milliseconds>(world->clockAhead.value_or(7h));
    }
    void run(Duration span) {
        for (Duration passed{}; passed < span; passed += 4s) {
            for (size_t i = 0; i < alive.size(); ++i) {
                if (alive[i])
                    world->instances[i].workerLastHeartbeat = theirNow();
            }
            rig.clock.advance(4s);
        }
    }
    QString verdict(int i) const {
        return toString(rig.view(paris, QString::number(i)).assessment.verdict);
    }
    QString rule(int i) const { return rig.view(paris, QString::number(i)).assessment.rule; }

    Rig rig;
    std::shared_ptr<FakeWorld> world;
    std::vector<bool> alive;
};

} // namespace

class TestEngineAdvice : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aliveWhileItBeats() {
        Fleet fleet(4);
        fleet.run(40s);
        QCOMPARE(fleet.verdict(0), QStringLiteral("alive"));
        const auto& view = fleet.rig.view(paris, QStringLiteral("0"));
        QVERIFY(view.advisory);
        QVERIFY(view.assessment.heartbeatAge <= 6s);
        const auto& source = fleet.rig.source(paris);
        QVERIFY(source.beatsExpectedPerSecond);
        QVERIFY(qAbs(*source.beatsPerSecond - 1) < 0.2);
        QVERIFY(qAbs(*source.beatsExpectedPerSecond - 1) < 0.2);
    }

    void aLoneSilentWorkerIsDeadOnlyAfterTwiceTheThreshold() {
        Fleet fleet(4);
        fleet.run(100s);
        fleet.alive[0] = false;
        fleet.run(20s);
        QCOMPARE(fleet.verdict(0), QStringLiteral("suspect")); // late by phi
        fleet.run(44s);
        QCOMPARE(fleet.rule(0), QStringLiteral("silent-no-witness"));
        QCOMPARE(fleet.verdict(0), QStringLiteral("suspect"));
        fleet.run(48s);
        QCOMPARE(fleet.verdict(0), QStringLiteral("suspect"));
        fleet.run(16s);
        QCOMPARE(fleet.verdict(0), QStringLiteral("dead"));
        QCOMPARE(fleet.verdict(1), QStringLiteral("alive"));
        QVERIFY(fleet.rig.noted(QStringLiteral("-> dead (silent-twice-alone)")));
        fleet.run(12s);
        QVERIFY(std::ranges::any_of(fleet.rig.now().alerts, [](const Alert& alert) {
            return alert.labels.value(QStringLiteral("instance")) == QLatin1String("0") &&
                   alert.state == AlertState::Firing;
        }));
        fleet.alive[0] = true;
        fleet.run(12s);
        QCOMPARE(fleet.verdict(0), QStringLiteral("alive"));
    }

    void manySilentAtOnceIsAStorm() {
        Fleet fleet(6);
        fleet.run(100s);
        for (int i = 0; i < 4; ++i)
            fleet.alive[static_cast<size_t>(i)] = false;
        fleet.run(200s);
        QCOMPARE(fleet.verdict(0), QStringLiteral("unknown"));
        QCOMPARE(fleet.rule(0), QStringLiteral("storm"));
        QCOMPARE(fleet.verdict(5), QStringLiteral("alive"));
    }

    void nobodyIsDeadBeforeOurOwnGraceIsOver() {
        Fleet fleet(4);
        fleet.world->instances[0].workerLastHeartbeat = fleet.theirNow() - 1h;
        fleet.alive[0] = false;
        fleet.run(56s);
        QVERIFY(fleet.verdict(0) != QLatin1String("dead"));
        QVERIFY(fleet.rig.view(paris, QStringLiteral("0")).assessment.heartbeatAge >= 59min);
        fleet.run(100s);
        QCOMPARE(fleet.verdict(0), QStringLiteral("dead"));
    }

    void theirClockMayBeAnything_data() {
        QTest::addColumn<int>("aheadSeconds");
        QTest::newRow("an hour ahead") << 3600;
        QTest::newRow("an hour behind") << -3600;
        QTest::newRow("0.76 s behind") << -1;
    }
    void theirClockMayBeAnything() {
        QFETCH(int, aheadSeconds);
        Fleet fleet(4, std::chrono::seconds(aheadSeconds));
        fleet.run(200s);
        QCOMPARE(fleet.verdict(0), QStringLiteral("alive"));
        QVERIFY(fleet.rig.view(paris, QStringLiteral("0")).assessment.heartbeatAge <= 6s);
        QVERIFY(fleet.rig.source(paris).clockOffset == std::chrono::seconds(aheadSeconds));
    }

    void ourOwnClockMayJump() {
        Fleet fleet(4);
        fleet.run(100s);
        fleet.world->clockAhead = -2h; // they stay where they were
        fleet.rig.clock.jumpWall(2h);
        fleet.run(40s);
        QCOMPARE(fleet.verdict(0), QStringLiteral("alive"));
        QCOMPARE(toString(fleet.rig.source(paris).freshness), QStringLiteral("live"));
    }

    void withoutTheirClockChangesAloneCount() {
        Fleet fleet(4, std::nullopt);
        fleet.run(100s);
        QCOMPARE(fleet.verdict(0), QStringLiteral("alive"));
        fleet.alive[0] = false;
        fleet.run(136s);
        QCOMPARE(fleet.verdict(0), QStringLiteral("dead"));
    }

    void sightLostIsNoSilence() {
        Fleet fleet(4);
        fleet.run(100s);
        fleet.world->failure = broken();
        fleet.run(300s);
        for (int i = 0; i < 4; ++i)
            QCOMPARE(fleet.verdict(i), QStringLiteral("unknown"));
        // back, but the workers were cut off too and have not beaten again yet
        for (auto&& alive : fleet.alive)
            alive = false;
        fleet.world->failure.reset();
        fleet.run(56s);
        for (int i = 0; i < 4; ++i)
            QVERIFY(fleet.verdict(i) != QLatin1String("dead"));
    }

    void standingStillIsNoSilence() {
        Fleet fleet(4);
        fleet.run(200s);
        fleet.alive[0] = false;
        fleet.run(112s);
        QCOMPARE(fleet.rule(0), QStringLiteral("silent-no-witness"));
        // A stopped process: time goes on, no timer runs. The engine's tick finds the gap.
        fleet.rig.clock.jump(30s);
        fleet.run(16s);
        QVERIFY(fleet.verdict(0) != QLatin1String("dead"));
    }

    void whatTheOrchestratorSaysIsPassedOn_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("verdict");
        using S = InstanceStatus;
        QTest::newRow("dead") << int(S::WorkerDead) << QStringLiteral("dead");
        QTest::newRow("unavailable") << int(S::Unavailable) << QStringLiteral("suspect");
        QTest::newRow("failed") << int(S::Failed) << QStringLiteral("suspect");
        QTest::newRow("gone") << int(S::Terminated) << QStringLiteral("gone");
        QTest::newRow("booting") << int(S::Booting) << QStringLiteral("unknown");
        QTest::newRow("a word of tomorrow") << int(S::Unknown) << QStringLiteral("unknown");
    }
    void whatTheOrchestratorSaysIsPassedOn() {
        QFETCH(int, status);
        QFETCH(QString, verdict);
        Fleet fleet(3);
        fleet.world->instances[0] =
            machine(QStringLiteral("0"), static_cast<InstanceStatus>(status));
        fleet.alive[0] = false;
        fleet.run(20s);
        QCOMPARE(fleet.verdict(0), verdict);
        QVERIFY(!fleet.rig.view(paris, QStringLiteral("0")).advisory);
        QCOMPARE(fleet.rule(0), QStringLiteral("told-by-orchestrator"));
    }

    void theStripShowsWhatHappened() {
        Fleet fleet(4);
        fleet.run(80s);
        const auto& good = fleet.rig.view(paris, QStringLiteral("1")).beats;
        QVERIFY(good.back() == BeatTick::OnTime);
        fleet.alive[0] = false;
        fleet.run(20s);
        QVERIFY(fleet.rig.view(paris, QStringLiteral("0")).beats.back() == BeatTick::Missed);
        QVERIFY(fleet.rig.view(paris, QStringLiteral("1")).beats.back() == BeatTick::OnTime);
        fleet.world->failure = broken();
        fleet.run(60s);
        QVERIFY(fleet.rig.view(paris, QStringLiteral("1")).beats.back() == BeatTick::Unknown);
    }
};

QTEST_GUILESS_MAIN(TestEngineAdvice)
#include "tst_engineadvice.moc"
