#include "core/orchestrator/jobs/volumereconciliation/volumereconciliation.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;
using jobs::volumereconciliation::VolumeReconciliationJob;
using jobs::volumereconciliation::VolumeReconciliationOptions;

namespace {

WatchdogSettings actingOn(const QString& mode = QStringLiteral("act")) {
    WatchdogSettings settings;
    settings.mode = mode;
    return settings;
}

/// A fleet whose volumes are reconciled every minute.
struct ReconciliationFixture : ControlFixture {
    VolumeReconciliationOptions options;
    std::unique_ptr<VolumeReconciliationJob> job;

    explicit ReconciliationFixture(const QString& mode = QStringLiteral("act"))
        : ControlFixture(actingOn(mode)) {
        restart();
        if (!finishedTask(automation.refresh()))
            qFatal("no standing orders");
    }
    void restart() { job = std::make_unique<VolumeReconciliationJob>(context, options); }

    MachineVolume& leave(const QString& id, const InstanceId& owner = {}) {
        MachineVolume volume;
        volume.id = id;
        volume.tags = {provider.clusterTag()};
        if (!owner.isEmpty())
            volume.tags.append(QStringLiteral("vigie-instance:") + owner.value());
        volume.createdAt = clock.wallNow() - 24h;
        provider.looseVolumes.push_back(volume);
        return provider.looseVolumes.back();
    }
    Volume row(const InstanceId& id, const QString& name, VolumeStatus status,
               bool deleteOnTerminate = true) {
        Volume volume;
        volume.id = VolumeId(name);
        volume.instanceId = id;
        volume.providerVolumeId = name;
        volume.status = status;
        volume.deleteOnTerminate = deleteOnTerminate;
        ControlPlane::Change change;
        change.volumes = {volume};
        if (!finishedTask(plane.apply(id, std::move(change))))
            qFatal("no row");
        return volume;
    }
    JobReport cycle() { return finishedTask(job->run({})); }
    JobReport cycles(Duration length, Duration every = 1min) {
        JobReport last;
        for (Duration passed{}; passed < length; passed += every) {
            clock.advance(every);
            last = cycle();
        }
        return last;
    }
    const VolumeFinding* found(const QString& resource) const {
        for (const VolumeFinding& one : volumes.findings) {
            if (one.resource() == resource)
                return &one;
        }
        return nullptr;
    }
    QString word(const QString& resource) const {
        const VolumeFinding* one = found(resource);
        return one ? toString(one->word) : QStringLiteral("not there");
    }
    int openMarks() { return static_cast<int>(finishedTask(store.openActions())->size()); }
};

const QString v = QStringLiteral("v");

} // namespace

