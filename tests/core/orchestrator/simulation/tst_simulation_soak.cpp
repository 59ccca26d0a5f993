#include "core/base/log.h"
#include "core/orchestrator/simulation/simulation.h"
#include "tests/core/orchestrator/simulation/scorechecks.h"

#include <QRandomGenerator>
#include <QTest>

#include <cstdio>

using namespace vigie;

namespace {

void tell(const QString& line) {
    std::printf("%s\n", qPrintable(line));
    std::fflush(stdout);
}

} // namespace

// Every scenario in full, with the seeds 1 to 20 and with 100 drawn now, on all processors. The
// seeds that were drawn are printed; `vigied simulate SCENARIO --seed N` plays one again.
class TestSimulationSoak : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // What made-up orchestrators warn of is no news of this machine.
    void initTestCase() {
        setLogSink([](const LogRecord&) {});
    }
    void seeds_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<bool>("drawn");
        for (const auto& [name, file] : builtInScenarios()) {
            QTest::addRow("%s, seeds 1 to 20", qPrintable(name)) << file << false;
            for (int part = 1; part <= 5; ++part) // each within QtTest's limit of five minutes
                QTest::addRow("%s, 20 seeds drawn now, part %d of 5", qPrintable(name), part)
                    << file << true;
        }
    }
    void seeds() {
        QFETCH(QString, file);
        QFETCH(bool, drawn);
        const auto scenario = readScenario(file);
        QVERIFY(scenario);
        std::vector<SimulationRun> runs;
        QStringList seeds;
        for (quint32 i = 1; i <= 20; ++i) {
            const quint32 seed = drawn ? QRandomGenerator::system()->generate() : i;
            runs.push_back({*scenario, seed});
            seeds.append(QString::number(seed));
        }
        if (drawn)
            tell(QStringLiteral("seeds of %1: %2").arg(scenario->name, seeds.join(u' ')));
        QStringList all;
        const std::vector<Score> scores = simulate(runs, 0);
        QCOMPARE(scores.size(), runs.size());
        for (const Score& score : scores)
            all += shortcomings(*scenario, score);
        const Score sum = together(scores);
        tell(scoreRow(sum).trimmed());
        QVERIFY2(all.isEmpty(), qPrintable(all.join(u'\n')));
        // A check of something that never happened would be none.
        if (scenario->faults.contains(QStringLiteral("crash")))
            QVERIFY(sum.deaths > 0 && !sum.detectSeconds.empty());
        if (scenario->name == QLatin1String("zone_outage"))
            QVERIFY(!sum.resumeSeconds.empty());
    }
};

QTEST_GUILESS_MAIN(TestSimulationSoak)
#include "tst_simulation_soak.moc"
