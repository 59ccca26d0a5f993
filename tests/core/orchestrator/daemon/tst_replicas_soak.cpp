#include "tests/core/orchestrator/daemon/replicas/replicarounds.h"

using namespace vigie;

/// Three hundred instances, two minutes of kills, one orchestrator paused past its lease at a time.
class TestReplicasSoak : public ReplicaRounds {
    Q_OBJECT

private Q_SLOTS:
    void threeOnOneDatabaseConverge() {
        run(300, 50, 3000, QRandomGenerator::global()->generate());
    }
};

QTEST_GUILESS_MAIN(TestReplicasSoak)
#include "tst_replicas_soak.moc"
