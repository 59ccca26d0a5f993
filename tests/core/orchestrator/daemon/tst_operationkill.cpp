#include "tests/core/orchestrator/daemon/operationkill.h"

using namespace vigie;

class TestOperationKill : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyItemOnceWheneverItDies() {
        operationkill::Rounds rounds(20, 20261122);
        const QString wrong = rounds.run();
        QVERIFY2(wrong.isEmpty(), qUtf8Printable(wrong));
    }
};

QTEST_GUILESS_MAIN(TestOperationKill)
#include "tst_operationkill.moc"
