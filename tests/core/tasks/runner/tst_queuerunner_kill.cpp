#include "tests/core/tasks/runner/killrounds.h"

using namespace vigie;

class TestQueueRunnerKill : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void losesAndDoublesNothing() {
        const QString wrong = killrounds::surviveKills(20, 20261122);
        QVERIFY2(wrong.isEmpty(), qUtf8Printable(wrong));
    }
};

QTEST_GUILESS_MAIN(TestQueueRunnerKill)
#include "tst_queuerunner_kill.moc"
