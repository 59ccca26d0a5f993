// 120 instances at a provider that takes 5 s for every call: every job starts within two of its
// intervals, and the API's p99 is under 50 ms.

#include "tests/core/orchestrator/daemon/slowprovider.h"

using namespace vigie;

class TestSlowProvider : public QObject {
    Q_OBJECT

    static constexpr int instances = 120;
    SlowProvider m_provider;

private Q_SLOTS:
    void initTestCase() { m_provider.begin(instances, "5"); }
    void jobsStartInTimeAndTheApiAnswers() { m_provider.watch(150'000, 50); }
    void allAreReadyInTheEnd() { m_provider.allAreReadyInTheEnd(instances); }
};

QTEST_GUILESS_MAIN(TestSlowProvider)
#include "tst_slowprovider_soak.moc"
