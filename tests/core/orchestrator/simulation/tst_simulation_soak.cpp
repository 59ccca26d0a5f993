#include "core/orchestrator/simulation/simulation.h"

#include <QRandomGenerator>
#include <QTest>

using namespace vigie;

// Every scenario in full, with the seeds 1 to 20 and with 100 drawn now; a failure names the seed.
class TestSimulationSoak : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void seeds_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<bool>("drawn");
        for (const auto& [name, file] : builtInScenarios()) {
            QTest::addRow("%s, seeds 1 to 20", qPrintable(name)) << file << false;
            QTest::addRow("%s, 100 seeds drawn now", qPrintable(name)) << file << true;
        }
    }
    void seeds() {
        QFETCH(QString, file);
        QFETCH(bool, drawn);
        const auto scenario = readScenario(file);
        QVERIFY(scenario);
        std::vector<SimulationRun> runs;
        for (quint32 i = 1; i <= (drawn ? 100U : 20U); ++i)
            runs.push_back({*scenario, drawn ? QRandomGenerator::global()->generate() : i});
        for (const Score& score : simulate(runs, 0)) {
            const QByteArray said = "seed " + QByteArray::number(score.seed) + ": " +
                                    score.mistakes.join(u';').toUtf8();
            QVERIFY2(score.falseKills == 0 && score.missedDeaths == 0, said.constData());
            const QStringList untouched{
                QStringLiteral("agent_crash"), QStringLiteral("mass_return"),
                QStringLiteral("slow_worker"), QStringLiteral("hung_model")};
            if (untouched.contains(scenario->name))
                QVERIFY2(score.automaticActions == 0, said.constData());
        }
    }
};

QTEST_GUILESS_MAIN(TestSimulationSoak)
#include "tst_simulation_soak.moc"
