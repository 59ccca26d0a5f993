#include "core/runtime/beatstrip.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// A worker, an orchestrator and polls of it, all on one clock.
struct Watch {
    BeatStrip strip;
    MonotonicTime start{1h};
    WallTime wall{std::chrono::sys_days(std::chrono::year(2026) / 11 / 1)};
    Duration lastPoll{};
    bool polled = false;

    /// Polls at `at`, when the newest beat was at `beat`.
    void poll(Duration at, Duration beat) {
        strip.observe({start + at, wall + std::chrono::floor<std::chrono::milliseconds>(beat),
                       at - beat, 4s, polled ? at - lastPoll : 0s});
        lastPoll = at;
        polled = true;
    }
    /// The newest ticks: + on time, l late, . missed, ? unknown; unknown ones before are cut off.
    QString text() const {
        QString all;
        for (const BeatTick tick : strip.ticks())
            all += QLatin1Char(tick == BeatTick::OnTime   ? '+'
                               : tick == BeatTick::Late   ? 'l'
                               : tick == BeatTick::Missed ? '.'
                                                          : '?');
        while (all.startsWith(QLatin1Char('?')))
            all.remove(0, 1);
        return all;
    }
};

} // namespace

class TestBeatStrip : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void regularBeats() {
        Watch watch;
        for (int s = 0; s <= 20; s += 2)
            watch.poll(std::chrono::seconds(s), std::chrono::seconds(s / 4 * 4));
        QCOMPARE(watch.text(), QStringLiteral("++++++"));
    }

    void aLateBeatReplacesItsMiss() {
        Watch watch;
        watch.poll(0s, 0s);
        watch.poll(4s, 4s);
        watch.poll(10s, 4s); // 6 s old: one is overdue
        QCOMPARE(watch.text(), QStringLiteral("++."));
        watch.poll(12s, 11s);
        QCOMPARE(watch.text(), QStringLiteral("++l"));
        watch.poll(16s, 15s);
        QCOMPARE(watch.text(), QStringLiteral("++l+"));
    }

    void silenceIsMissedBeatByBeat() {
        Watch watch;
        watch.poll(0s, 0s);
        for (int s = 2; s <= 22; s += 2)
            watch.poll(std::chrono::seconds(s), 0s);
        QCOMPARE(watch.text(), QStringLiteral("+....."));
        watch.poll(100s, 0s);
        QVERIFY(watch.text().size() <= 60);
    }

    void beatsBetweenRarePollsAreNotMissed() {
        Watch watch;
        watch.poll(0s, 0s);
        for (int s = 30; s <= 150; s += 30)
            watch.poll(std::chrono::seconds(s), std::chrono::seconds(s / 4 * 4));
        QCOMPARE(watch.text(), QStringLiteral("++++++"));
    }

    void blindTimeIsUnknown() {
        Watch watch;
        watch.poll(0s, 0s);
        watch.poll(4s, 4s);
        QVERIFY(watch.strip.unseen(watch.start + 8s, 4s));
        QVERIFY(!watch.strip.unseen(watch.start + 9s, 4s));
        QVERIFY(watch.strip.unseen(watch.start + 12s, 4s));
        QCOMPARE(watch.text(), QStringLiteral("++??"));
        watch.poll(14s, 12s); // it was us who did not look
        QCOMPARE(watch.text(), QStringLiteral("++??+"));
        watch.poll(18s, 16s);
        QCOMPARE(watch.text(), QStringLiteral("++??++"));
    }

    void silenceOverBlindTimeIsNotMissedTwice() {
        Watch watch;
        watch.poll(0s, 0s);
        watch.strip.unseen(watch.start + 40s, 4s);
        watch.poll(41s, 0s);
        QVERIFY(!watch.text().contains(QLatin1Char('.')));
        watch.poll(50s, 0s);
        QVERIFY(watch.text().endsWith(QStringLiteral("?...")));
    }

    void aWorkerLongSilentAtFirstSight() {
        Watch watch;
        watch.poll(600s, 0s);
        QCOMPARE(watch.text(), QStringLiteral("."));
        watch.poll(605s, 0s);
        QCOMPARE(watch.text(), QStringLiteral(".."));
    }

    void aWorkerThatNeverBeat() {
        BeatStrip strip;
        QVERIFY(!strip.observe({MonotonicTime{1h}, std::nullopt, std::nullopt, 4s, 2s}));
        QVERIFY(!strip.unseen(MonotonicTime{2h}, 4s));
        QVERIFY(std::ranges::all_of(strip.ticks(),
                                    [](BeatTick tick) { return tick == BeatTick::Unknown; }));
    }
};

QTEST_GUILESS_MAIN(TestBeatStrip)
#include "tst_beatstrip.moc"
