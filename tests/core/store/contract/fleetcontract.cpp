#include "tests/core/store/contract/storecontract.h"

#include <limits>

namespace vigie {

void StoreContract::everythingReadsBackAfterReopening() {
    ChangeSet set = inserting(1);
    set.inserts.push_back(fullRecord(2));
    InstanceRecord bare;
    bare.instance.id = InstanceId(QStringLiteral("bare"));
    bare.instance.status = InstanceStatus::Provisioning;
    bare.instance.statusText = QStringLiteral("provisioning");
    set.inserts.push_back(bare);
    const Volume volume = fullVolume(firstId(), QStringLiteral("v1"));
    set.volumes = {volume};
    set.history = {fullChange(firstId(), QStringLiteral("h1"))};
    set.logStarts = {openLog(firstId(), QStringLiteral("l1"))};
    QVERIFY(commit(set));
    const FleetContents before = contents();
    reopen();
    const FleetContents after = contents();

    QCOMPARE(after.instances.size(), std::size_t(3));
    bare.version = 1;
    QVERIFY(sameRecord(after.instances[0], fullRecord(1)));
    QVERIFY(sameRecord(after.instances[1], fullRecord(2)));
    QVERIFY(sameRecord(after.instances[2], bare));
    QCOMPARE(after.volumes.size(), std::size_t(1));
    const Volume& v = after.volumes[0];
    QVERIFY(v.id == volume.id && v.instanceId == firstId() && v.sizeGb == 200 && v.isBoot &&
            !v.deleteOnTerminate && v.status == VolumeStatus::Deleting &&
            v.reconciledAt == volume.reconciledAt && v.errorMessage == volume.errorMessage &&
            v.providerVolumeId == volume.providerVolumeId && v.name == volume.name &&
            v.volumeType == volume.volumeType && v.createdAt == volume.createdAt);
    QVERIFY(!after.storeId.isEmpty() && after.storeId == before.storeId);
    QVERIFY(!after.clusterId.isEmpty() && after.clusterId == before.clusterId);
    QCOMPARE(before.epoch, 1);
    QCOMPARE(after.epoch, 2);

    const auto history = await(m_store->history(firstId(), 10));
    QVERIFY(history && *history && (*history)->size() == 1);
    const StateChange& change = (*history)->front();
    QVERIFY(change.from == InstanceStatus::Ready && change.to == InstanceStatus::WorkerDead);
    QCOMPARE(change.metadata, QByteArray("{\"rule\":\"silent-probe-failing\"}"));
    const auto log = logs({});
    QCOMPARE(log.size(), std::size_t(1));
    const ActionLog expected = openLog(firstId(), QStringLiteral("l1"));
    QVERIFY(log[0].status == ActionLogStatus::InProgress && !log[0].completedAt);
    QCOMPARE(log[0].requestPayload, expected.requestPayload);
    QCOMPARE(log[0].correlationId, expected.correlationId);
    QCOMPARE(log[0].instanceStatusBefore, expected.instanceStatusBefore);
    QVERIFY(log[0].createdAt == expected.createdAt && log[0].metadata == expected.metadata);
}

void StoreContract::openingsAreCounted() {
    QCOMPARE(contents().epoch, 1);
    reopen();
    reopen();
    QCOMPARE(contents().epoch, 3);
}

void StoreContract::anUpdateNeedsTheStoredVersion() {
    QVERIFY(commit(inserting(1)));
    InstanceRecord mine = contents().instances[0];
    InstanceRecord theirs = mine;
    mine.instance.status = InstanceStatus::Draining;
    mine.instance.statusText = QStringLiteral("draining");
    ChangeSet set;
    set.updates = {mine};
    QVERIFY(commit(set));
    QCOMPARE(contents().instances[0].version, 2);
    QVERIFY(contents().instances[0].instance.status == InstanceStatus::Draining);

    theirs.instance.pool = QStringLiteral("elsewhere");
    ChangeSet late = inserting(2);
    late.updates = {theirs};
    late.logStarts = {openLog(firstId(), QStringLiteral("never"))};
    const auto refused = commit(late);
    QVERIFY(!refused);
    QVERIFY(refused.error().kind == FailureKind::Conflict);
    const QString says = refused.error().message;
    QVERIFY2(says.contains(firstId().value()) && says.contains(u"at version 2, not at 1"),
             qPrintable(says));
    QCOMPARE(contents().instances.size(), std::size_t(1)); // nothing of the set was written
    QVERIFY(logs({}).empty());
}

void StoreContract::ofManyWritersOfOneVersionOneWins() {
    QVERIFY(commit(inserting(1)));
    const InstanceRecord read = contents().instances[0];
    TaskScope scope;
    int won = 0;
    int lost = 0;
    const auto one = [](Store& store, InstanceRecord record, int& ok, int& no) -> Task<> {
        ChangeSet set;
        set.updates = {record};
        const Outcome<void> done = co_await store.commit(std::move(set));
        ok += done.has_value();
        no += !done && done.error().kind == FailureKind::Conflict;
    };
    for (int i = 0; i < 20; ++i) {
        InstanceRecord mine = read;
        mine.instance.retryCount = 100 + i;
        scope.spawn(one(*m_store, mine, won, lost));
    }
    QTRY_VERIFY(scope.idle());
    QCOMPARE(won, 1);
    QCOMPARE(lost, 19);
    QCOMPARE(contents().instances[0].version, 2);
}

void StoreContract::conflictsThatAreNoVersions() {
    QVERIFY(commit(inserting(1)));
    const auto twice = commit(inserting(1));
    QVERIFY(!twice && twice.error().kind == FailureKind::Conflict);
    QVERIFY(twice.error().message.contains(u"exists already"));
    ChangeSet unknown;
    unknown.updates = {fullRecord(9)};
    const auto missing = commit(unknown);
    QVERIFY(!missing && missing.error().kind == FailureKind::Conflict);
    QVERIFY(missing.error().message.contains(u"does not exist"));
    ChangeSet orphan;
    orphan.volumes = {fullVolume(InstanceId(QStringLiteral("nobody")), QStringLiteral("v"))};
    const auto refused = commit(orphan);
    QVERIFY(!refused && refused.error().kind == FailureKind::Storage);
    QVERIFY(refused.error().message.contains(u"contradicts"));
    QVERIFY(commit({})); // and the store still works
}

void StoreContract::aSetThatFailsAtItsEndLeavesNothing() {
    QVERIFY(commit(inserting(1)));
    const FleetContents before = contents();
    ChangeSet set = inserting(2);
    set.updates = before.instances;
    set.updates[0].instance.pool = QStringLiteral("elsewhere");
    set.history = {fullChange(firstId(), QStringLiteral("h"))};
    set.logStarts = {openLog(firstId(), QStringLiteral("l"))};
    set.volumes = {fullVolume(firstId(), QStringLiteral("v")),
                   fullVolume(InstanceId(QStringLiteral("nobody")), QStringLiteral("w"))};
    const auto refused = commit(set);
    QVERIFY(!refused && refused.error().kind == FailureKind::Storage);
    const FleetContents after = contents();
    QCOMPARE(after.instances.size(), std::size_t(1));
    QVERIFY(sameRecord(after.instances[0], before.instances[0]));
    QVERIFY(after.volumes.empty());
    QVERIFY(logs({}).empty());
    const auto history = await(m_store->history(firstId(), 10));
    QVERIFY(history && *history && (*history)->empty());
}

void StoreContract::textsOfEveryKindComeBack_data() {
    QTest::addColumn<QString>("text");
    QTest::newRow("quotes") << QStringLiteral("it's \"so\" \\ 'x' '' \\' $1 ? ? :id %1 ;--");
    QTest::newRow("letters") << QStringLiteral("\u00e9t\u00e9 \u4e2d\u6587 \U0001F680 \u0301");
    QTest::newRow("lines") << QStringLiteral("a\nb\r\n\tc\x01\x7f");
    QTest::newRow("braces") << QStringLiteral("{\"a\",NULL,\\}{,}");
    QTest::newRow("null") << QStringLiteral("NULL");
    QTest::newRow("long") << QStringLiteral("x").repeated(1'000'000);
}

void StoreContract::textsOfEveryKindComeBack() {
    QFETCH(QString, text);
    ChangeSet set = inserting(1);
    set.inserts[0].instance.errorMessage = text;
    set.logStarts = {openLog(firstId(), QStringLiteral("l"))};
    set.logStarts[0].requestPayload = text.toUtf8();
    QVERIFY(commit(set));
    HeartbeatStamp beat;
    beat.instanceId = firstId();
    beat.receivedAt = *fullInstance(1).createdAt;
    beat.workerStatus = text;
    beat.metadata = text.toUtf8();
    const auto saved = await(m_store->saveHeartbeats({beat}));
    QVERIFY(saved && *saved);
    const Instance read = contents().instances.at(0).instance;
    QCOMPARE(read.errorMessage, text);
    QCOMPARE(read.workerStatus, text);
    QCOMPARE(read.workerMetadata, text.toUtf8());
    QCOMPARE(logs({}).at(0).requestPayload, text.toUtf8());
}

void StoreContract::numbersKeepTheirValue() {
    ChangeSet set = inserting(1);
    Instance& i = set.inserts[0].instance;
    i.costPerHour = 0.1 + 0.2;
    i.totalCost = 1e-300;
    i.workerGpuUtilization = -0.0000123456789012345;
    i.ramGb = std::numeric_limits<int>::max();
    i.cpuCount = -1;
    i.createdAt = WallTime(std::chrono::milliseconds(253'402'300'799'999)); // year 9999
    i.readyAt = WallTime(std::chrono::milliseconds(-1));
    i.storageSizesGb = {0, 1, 2'000'000'000};
    QVERIFY(commit(set));
    QVERIFY(sameRecord(contents().instances.at(0), set.inserts[0]));
}

void StoreContract::volumesAreReplacedById() {
    ChangeSet set = inserting(1);
    set.volumes = {fullVolume(firstId(), QStringLiteral("a")),
                   fullVolume(firstId(), QStringLiteral("b"))};
    QVERIFY(commit(set));
    ChangeSet next;
    next.volumes = {fullVolume(firstId(), QStringLiteral("a"))};
    next.volumes[0].status = VolumeStatus::Deleted;
    next.volumes[0].errorMessage.clear();
    QVERIFY(commit(next));
    const auto volumes = contents().volumes;
    QCOMPARE(volumes.size(), std::size_t(2));
    QVERIFY(volumes[0].id.value() == u"a" && volumes[0].status == VolumeStatus::Deleted);
    QVERIFY(volumes[0].errorMessage.isEmpty());
    QVERIFY(volumes[1].id.value() == u"b" && volumes[1].status == VolumeStatus::Deleting);
}

void StoreContract::heartbeatsTouchNeitherVersionNorStatus() {
    QVERIFY(commit(inserting(1)));
    HeartbeatStamp beat;
    beat.instanceId = firstId();
    beat.receivedAt = *fullInstance(1).createdAt + std::chrono::hours(1);
    beat.workerStatus = QStringLiteral("ready");
    beat.workerModelId = QStringLiteral("llama-3");
    beat.queueDepth = 4;
    beat.metadata = "{\"gpus\":[]}";
    HeartbeatStamp stranger = beat;
    stranger.instanceId = InstanceId(QStringLiteral("nobody"));
    const auto saved = await(m_store->saveHeartbeats({beat, stranger}));
    QVERIFY(saved && *saved);
    const FleetContents after = contents();
    QCOMPARE(after.instances.size(), std::size_t(1));
    const InstanceRecord& record = after.instances[0];
    QCOMPARE(record.version, 1);
    QVERIFY(record.instance.status == fullInstance(1).status);
    QVERIFY(record.instance.workerLastHeartbeat == beat.receivedAt);
    QCOMPARE(record.instance.workerQueueDepth, std::optional(4));
    QCOMPARE(record.instance.workerMetadata, beat.metadata);
    QVERIFY(!record.instance.workerGpuUtilization);
    QCOMPARE(record.instance.ipAddress, fullInstance(1).ipAddress); // not told: kept
}

void StoreContract::aBatchOfHeartbeatsIsTakenInItsOrder() {
    QVERIFY(commit(inserting(1)));
    HeartbeatStamp first;
    first.instanceId = firstId();
    first.receivedAt = *fullInstance(1).createdAt;
    first.workerStatus = QStringLiteral("starting");
    first.ipAddress = QStringLiteral("10.9.8.7");
    HeartbeatStamp second = first;
    second.receivedAt += std::chrono::seconds(4);
    second.workerStatus = QStringLiteral("ready");
    second.ipAddress.clear();
    second.gpuUtilization = 12.5;
    const auto saved = await(m_store->saveHeartbeats({first, second}));
    QVERIFY(saved && *saved);
    const Instance read = contents().instances.at(0).instance;
    QCOMPARE(read.workerStatus, second.workerStatus);
    QVERIFY(read.workerLastHeartbeat == second.receivedAt);
    QVERIFY(read.workerGpuUtilization == 12.5);
    QCOMPARE(read.ipAddress, first.ipAddress);
    const auto none = await(m_store->saveHeartbeats({}));
    QVERIFY(none && *none);
}

void StoreContract::manyHeartbeatsAtOnce() {
    constexpr int count = 2500;
    ChangeSet set;
    std::vector<HeartbeatStamp> beats;
    for (int i = 0; i < count; ++i) {
        set.inserts.push_back(fullRecord(i));
        HeartbeatStamp beat;
        beat.instanceId = fullInstance(i).id;
        beat.receivedAt = WallTime(std::chrono::milliseconds(i));
        beat.queueDepth = i;
        beats.push_back(beat);
    }
    QVERIFY(commit(set));
    const auto saved = await(m_store->saveHeartbeats(beats));
    QVERIFY(saved && *saved);
    const auto read = contents().instances;
    QCOMPARE(read.size(), std::size_t(count));
    for (int i = 0; i < count; ++i)
        QVERIFY(read[i].instance.id == beats[i].instanceId &&
                read[i].instance.workerQueueDepth == i);
}

void StoreContract::manyCallsAtOnceAreAllAnswered() {
    TaskScope scope;
    int written = 0;
    const auto one = [](Store& store, int i, int& count) -> Task<> {
        ChangeSet set = inserting(i + 1);
        const InstanceId id = set.inserts[0].instance.id;
        set.history = {fullChange(id, id.value())};
        const Outcome<void> done = co_await store.commit(std::move(set));
        const auto history = co_await store.history(id, 5);
        count += done && history && history->size() == 1;
    };
    for (int i = 0; i < 100; ++i)
        scope.spawn(one(*m_store, i, written));
    QTRY_VERIFY(scope.idle());
    QCOMPARE(written, 100);
    QCOMPARE(contents().instances.size(), std::size_t(100));
}

void StoreContract::whatWasAcknowledgedIsSeenByEveryReader() {
    QVERIFY(commit(inserting(1)));
    for (int i = 0; i < 50; ++i) {
        ChangeSet set;
        set.logStarts = {openLog(firstId(), QStringLiteral("l%1").arg(i))};
        set.history = {fullChange(firstId(), QStringLiteral("h%1").arg(i))};
        QVERIFY(commit(set));
        QCOMPARE(logs({}).at(0).id.value(), QStringLiteral("l%1").arg(i));
        const auto history = await(m_store->history(firstId(), 1));
        QVERIFY(history && *history && (*history)->at(0).id == QStringLiteral("h%1").arg(i));
    }
}

void StoreContract::closingFinishesWhatWasAsked() {
    TaskScope scope;
    int written = 0;
    int cancelled = 0;
    const auto one = [](Store& store, int i, int& ok, int& refused) -> Task<> {
        ChangeSet set = inserting(i + 1);
        const Outcome<void> done = co_await store.commit(std::move(set));
        ok += done.has_value();
        ChangeSet more = inserting(i + 101);
        const Outcome<void> late = co_await store.commit(std::move(more));
        refused += !late && late.error().kind == FailureKind::Cancelled;
    };
    for (int i = 0; i < 50; ++i)
        scope.spawn(one(*m_store, i, written, cancelled));
    m_store.reset(); // no event loop ran in between
    QVERIFY(scope.idle());
    QCOMPARE(written, 50);
    QCOMPARE(cancelled, 50);
    reopen();
    QCOMPARE(contents().instances.size(), std::size_t(50));
}

} // namespace vigie
