// When the watcher may trust its own silence, and from when silence counts.

#include "tests/core/watchdog/cases.h"

#include <QTest>

#include <functional>

using namespace vigie;
using namespace vigie::cases;
using namespace std::chrono_literals;

class TestWatcherHealth : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void graceAfterStart() {
        WatcherEvidence watcher = healthyWatcher();
        InstanceEvidence instance = silent(ProbeFinding::Failing);
        instance.lastBeat.reset();
        watcher.startedAt = now - 300s; // at the threshold: not yet beyond it
        QVERIFY(judge(instance, watcher).assessment.verdict == Verdict::Unknown);
        watcher.startedAt = now - 301s;
        QVERIFY(judge(instance, watcher).assessment.verdict == Verdict::Dead);
    }

    void graceAfterStall() {
        WatcherEvidence watcher = healthyWatcher();
        const InstanceEvidence instance = silent(ProbeFinding::Failing);
        QVERIFY(judge(instance, watcher).assessment.verdict == Verdict::Dead);
        watcher.lastStall = now - 300s;
        QVERIFY(judge(instance, watcher).assessment.verdict == Verdict::Unknown);
        QCOMPARE(silenceSince(instance, watcher), now - 300s);
        watcher.lastStall = now - 301s;
        QVERIFY(judge(instance, watcher).assessment.verdict == Verdict::Dead);
    }

    void silenceCountsFromTheLatest() {
        WatcherEvidence watcher = healthyWatcher();
        InstanceEvidence instance = beating(100s);
        QCOMPARE(silenceSince(instance, watcher), now - 100s);
        watcher.lastStall = now - 50s;
        QCOMPARE(silenceSince(instance, watcher), now - 50s);
        watcher.startedAt = now - 20s;
        QCOMPARE(silenceSince(instance, watcher), now - 20s);
        instance.lastBeat = now - 1s;
        QCOMPARE(silenceSince(instance, watcher), now - 1s);
    }

    void eachReasonMakesTheWatcherUnhealthy() {
        QVERIFY(!whyUnhealthy(healthyWatcher(), policy, now));
        struct Case {
            std::function<void(WatcherEvidence&)> spoil;
            QString word;
        };
        const std::vector<Case> cases{
            {[](WatcherEvidence& w) { w.startedAt = now - 299s; }, QStringLiteral("up for")},
            {[](WatcherEvidence& w) { w.lastStall = now - 299s; }, QStringLiteral("stalled")},
            {[](WatcherEvidence& w) { w.storeRefreshed.reset(); }, QStringLiteral("store")},
            {[](WatcherEvidence& w) { w.storeRefreshed = now - 301s; }, QStringLiteral("store")},
            {[](WatcherEvidence& w) { w.ownAddressAnswers = false; },
             QStringLiteral("own address")},
            {[](WatcherEvidence& w) { w.othersHeard.reset(); }, QStringLiteral("no other worker")},
            {[](WatcherEvidence& w) { w.othersHeard = now - 301s; },
             QStringLiteral("no other worker")},
        };
        QStringList sentences;
        for (const Case& one : cases) {
            WatcherEvidence watcher = healthyWatcher();
            one.spoil(watcher);
            const auto why = whyUnhealthy(watcher, policy, now);
            QVERIFY(why);
            QVERIFY2(why->contains(one.word), qUtf8Printable(*why));
            QVERIFY(!sentences.contains(*why));
            sentences.append(*why);
            const Judged judgement = judge(silent(ProbeFinding::Failing), watcher);
            QVERIFY(judgement.assessment.verdict != Verdict::Dead);
            QVERIFY(!judgement.writes);
        }
    }

    void anUnhealthyWatcherSaysWhy() {
        WatcherEvidence watcher = healthyWatcher();
        watcher.storeRefreshed = now - 1h;
        const Assessment said = judge(silent(ProbeFinding::Failing), watcher).assessment;
        QCOMPARE(said.rule, QStringLiteral("watcher-not-healthy"));
        QVERIFY(said.blockedBy.startsWith(QLatin1String("watcher: ")));
        QVERIFY(said.blockedBy.contains(QLatin1String("store")));
    }

    void aStaleStoreIsSuspectAtMost() {
        WatcherEvidence watcher = healthyWatcher();
        watcher.storeRefreshed = now - 301s;
        InstanceEvidence hung = beating(1s);
        hung.probe = ProbeFinding::Failing;
        hung.probeFailures = 9;
        QVERIFY(judge(hung, watcher).assessment.verdict == Verdict::Suspect);
        QVERIFY(!judge(hung, watcher).writes);
        QVERIFY(judge(silent(ProbeFinding::Failing), watcher).assessment.verdict <=
                Verdict::Suspect);
    }
};

QTEST_GUILESS_MAIN(TestWatcherHealth)
#include "tst_watcherhealth.moc"
