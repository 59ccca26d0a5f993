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
        for (quint32 i = 1; i <= (drawn ? 100U : 20U); ++i) {
            const quint32 seed = drawn ? QRandomGenerator::global()->generate() : i;
            const Score score = simulate(*scenario, seed);
            const QByteArray said =
                "seed " + QByteArray::number(seed) + ": " + score.mistakes.join(u';').toUtf8();
            QVERIFY2(score.falseKills == 0 && score.missedDeaths == 0, said.constData());
        }
    }
};

QTEST_GUILESS_MAIN(TestSimulationSoak)
#include "tst_simulation_soak.moc"
