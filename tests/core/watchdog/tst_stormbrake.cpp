#include "core/watchdog/stormbrake.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// Twenty instances in two pools; time goes on by ticks of ten seconds.
struct World {
    MonotonicTime now{100h};
    WatchdogPolicy watchdog;
    GuardPolicy policy;
    StormBrake brake;
    std::vector<MonotonicTime> since = std::vector<MonotonicTime>(20, now);
    std::vector<bool> beats = std::vector<bool>(20, true);
    std::vector<bool> written = std::vector<bool>(20, false); // worker_dead
    StormBrake::Watcher watcher;

    static QString poolOf(std::size_t i) {
        return i < 10 ? QStringLiteral("mock/a/m") : QStringLiteral("mock/b/m");
    }
    StormBrake::Change tick() {
        now += 10s;
        std::vector<Storm::Member> all;
        std::vector<StormBrake::Member> members;
        for (std::size_t i = 0; i < since.size(); ++i) {
            if (beats[i])
                since[i] = now;
            all.push_back({poolOf(i), since[i]});
            members.push_back(
                {InstanceId(QString::number(i)), poolOf(i), now - since[i] > 225s, written[i]});
        }
        return brake.advance(members, Storm(all, watchdog, now), watcher, policy, now);
    }
    void run(Duration length) {
        for (Duration passed{}; passed < length; passed += 10s)
            tick();
    }
    void silence(std::size_t from, std::size_t to, bool silent = true) {
        for (std::size_t i = from; i < to; ++i)
            beats[i] = !silent;
    }
    bool on() const { return !brake.says(policy, now).isEmpty(); }
};

} // namespace

class TestStormBrake : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aCalmFleetHasNone() {
        World w;
        w.run(1h);
        QVERIFY(!w.on());
        w.silence(3, 5); // two are no storm
        w.run(1h);
        QVERIFY(!w.on());
    }

    void aStormOfAPoolBrakesThatPool() {
        World w;
        w.silence(0, 4);
        w.run(240s);
        const auto says = w.brake.says(w.policy, w.now);
        QCOMPARE(says.size(), 1);
        QVERIFY(says.value(QStringLiteral("mock/a/m")).contains(QLatin1String("4 of 10")));
        QVERIFY(
            says.value(QStringLiteral("mock/a/m")).contains(QLatin1String("6 of 10 are back, 9")));
    }

    void itStaysUntilNinetyPercentAreBackThenCoolsDown() {
        World w;
        w.silence(0, 4);
        w.run(400s);
        w.silence(0, 2, false); // 8 of 10: no storm any more, but not enough
        for (std::size_t i = 2; i < 4; ++i)
            w.written[i] = true; // taken for dead meanwhile; they still have to come back
        w.run(2h);
        QVERIFY(w.on());
        w.silence(2, 3, false); // 9 of 10
        w.tick();
        QVERIFY(w.brake.says(w.policy, w.now).begin()->contains(QLatin1String("cool-down")));
        w.run(290s);
        QVERIFY(w.on());
        const StormBrake::Change change = w.tick();
        QCOMPARE(change.released.size(), 1U);
        QVERIFY(!w.on());
    }

    void aPersonReleasesIt() {
        World w;
        w.silence(0, 20);
        w.run(1h);
        QVERIFY(w.on());
        w.brake.release(w.now);
        QVERIFY(w.on()); // the cool-down
        // Those that were silent then are no storm any more (the caller leaves them out).
        QCOMPARE(*w.brake.releasedAt(), w.now);
        w.silence(0, 20, false);
        w.run(300s);
        QVERIFY(!w.on());
    }

    void aNewStormInTheCoolDownStartsItAnew() {
        World w;
        w.silence(0, 4);
        w.run(400s);
        w.silence(0, 4, false);
        w.run(100s);
        w.silence(4, 8);
        w.run(240s);
        QVERIFY(w.brake.says(w.policy, w.now).begin()->contains(QLatin1String("are back")));
        w.run(1h);
        QVERIFY(w.on());
    }

    void anUnhealthyWatcherBrakesAll() {
        World w;
        w.watcher.unhealthy = QStringLiteral("the store is away");
        const StormBrake::Change change = w.tick();
        QCOMPARE(change.engaged.size(), 1U);
        QVERIFY(change.engaged[0].cause.contains(QLatin1String("the store is away")));
        w.run(1h);
        QVERIFY(w.on());
        w.watcher.unhealthy.reset();
        w.run(290s);
        QVERIFY(w.on());
        w.run(20s);
        QVERIFY(!w.on());
    }

    void graceIsToldApart() {
        World w;
        w.watcher = {QStringLiteral("up for 10 s only"), true};
        QVERIFY(w.tick().engaged[0].grace);
        w.watcher = {QStringLiteral("the store is away"), false};
        const StormBrake::Change worse = w.tick();
        QCOMPARE(worse.engaged.size(), 1U);
        QVERIFY(!worse.engaged[0].grace);
        QVERIFY(w.tick().engaged.empty());
    }

    void aLoneDeathInASmallFleetDoesNotKeepItOnForEver() {
        for (const std::size_t size : {1U, 2U, 4U}) {
            World w;
            w.since.resize(size);
            w.beats.resize(size);
            w.watcher.unhealthy = QStringLiteral("up for 10 s only");
            w.silence(0, 1);
            w.run(300s);
            w.watcher.unhealthy.reset();
            w.run(310s);
            QVERIFY(!w.on());
        }
    }

    void whoIsSentAwayNeedNotComeBack() {
        World w;
        w.silence(0, 4);
        w.run(400s);
        w.since.erase(w.since.begin(), w.since.begin() + 4);
        w.beats.erase(w.beats.begin(), w.beats.begin() + 4);
        w.run(320s);
        // The ids moved up by four, so that pool a has the ids of those that are there.
        QVERIFY(!w.on());
    }

    void aRestartGoesOnWithIt() {
        World w;
        w.brake.restore(QStringLiteral("mock/a/m"), QStringLiteral("before"),
                        {InstanceId(QStringLiteral("0")), InstanceId(QStringLiteral("1"))});
        w.silence(0, 2);
        w.since[0] = w.since[1] = w.now - 1h; // not heard since
        w.run(10s);
        w.written[0] = w.written[1] = true;
        w.run(1h);
        QVERIFY(w.brake.says(w.policy, w.now)
                    .value(QStringLiteral("mock/a/m"))
                    .contains(QLatin1String("8 of 10")));
    }
};

QTEST_GUILESS_MAIN(TestStormBrake)
#include "tst_stormbrake.moc"
