#include "tests/core/watchdog/cases.h"

#include <QTest>

using namespace vigie;
using namespace vigie::cases;
using namespace std::chrono_literals;

namespace {

QString text(const std::optional<InstanceStatus>& status) {
    return status ? toString(*status) : QStringLiteral("unchanged");
}

} // namespace

class TestAssess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // judgement.md's table, row by row: every value each cell allows.
    void table_data() {
        QTest::addColumn<QString>("beat");
        QTest::addColumn<QList<int>>("probes");
        QTest::addColumn<QList<int>>("providers");
        QTest::addColumn<QList<bool>>("watcherHealthy");
        QTest::addColumn<int>("verdict");
        QTest::addColumn<QString>("writes");
        const int ok = static_cast<int>(ProbeFinding::Ok);
        const int notTried = static_cast<int>(ProbeFinding::NotTried);
        const int failing = static_cast<int>(ProbeFinding::Failing);
        const int notPossible = static_cast<int>(ProbeFinding::NotPossible);
        const int exists = static_cast<int>(ProviderFinding::Exists);
        const int unknown = static_cast<int>(ProviderFinding::Unknown);
        const int stopped = static_cast<int>(ProviderFinding::Stopped);
        const int absent = static_cast<int>(ProviderFinding::Absent);
        const QList<int> anyProbe{ok, notTried, failing, notPossible};
        const QList<int> anyProvider{exists, unknown, stopped};
        const QList<int> existsOrUnknown{exists, unknown};
        const QList<bool> anyWatcher{true, false};
        const auto v = [](Verdict verdict) { return static_cast<int>(verdict); };
        const QString unchanged = QStringLiteral("unchanged");

        QTest::newRow("fresh, ok or not tried -> alive")
            << "fresh" << QList<int>{ok, notTried} << existsOrUnknown << anyWatcher
            << v(Verdict::Alive) << "ready";
        QTest::newRow("fresh, failing N times -> hung")
            << "fresh" << QList<int>{failing} << existsOrUnknown << QList<bool>{true}
            << v(Verdict::Suspect) << "unavailable";
        QTest::newRow("late -> suspect") << "late" << anyProbe << existsOrUnknown << anyWatcher
                                         << v(Verdict::Suspect) << unchanged;
        QTest::newRow("silent, ok -> agent down")
            << "silent" << QList<int>{ok} << existsOrUnknown << QList<bool>{true}
            << v(Verdict::Suspect) << "unavailable";
        QTest::newRow("silent, failing -> dead")
            << "silent" << QList<int>{failing} << existsOrUnknown << QList<bool>{true}
            << v(Verdict::Dead) << "worker_dead";
        QTest::newRow("silent, not possible, stopped -> dead")
            << "silent" << QList<int>{notPossible} << QList<int>{stopped} << QList<bool>{true}
            << v(Verdict::Dead) << "worker_dead";
        QTest::newRow("silent, not possible -> not yet dead")
            << "silent" << QList<int>{notPossible} << existsOrUnknown << QList<bool>{true}
            << v(Verdict::Suspect) << unchanged;
        QTest::newRow("silent twice, not possible, alone -> dead")
            << "twice" << QList<int>{notPossible} << existsOrUnknown << QList<bool>{true}
            << v(Verdict::Dead) << "worker_dead";
        for (const char* beat : {"fresh", "late", "silent", "twice", "never"})
            QTest::addRow("absent, %s -> gone", beat)
                << beat << anyProbe << QList<int>{absent} << anyWatcher << v(Verdict::Gone)
                << "terminated";
        for (const char* beat : {"silent", "twice", "never"})
            QTest::addRow("%s, watcher not healthy -> unknown", beat)
                << beat << anyProbe << anyProvider << QList<bool>{false} << v(Verdict::Unknown)
                << unchanged;
        for (const char* beat : {"silent", "twice", "never"})
            QTest::addRow("storm, %s -> unknown", beat)
                << QString::fromLatin1(beat) + QStringLiteral(" storm") << anyProbe << anyProvider
                << anyWatcher << v(Verdict::Unknown) << unchanged;
        QTest::newRow("silent twice but not alone, not possible -> suspect")
            << "twice crowd" << QList<int>{notPossible} << existsOrUnknown << QList<bool>{true}
            << v(Verdict::Suspect) << unchanged;
    }
    void table() {
        QFETCH(QString, beat);
        QFETCH(QList<int>, probes);
        QFETCH(QList<int>, providers);
        QFETCH(QList<bool>, watcherHealthy);
        QFETCH(int, verdict);
        QFETCH(QString, writes);
        for (const int probe : probes) {
            for (const int provider : providers) {
                for (const bool healthy : watcherHealthy) {
                    InstanceEvidence instance = beating(2s);
                    if (beat.startsWith(QLatin1String("late"))) {
                        instance.lastBeat = now - 20s;
                        instance.phi = 9;
                    }
                    if (beat.startsWith(QLatin1String("silent")))
                        instance.lastBeat = now - 301s;
                    if (beat.startsWith(QLatin1String("twice")))
                        instance.lastBeat = now - 601s;
                    if (beat.startsWith(QLatin1String("never")))
                        instance.lastBeat.reset();
                    instance.probe = static_cast<ProbeFinding>(probe);
                    instance.probeFailures = instance.probe == ProbeFinding::Failing ? 3 : 0;
                    instance.provider = static_cast<ProviderFinding>(provider);
                    WatcherEvidence watcher = healthyWatcher();
                    watcher.ownAddressAnswers = healthy;
                    watcher.storm = beat.endsWith(QLatin1String("storm"));
                    watcher.alone = !watcher.storm && !beat.endsWith(QLatin1String("crowd"));
                    const Judged judgement = judge(instance, watcher);
                    QVERIFY2(static_cast<int>(judgement.assessment.verdict) == verdict,
                             qUtf8Printable(judgement.assessment.rule));
                    QCOMPARE(text(judgement.writes), writes);
                    QVERIFY(!judgement.assessment.rule.isEmpty());
                }
            }
        }
    }

    void theTableAnswersEverything() {
        WatcherEvidence watcher = healthyWatcher();
        int combinations = 0;
        QSet<QString> used;
        for (const InstanceStatus status : allInstanceStatuses) {
            for (const Duration age : {2s, 100s, 301s, 601s, 0s}) {
                for (int probe = 0; probe < 5; ++probe) {
                    for (int provider = 0; provider < 4; ++provider) {
                        for (int flags = 0; flags < 8; ++flags) {
                            InstanceEvidence instance = beating(age, status);
                            if (age == 0s)
                                instance.lastBeat.reset();
                            instance.phi = age == 100s ? 20.0 : 0.0;
                            instance.probe = static_cast<ProbeFinding>(std::min(probe, 3));
                            instance.probe = probe == 4 ? ProbeFinding::Failing : instance.probe;
                            instance.probeFailures = probe == 4 ? 3 : 1;
                            instance.provider = static_cast<ProviderFinding>(provider);
                            watcher.ownAddressAnswers = flags & 1;
                            watcher.storm = flags & 2;
                            watcher.alone = flags & 4;
                            // in its grace, so that "waiting" comes up
                            watcher.startedAt = age == 0s && (flags & 1) ? now - 5s : now - 10h;
                            const Judged judgement = judge(instance, watcher);
                            QVERIFY(!judgement.assessment.rule.isEmpty());
                            used.insert(judgement.assessment.rule);
                            ++combinations;
                        }
                    }
                }
            }
        }
        QCOMPARE(combinations, 14 * 5 * 5 * 4 * 8);
        for (const EvidenceRow& row : evidenceTable())
            QVERIFY2(used.contains(row.rule.toString()), qUtf8Printable(row.rule.toString()));
    }

    void tableWordsAreKnown() {
        const QStringList known{QStringLiteral("any"),
                                QStringLiteral("fresh"),
                                QStringLiteral("late"),
                                QStringLiteral("waiting"),
                                QStringLiteral("silent"),
                                QStringLiteral("silent twice"),
                                QStringLiteral("ok"),
                                QStringLiteral("not tried"),
                                QStringLiteral("failing"),
                                QStringLiteral("failing N times"),
                                QStringLiteral("not possible"),
                                QStringLiteral("exists"),
                                QStringLiteral("unknown"),
                                QStringLiteral("stopped"),
                                QStringLiteral("absent"),
                                QStringLiteral("healthy"),
                                QStringLiteral("not healthy"),
                                QStringLiteral("alone"),
                                QStringLiteral("others silent"),
                                QStringLiteral("storm"),
                                QStringLiteral("serving"),
                                QStringLiteral("starting"),
                                QStringLiteral("other")};
        QSet<QString> rules;
        for (const EvidenceRow& row : evidenceTable()) {
            for (const QStringView column :
                 {row.heartbeat, row.probe, row.provider, row.watcher, row.fleet, row.phase}) {
                for (const QStringView word : column.split(u'|'))
                    QVERIFY2(known.contains(word.toString()), qUtf8Printable(word.toString()));
            }
            QVERIFY(row.explanation.endsWith(u'.'));
            QVERIFY2(!rules.contains(row.rule.toString()), qUtf8Printable(row.rule.toString()));
            rules.insert(row.rule.toString());
        }
    }

    void exactlyTheThresholdIsNotSilent() {
        InstanceEvidence instance = beating(300s);
        instance.probe = ProbeFinding::Failing;
        QVERIFY(judge(instance, healthyWatcher()).assessment.verdict == Verdict::Alive);
        instance.lastBeat = now - 300s - 1ns;
        QVERIFY(judge(instance, healthyWatcher()).assessment.verdict == Verdict::Dead);
    }

    void aStormNamesItself() {
        WatcherEvidence watcher = healthyWatcher();
        watcher.storm = true;
        watcher.stormSays = QStringLiteral("4 of 10 in pool p");
        const Assessment said = judge(silent(ProbeFinding::Failing), watcher).assessment;
        QCOMPARE(said.rule, QStringLiteral("storm"));
        QCOMPARE(said.blockedBy, QStringLiteral("storm: 4 of 10 in pool p"));
        // It does not touch who beats.
        QVERIFY(judge(beating(1s), watcher).assessment.verdict == Verdict::Alive);
    }

    void phiAloneNeverWrites() {
        InstanceEvidence instance = beating(20s);
        instance.phi = 1e6;
        const Judged judgement = judge(instance, healthyWatcher());
        QVERIFY(judgement.assessment.verdict == Verdict::Suspect);
        QVERIFY(!judgement.writes);
    }

    void neverBeaten() {
        InstanceEvidence instance = silent(ProbeFinding::Ok);
        instance.lastBeat.reset();
        instance.phi.reset();
        const Judged serving = judge(instance, healthyWatcher());
        QCOMPARE(serving.assessment.rule, QStringLiteral("silent-serving"));
        QVERIFY(!serving.assessment.heartbeatAge);
        instance.status = InstanceStatus::Booting;
        QVERIFY(judge(instance, healthyWatcher()).assessment.verdict == Verdict::Suspect);
        QVERIFY(!judge(instance, healthyWatcher()).writes);
    }

    void otherStates_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("verdict");
        for (const InstanceStatus status : allInstanceStatuses) {
            const bool serving =
                status == InstanceStatus::Ready || status == InstanceStatus::Unavailable ||
                status == InstanceStatus::Draining || status == InstanceStatus::WorkerDead;
            QTest::addRow("%s", qUtf8Printable(toString(status)))
                << static_cast<int>(status)
                << static_cast<int>(serving              ? Verdict::Dead
                                    : isStarting(status) ? Verdict::Suspect
                                                         : Verdict::Unknown);
        }
    }
    void otherStates() {
        QFETCH(int, status);
        QFETCH(int, verdict);
        InstanceEvidence instance = silent(ProbeFinding::Failing);
        instance.status = static_cast<InstanceStatus>(status);
        const Judged judgement = judge(instance, healthyWatcher());
        QCOMPARE(static_cast<int>(judgement.assessment.verdict), verdict);
        QCOMPARE(judgement.writes.has_value(), judgement.assessment.verdict == Verdict::Dead);
    }

    void aStoppedMachineIsDeadOnlyOnceSilent() {
        InstanceEvidence instance = beating(2s);
        instance.provider = ProviderFinding::Stopped;
        QVERIFY(judge(instance, healthyWatcher()).assessment.verdict == Verdict::Suspect);
        QVERIFY(!judge(instance, healthyWatcher()).writes);
    }

    void evidenceIsTold() {
        InstanceEvidence instance = silent(ProbeFinding::Failing);
        instance.probeSays = QStringLiteral("readyz answered 503");
        const Assessment said = judge(instance, healthyWatcher()).assessment;
        QCOMPARE(said.evidence.size(), 3U);
        QCOMPARE(said.evidence[0].source, QStringLiteral("heartbeat"));
        QVERIFY(said.evidence[0].says.contains(QLatin1String("6 min 40 s")));
        QCOMPARE(said.evidence[1].says, QStringLiteral("readyz answered 503"));
        QCOMPARE(said.evidence[2].at, wall);
        QCOMPARE(said.heartbeatAge, std::optional<Duration>(400s));
    }
};

QTEST_GUILESS_MAIN(TestAssess)
#include "tst_assess.moc"
