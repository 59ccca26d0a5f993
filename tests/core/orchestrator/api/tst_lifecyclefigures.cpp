#include "core/orchestrator/lifecyclefigures.h"
#include "tests/core/orchestrator/api/apifixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

class TestLifecycleFigures : public QObject {
    Q_OBJECT

private:
    struct Fixture : ApiFixture {
        MetricRegistry registry;
        LifecycleFigures figures{plane, registry};
        Fixture() {
            store.onCommitted([this](const ChangeSet& written) { figures.committed(written); });
        }
        ~Fixture() { store.onCommitted({}); }
        /// The value of a series as the page has it; empty: it isn't there.
        QByteArray value(const QByteArray& series) {
            const QByteArray page = QByteArray::fromStdString(registry.serialize());
            const qsizetype at = page.indexOf('\n' + series + ' ');
            return at < 0 ? QByteArray() : page.mid(at + series.size() + 2).split('\n').front();
        }
    };

private Q_SLOTS:
    void aLifeIsCountedAndTimed() {
        Fixture f;
        const InstanceId id = f.deploy();
        f.clock.advance(10s);
        f.boot(id);
        f.clock.advance(20s);
        f.move(id, TransitionCause::AgentSeen);
        f.move(id, TransitionCause::InstallFinished);
        f.move(id, TransitionCause::BecameReady);
        QCOMPARE(f.value("vigie_instance_ready_duration_seconds_count"), QByteArray("1"));
        QVERIFY(f.value("vigie_instance_ready_duration_seconds_sum").toDouble() >= 30);
        f.move(id, TransitionCause::VerdictDead);
        f.clock.advance(5s);
        f.move(id, TransitionCause::WorkerRevived);
        QCOMPARE(f.value("vigie_instance_recovery_duration_seconds_count"), QByteArray("1"));
        QCOMPARE(f.value("vigie_instance_ready_duration_seconds_count"), QByteArray("1"));
        QCOMPARE(f.value("vigie_instance_transitions_total{from=\"ready\",to=\"worker_dead\"}"),
                 QByteArray("1"));
        f.move(id, TransitionCause::TerminateAsked);
        f.clock.advance(7s);
        f.move(id, TransitionCause::ProviderConfirmedGone);
        QVERIFY(f.value("vigie_instance_termination_duration_seconds_sum").toDouble() >= 7);
    }

    void deletionsOfVolumesAreCountedAndTimed() {
        Fixture f;
        const InstanceId id = f.deploy();
        Volume volume;
        volume.id = VolumeId(QStringLiteral("v"));
        volume.instanceId = id;
        const auto write = [&](VolumeStatus status, ActionLogStatus row) {
            volume.status = status;
            ControlPlane::Change change;
            change.volumes = {volume};
            change.logStarts = {actionLog(actiontype::providerDeleteVolume, row, {})};
            QVERIFY(*await(f.plane.apply(id, std::move(change))));
        };
        write(VolumeStatus::Attached, ActionLogStatus::InProgress);
        write(VolumeStatus::Deleting, ActionLogStatus::Failed);
        f.clock.advance(3s);
        write(VolumeStatus::Deleted, ActionLogStatus::Success);
        QCOMPARE(f.value("vigie_volume_deletions_total{result=\"failed\"}"), QByteArray("1"));
        QCOMPARE(f.value("vigie_volume_deletions_total{result=\"deleted\"}"), QByteArray("1"));
        QCOMPARE(f.value("vigie_volume_deletion_duration_seconds_sum"), QByteArray("3"));
    }
};

QTEST_GUILESS_MAIN(TestLifecycleFigures)
#include "tst_lifecyclefigures.moc"
