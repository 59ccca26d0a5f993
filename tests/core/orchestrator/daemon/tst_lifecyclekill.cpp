#include "tests/core/orchestrator/daemon/lifecyclekill.h"

using namespace vigie;

class TestLifecycleKill : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsInTheCloudIsWhatWasAskedFor() {
        lifecyclekill::Rounds rounds(20, 20261122);
        const QString wrong = rounds.run();
        QVERIFY2(wrong.isEmpty(), qUtf8Printable(wrong));
    }
};

QTEST_GUILESS_MAIN(TestLifecycleKill)
#include "tst_lifecyclekill.moc"
