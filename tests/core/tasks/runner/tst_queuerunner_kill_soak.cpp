#include "tests/core/tasks/runner/killrounds.h"

using namespace vigie;

class TestQueueRunnerKillSoak : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void losesAndDoublesNothing() {
        const QString wrong = killrounds::surviveKills(200, 4711);
        QVERIFY2(wrong.isEmpty(), qUtf8Printable(wrong));
    }
};

QTEST_GUILESS_MAIN(TestQueueRunnerKillSoak)
#include "tst_queuerunner_kill_soak.moc"
