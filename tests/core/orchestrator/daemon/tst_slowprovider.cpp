// The short form of tst_slowprovider_soak, without times of the API.

#include "tests/core/orchestrator/daemon/slowprovider.h"

using namespace vigie;

class TestSlowProvider : public QObject {
    Q_OBJECT

    static constexpr int instances = 20;
    SlowProvider m_provider;

private Q_SLOTS:
    void initTestCase() { m_provider.begin(instances, "1"); }
    void jobsStartInTimeAndTheApiAnswers() { m_provider.watch(30'000, 0); }
    void allAreReadyInTheEnd() { m_provider.allAreReadyInTheEnd(instances); }
};

QTEST_GUILESS_MAIN(TestSlowProvider)
#include "tst_slowprovider.moc"