class TestVolumeReconciliation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anOrphanIsMarkedFirstAndDeletedADayLater() {
        ReconciliationFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminated, false);
        f.leave(v, id);
        f.cycles(59min);
        QCOMPARE(f.word(v), QStringLiteral("orphan"));
        QVERIFY(!f.found(v)->markedAt);
        f.cycles(3min);
        QVERIFY(f.found(v)->markedAt);
        QCOMPARE(f.store.logsOf(actiontype::volumeOrphanMarked).size(), 1U);
        f.cycles(23h, 10min);
        QVERIFY(f.provider.deletedVolumes.isEmpty());
        f.cycles(70min, 10min);
        QCOMPARE(f.provider.deletedVolumes, QStringList{v});
        QCOMPARE(f.openMarks(), 0);
        QCOMPARE(f.store.logsOf(actiontype::providerDeleteVolume).size(), 1U);
        f.cycles(1h);
        QCOMPARE(f.provider.deletedVolumes.size(), 1);
    }

    void theRowOfTheStoreFollows() {
        ReconciliationFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminated, false);
        f.row(id, v, VolumeStatus::Attached);
        f.leave(v, id);
        f.cycles(26h, 10min);
        QCOMPARE(f.provider.deletedVolumes, QStringList{v});
        const Volume row = f.plane.volumesOf(id)[0];
        QVERIFY(row.status == VolumeStatus::Deleted);
        QVERIFY(row.deletedAt && row.reconciledAt);
    }

    void whatIsNotAnOrphanIsLeftAlone_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("word");
        QTest::newRow("attached") << 0 << QStringLiteral("in_use");
        QTest::newRow("foreign") << 1 << QStringLiteral("foreign");
        QTest::newRow("tagged to be kept") << 2 << QStringLiteral("kept");
        QTest::newRow("does not go with its instance") << 3 << QStringLiteral("kept");
        QTest::newRow("its instance lives") << 4 << QStringLiteral("in_use");
        QTest::newRow("its instance is being made") << 5 << QStringLiteral("in_use");
        QTest::newRow("the terminator has it") << 6 << QStringLiteral("in_use");
    }
    void whatIsNotAnOrphanIsLeftAlone() {
        QFETCH(int, kind);
        QFETCH(QString, word);
        ReconciliationFixture f;
        const InstanceStatus status = kind == 4   ? InstanceStatus::Ready
                                      : kind == 5 ? InstanceStatus::Provisioning
                                      : kind == 6 ? InstanceStatus::Terminating
                                                  : InstanceStatus::Terminated;
        const InstanceId id = f.add(QStringLiteral("a"), status, false);
        MachineVolume& volume = f.leave(v, id);
        if (kind == 0)
            volume.attachedTo = MachineId(QStringLiteral("m-x"));
        if (kind == 1)
            volume.tags = {QStringLiteral("somebody-elses")};
        if (kind == 2)
            volume.tags.append(QStringLiteral("vigie-keep"));
        if (kind == 3)
            f.row(id, v, VolumeStatus::Detached, false);
        if (kind == 6)
            f.row(id, v, VolumeStatus::Deleting);
        f.cycles(72h, 1h);
        QCOMPARE(f.word(v), word);
        QVERIFY(f.provider.deletedVolumes.isEmpty());
        QVERIFY(f.store.logsOf(actiontype::volumeOrphanMarked).empty());
    }

    // Between the mark and the deletion a person attached it.
    void attachedMeanwhileEndsTheMark() {
        ReconciliationFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminated, false);
        f.leave(v, id);
        f.cycles(2h, 10min);
        QCOMPARE(f.openMarks(), 1);
        f.provider.looseVolumes[0].attachedTo = MachineId(QStringLiteral("m-x"));
        f.cycles(48h, 1h);
        QVERIFY(f.provider.deletedVolumes.isEmpty());
        QCOMPARE(f.openMarks(), 0);
        // Let go again, it begins anew.
        f.provider.looseVolumes[0].attachedTo = {};
        f.cycles(50min, 10min);
        QCOMPARE(f.openMarks(), 0);
    }

    void aFailedListProvesNothing_data() {
        QTest::addColumn<int>("kind");
        for (const FailureKind kind :
             {FailureKind::Unauthorized, FailureKind::Forbidden, FailureKind::RateLimited,
              FailureKind::ServerError, FailureKind::Timeout, FailureKind::Malformed,
              FailureKind::NotFound, FailureKind::BreakerOpen})
            QTest::addRow("%s", qUtf8Printable(toString(kind))) << int(kind);
    }
    void aFailedListProvesNothing() {
        QFETCH(int, kind);
        ReconciliationFixture f;
        const InstanceId lives = f.add(QStringLiteral("l"), InstanceStatus::Ready);
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminated, false);
        f.row(lives, QStringLiteral("l-root"), VolumeStatus::Attached);
        f.leave(QStringLiteral("l-root"), lives).attachedTo = MachineId(QStringLiteral("m-l"));
        f.leave(v, id);
        f.cycles(2h, 10min);
        const int marks = f.openMarks();
        f.provider.failVolumeList = failure(static_cast<FailureKind>(kind));
        const JobReport report = f.cycles(72h, 1h);
        QCOMPARE(report.errors, 1);
        QCOMPARE(f.openMarks(), marks);
        QVERIFY(f.provider.deletedVolumes.isEmpty());
        QVERIFY(f.plane.volumesOf(lives)[0].status == VolumeStatus::Attached);
        QVERIFY(!f.volumes.failure.isEmpty());
    }

    void anEmptyListIsNoEvidenceAgainstWhatServes() {
        ReconciliationFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.row(id, v, VolumeStatus::Attached);
        f.cycles(72h, 1h);
        QVERIFY(f.plane.volumesOf(id)[0].status == VolumeStatus::Attached);
    }

    void aLostVolumeIsWrittenDown() {
        ReconciliationFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.row(id, v, VolumeStatus::Attached);
        f.leave(QStringLiteral("other"), id).attachedTo = MachineId(QStringLiteral("m-a"));
        f.cycles(50min, 10min);
        QCOMPARE(f.word(v), QStringLiteral("lost"));
        QVERIFY(f.plane.volumesOf(id)[0].status == VolumeStatus::Attached);
        f.cycles(40min, 10min);
        const Volume row = f.plane.volumesOf(id)[0];
        QVERIFY(row.status == VolumeStatus::Deleted);
        QVERIFY(!row.errorMessage.isEmpty() && row.reconciledAt);
        const auto logs = f.store.logsOf(actiontype::volumeLostDetected);
        QCOMPARE(logs.size(), 1U);
        QVERIFY(logs[0].status == ActionLogStatus::Failed);
        QCOMPARE(f.volumes.lost, 1U);
        // It was an error of the list: what is attached is not deleted.
        f.leave(v, id).attachedTo = MachineId(QStringLiteral("m-a"));
        f.cycles(10min);
        QVERIFY(f.plane.volumesOf(id)[0].status == VolumeStatus::Attached);
        QVERIFY(!f.plane.volumesOf(id)[0].deletedAt);
    }

    void onlyItsOwnNotFoundProvesALoss() {
        ReconciliationFixture f;
        const InstanceId over = f.add(QStringLiteral("a"), InstanceStatus::Terminated, false);
        f.row(over, v, VolumeStatus::Detached);
        f.provider.failHasVolume = failure(FailureKind::ServerError);
        QCOMPARE(f.cycles(5h, 10min).errors, 1);
        f.provider.failHasVolume.reset();
        f.provider.unlistedVolumes = {v}; // the lists have a hole
        QCOMPARE(f.cycles(5h, 10min).errors, 0);
        QVERIFY(f.plane.volumesOf(over)[0].status == VolumeStatus::Detached);
        QCOMPARE(f.volumes.lost, 0U);
        f.provider.unlistedVolumes.clear();
        f.cycles(10min);
        QVERIFY(f.plane.volumesOf(over)[0].status == VolumeStatus::Deleted);
    }

    // kill -9 after the mark: another process goes on with it; before it: it counts anew.
    void aCrashBetweenThePhasesIsSafe() {
        ReconciliationFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminated, false);
        f.leave(v, id);
        f.cycles(50min);
        f.restart();
        f.cycles(50min);
        QCOMPARE(f.openMarks(), 0);
        f.cycles(15min);
        QCOMPARE(f.openMarks(), 1);
        f.restart();
        f.cycles(22h, 10min);
        f.restart();
        f.clock.advance(10h);
        f.cycle(); // one look of this process alone is not enough
        QVERIFY(f.provider.deletedVolumes.isEmpty());
        f.cycle();
        QCOMPARE(f.provider.deletedVolumes, QStringList{v});
        QCOMPARE(f.store.logsOf(actiontype::volumeOrphanMarked).size(), 1U);
    }

    void aDeletionThatFailsIsTriedAgainAndThenTold() {
        ReconciliationFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.row(id, v, VolumeStatus::Deleting); // a person asked
        f.leave(v, id);
        f.provider.failVolume = failure(FailureKind::Conflict, "still attached");
        f.provider.volumeListWorks = true;
        f.cycles(3min);
        QCOMPARE(f.found(v)->attempts, 1);
        QVERIFY(!f.found(v)->retriesUsedUp);
        f.cycles(30min);
        QCOMPARE(f.found(v)->attempts, 5);
        QVERIFY(f.found(v)->retriesUsedUp);
        QCOMPARE(f.found(v)->lastError, QStringLiteral("still attached"));
        QCOMPARE(f.volumes.retriesUsedUp, 1);
        QCOMPARE(f.store.logsOf(actiontype::volumeReconciliationRetryDelete).size(), 5U);
        QVERIFY(f.plane.volumesOf(id)[0].status == VolumeStatus::Deleting);
        f.restart(); // the count outlives the process
        f.cycles(1h);
        QCOMPARE(f.found(v)->attempts, 5);
        f.provider.failVolume.reset();
        f.cycles(7h, 10min);
        QCOMPARE(f.provider.deletedVolumes, QStringList{v});
        QCOMPARE(f.volumes.retriesUsedUp, 0);
        QVERIFY(f.plane.volumesOf(id)[0].status == VolumeStatus::Deleted);
    }

    void onlySoManyGoInOneCycle() {
        ReconciliationFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminated, false);
        for (int i = 0; i < 8; ++i)
            f.leave(QStringLiteral("v%1").arg(i), id);
        f.cycles(25h, 10min);
        f.clock.advance(1h);
        const int before = static_cast<int>(f.provider.deletedVolumes.size());
        const JobReport report = f.cycle();
        const int gone = static_cast<int>(f.provider.deletedVolumes.size()) - before;
        QVERIFY(gone <= 3);
        QVERIFY(before + gone == 8 || report.blockedByGuard > 0);
        f.cycles(10min);
        QCOMPARE(f.provider.deletedVolumes.size(), 8);
    }
    void theShareCountsWhereItIsMore() {
        QCOMPARE(OrphanLimits().mayDelete(20), 3);
        QCOMPARE(OrphanLimits().mayDelete(100), 5);
        QCOMPARE(OrphanLimits().mayDelete(1000), 50);
    }

    void observeModeOnlySays() {
        ReconciliationFixture f(QStringLiteral("observe"));
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminated, false);
        f.leave(v, id);
        const JobReport report = f.cycles(72h, 1h);
        QVERIFY(f.provider.deletedVolumes.isEmpty());
        QCOMPARE(report.blockedByGuard, 1);
        QCOMPARE(f.store.logsOf(actiontype::wouldHaveDone).size(), 1U);
        QCOMPARE(f.found(v)->blockedBy, QStringLiteral("mode: observe"));
        f.restart();
        f.cycles(5h, 1h);
        QCOMPARE(f.store.logsOf(actiontype::wouldHaveDone).size(), 1U);
    }

    void aPauseAndAHoldKeepIt() {
        ReconciliationFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminated, false);
        f.leave(v, id);
        ControlPlane::Change hold;
        hold.edit = [](InstanceRecord& r) {
            r.instance.held = Held{QStringLiteral("debug"), QStringLiteral("ada"), {}};
        };
        QVERIFY(finishedTask(f.plane.apply(id, std::move(hold))));
        f.cycles(30h, 1h);
        QVERIFY(f.found(v)->blockedBy.startsWith(QStringLiteral("hold")));
        ControlPlane::Change release;
        release.edit = [](InstanceRecord& r) { r.instance.held.reset(); };
        QVERIFY(finishedTask(f.plane.apply(id, std::move(release))));
        Asker ada;
        ada.reason = QStringLiteral("we look");
        QVERIFY(finishedTask(f.automation.pause(ada)));
        f.cycles(5h, 1h);
        QVERIFY(f.found(v)->blockedBy.startsWith(QStringLiteral("pause")));
        QVERIFY(f.provider.deletedVolumes.isEmpty());
        QVERIFY(finishedTask(f.automation.release(ada)));
        f.cycles(1h);
        QCOMPARE(f.provider.deletedVolumes, QStringList{v});
    }

    // A store restored from last week knows nothing of what was made since.
    void anOlderStoreDeletesNothing() {
        ReconciliationFixture f;
        const InstanceId old = f.add(QStringLiteral("a"), InstanceStatus::Terminated, false);
        f.leave(QStringLiteral("known"), old);
        f.clock.advance(24h);
        f.leave(v, InstanceId(QStringLiteral("never-heard-of"))).createdAt = f.clock.wallNow();
        f.cycles(72h, 1h);
        QVERIFY(f.provider.deletedVolumes.isEmpty());
        QVERIFY(
            f.found(QStringLiteral("known"))->blockedBy.startsWith(QStringLiteral("older-store")));
        QVERIFY(f.found(v)->blockedBy.startsWith(QStringLiteral("older-store")));
        // A new instance makes the store look young; what it disowned stays a person's.
        f.add(QStringLiteral("b"), InstanceStatus::Ready);
        f.restart();
        f.cycles(72h, 1h);
        QCOMPARE(f.provider.deletedVolumes, QStringList{QStringLiteral("known")});
    }

    void nothingWhileTheStoreIsAwayOrItIsOff() {
        ReconciliationFixture f;
        f.options.enabled = false;
        f.restart();
        f.cycle();
        QCOMPARE(f.provider.volumeLists, 0);
        QVERIFY(!f.volumes.enabled);
        QCOMPARE(f.job->switchedOffBy(),
                 QStringLiteral("[jobs.volume-reconciliation] enabled = false"));
        f.options.enabled = true;
        f.restart();
        f.store.failure = failure(FailureKind::Storage);
        finishedTask(f.plane.flushBeats());
        f.cycle();
        QCOMPARE(f.provider.volumeLists, 0);
    }
};

QTEST_GUILESS_MAIN(TestVolumeReconciliation)
#include "tst_volumereconciliation.moc"
