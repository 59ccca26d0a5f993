#include "tests/core/orchestrator/daemon/replicas/replicarounds.h"

using namespace vigie;

/// A few rounds of what tst_replicas_soak does for two minutes.
class TestReplicas : public ReplicaRounds {
    Q_OBJECT

private Q_SLOTS:
    void threeOnOneDatabaseConverge() { run(24, 6, 1500, QRandomGenerator::global()->generate()); }
};

QTEST_GUILESS_MAIN(TestReplicas)
#include "tst_replicas.moc"
