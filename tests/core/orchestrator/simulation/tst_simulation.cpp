#include "core/base/log.h"
#include "core/orchestrator/simulation/simulation.h"
#include "tests/core/orchestrator/simulation/scorechecks.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

Scenario builtIn(const QString& wanted) {
    for (const auto& [name, file] : builtInScenarios()) {
        if (name != wanted)
            continue;
        const auto scenario = readScenario(file);
        if (scenario)
            return *scenario;
    }
    qFatal("no such scenario");
}

} // namespace

class TestSimulation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // What made-up orchestrators warn of is no news of this machine.
    void initTestCase() {
        setLogSink([](const LogRecord&) {});
    }
    void noFalseKillAndNoMissedDeath_data() {
        QTest::addColumn<QString>("name");
        for (const auto& [name, file] : builtInScenarios())
            QTest::newRow(qPrintable(name)) << name;
    }
    void noFalseKillAndNoMissedDeath() {
        QFETCH(QString, name);
        Scenario scenario = builtIn(name);
        scenario.workers = 20;
        scenario.length = 5h;
        std::vector<Score> scores;
        for (quint32 seed = 1; seed <= 3; ++seed)
            scores.push_back(simulate(scenario, seed));
        const Score all = together(scores);
        QStringList said;
        for (const Score& score : scores)
            said += shortcomings(scenario, score);
        QVERIFY2(said.isEmpty(), qPrintable(said.join(u'\n')));
        if (name.startsWith(QLatin1String("early_release")))
            QVERIFY(all.deaths > 0);
        const QStringList deadly{QStringLiteral("crash"), QStringLiteral("silent_hang"),
                                 QStringLiteral("zone_outage"), QStringLiteral("restart")};
        if (deadly.contains(name)) {
            QVERIFY(all.deaths > 0);
            QVERIFY(all.automaticActions > 0);
            QVERIFY(!all.recoverSeconds.empty());
        }
    }

    void threadsChangeNoScore() {
        Scenario scenario = builtIn(QStringLiteral("crash"));
        scenario.workers = 10;
        scenario.length = 4h;
        std::vector<SimulationRun> runs;
        for (quint32 seed = 1; seed <= 4; ++seed)
            runs.push_back({scenario, seed});
        std::vector<Score> alone = simulate(runs, 1);
        std::vector<Score> together = simulate(runs, 2);
        QCOMPARE(together.size(), runs.size());
        for (std::size_t i = 0; i < runs.size(); ++i) {
            alone[i].wallSeconds = together[i].wallSeconds = 0;
            QCOMPARE(together[i].seed, runs[i].seed);
            QCOMPARE(encodeScore(together[i]), encodeScore(alone[i]));
        }
        std::stop_source stopped;
        stopped.request_stop();
        QVERIFY(simulate(runs, 2, stopped.get_token()).empty());
    }

    void aSilentDeathIsDetectedInTime() {
        Scenario scenario = builtIn(QStringLiteral("crash"));
        scenario.length = 4h;
        const Score score = simulate(scenario, 4);
        QVERIFY(!score.detectSeconds.empty());
        for (const double seconds : score.detectSeconds)
            QVERIFY2(seconds <= 300 + 10, qPrintable(QString::number(seconds)));
    }

    void seedsThatShowedAFaultOnce_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<quint32>("seed");
        QTest::newRow("a step that waited hit a machine that had come back")
            << QStringLiteral("provider_down") << quint32(3737915546);
        QTest::newRow("a deletion that waited hit a worker that had come back")
            << QStringLiteral("late_return") << quint32(1075544556);
        QTest::newRow("a start-up failed while its next step waited for a guard")
            << QStringLiteral("early_release") << quint32(2402772147);
        QTest::newRow("a deletion that took long counted as another death")
            << QStringLiteral("late_return") << quint32(2508242956);
        QTest::newRow("one machine died three times in half an hour, which is flapping")
            << QStringLiteral("crash") << quint32(999799006);
    }
    void seedsThatShowedAFaultOnce() {
        QFETCH(QString, name);
        QFETCH(quint32, seed);
        const Scenario scenario = builtIn(name);
        const Score score = simulate(scenario, seed);
        QCOMPARE(shortcomings(scenario, score), QStringList());
        QVERIFY(score.automaticActions > 0);
    }

    void theSameSeedTellsTheSameStory() {
        Scenario scenario = builtIn(QStringLiteral("restart"));
        scenario.workers = 10;
        scenario.length = 4h;
        Score first = simulate(scenario, 5);
        Score second = simulate(scenario, 5);
        QCOMPARE(encodeScore(first), encodeScore(second));
        QVERIFY(encodeScore(first) != encodeScore(simulate(scenario, 6)));
    }

    void aBadScenarioIsRefused() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("bad.toml"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("workers = 0\n[faults]\nkinds = [\"meteor\"]\n");
        file.close();
        const auto scenario = readScenario(path);
        QVERIFY(!scenario);
        QVERIFY(scenario.error().message.contains(QLatin1String("workers")));
        QVERIFY(scenario.error().message.contains(QLatin1String("meteor")));
    }
};

QTEST_GUILESS_MAIN(TestSimulation)
#include "tst_simulation.moc"
