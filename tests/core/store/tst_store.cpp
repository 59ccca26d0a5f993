#include "core/store/store.h"
#include "tests/core/store/stranger.h"
#include "tests/support/await.h"
#include "tests/support/samplerecords.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/resource.h>

using namespace vigie;

namespace {

const InstanceId firstId = fullInstance(1).id;

ChangeSet inserting(int seed) {
    ChangeSet set;
    set.inserts = {fullRecord(seed)};
    return set;
}

} // namespace

class TestStore : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_file;
    std::unique_ptr<Store> m_store;

    void reopen() {
        m_store.reset();
        auto opened = openStore(QStringLiteral("sqlite:") + m_file);
        QVERIFY2(opened.has_value(), opened ? "" : qPrintable(opened.error().message));
        m_store = std::move(*opened);
    }
    Outcome<void> commit(ChangeSet set) {
        const auto done = await(m_store->commit(std::move(set)));
        return done.value_or(fail(FailureKind::Internal, QStringLiteral("no answer")));
    }
    FleetContents contents() {
        const auto loaded = await(m_store->load());
        return loaded && *loaded ? **loaded : FleetContents();
    }
    std::vector<ActionLog> logs(ActionLogQuery query) {
        const auto read = await(m_store->actionLogs(std::move(query)));
        return read && *read ? **read : std::vector<ActionLog>();
    }

private Q_SLOTS:
    void init() {
        m_file = m_folder.filePath(QStringLiteral("%1.db").arg(newUuid()));
        reopen();
    }
    void cleanup() { m_store.reset(); }

    void everythingReadsBackAfterReopening() {
        ChangeSet set = inserting(1);
        set.inserts.push_back(fullRecord(2));
        InstanceRecord bare;
        bare.instance.id = InstanceId(QStringLiteral("bare"));
        bare.instance.status = InstanceStatus::Provisioning;
        bare.instance.statusText = QStringLiteral("provisioning");
        set.inserts.push_back(bare);
        const Volume volume = fullVolume(firstId, QStringLiteral("v1"));
        set.volumes = {volume};
        set.history = {fullChange(firstId, QStringLiteral("h1"))};
        set.logStarts = {openLog(firstId, QStringLiteral("l1"))};
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
        QVERIFY(v.id == volume.id && v.instanceId == firstId && v.sizeGb == 200 && v.isBoot &&
                !v.deleteOnTerminate && v.status == VolumeStatus::Deleting &&
                v.reconciledAt == volume.reconciledAt && v.errorMessage == volume.errorMessage &&
                v.providerVolumeId == volume.providerVolumeId && v.name == volume.name &&
                v.volumeType == volume.volumeType && v.createdAt == volume.createdAt);
        QVERIFY(!after.storeId.isEmpty() && after.storeId == before.storeId);
        QVERIFY(!after.clusterId.isEmpty() && after.clusterId == before.clusterId);
        QCOMPARE(before.epoch, 1);
        QCOMPARE(after.epoch, 2);

        const auto history = await(m_store->history(firstId, 10));
        QVERIFY(history && *history && (*history)->size() == 1);
        const StateChange& change = (*history)->front();
        QVERIFY(change.from == InstanceStatus::Ready && change.to == InstanceStatus::WorkerDead);
        QCOMPARE(change.metadata, QByteArray("{\"rule\":\"silent-probe-failing\"}"));
        const auto log = logs({});
        QCOMPARE(log.size(), std::size_t(1));
        const ActionLog expected = openLog(firstId, QStringLiteral("l1"));
        QVERIFY(log[0].status == ActionLogStatus::InProgress && !log[0].completedAt);
        QCOMPARE(log[0].requestPayload, expected.requestPayload);
        QCOMPARE(log[0].correlationId, expected.correlationId);
        QCOMPARE(log[0].instanceStatusBefore, expected.instanceStatusBefore);
        QVERIFY(log[0].createdAt == expected.createdAt && log[0].metadata == expected.metadata);
    }

    void anUpdateNeedsTheStoredVersion() {
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
        late.logStarts = {openLog(firstId, QStringLiteral("never"))};
        const auto refused = commit(late);
        QVERIFY(!refused);
        QVERIFY(refused.error().kind == FailureKind::Conflict);
        const QString says = refused.error().message;
        QVERIFY2(says.contains(firstId.value()) && says.contains(u"at version 2, not at 1"),
                 qPrintable(says));
        QCOMPARE(contents().instances.size(), std::size_t(1)); // nothing of the set was written
        QVERIFY(logs({}).empty());
    }

    void conflictsThatAreNoVersions() {
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

    void anActionLogEntryEndsOnce() {
        QVERIFY(commit(inserting(1)));
        ChangeSet begin;
        begin.logStarts = {openLog(firstId, QStringLiteral("a")),
                           openLog(firstId, QStringLiteral("b"))};
        QVERIFY(commit(begin));
        auto open = await(m_store->openActions());
        QVERIFY(open && *open && (*open)->size() == 2);
        QCOMPARE((*open)->front().id.value(), QStringLiteral("a"));

        ActionLogFinish finish;
        finish.id = ActionLogId(QStringLiteral("a"));
        finish.status = ActionLogStatus::Failed;
        finish.errorCode = QStringLiteral("PROVIDER_START_FAILED");
        finish.errorMessage = QStringLiteral("no capacity");
        finish.completedAt = begin.logStarts[0].createdAt + std::chrono::milliseconds(1500);
        finish.instanceStatusAfter = QStringLiteral("failed");
        ChangeSet end;
        end.logFinishes = {finish};
        QVERIFY(commit(end));
        end.logFinishes[0].status = ActionLogStatus::Success;
        end.logFinishes[0].errorCode.clear();
        QVERIFY(commit(end)); // a repetition after a crash changes nothing

        ActionLogQuery failed;
        failed.status = QStringLiteral("failed");
        const auto found = logs(failed);
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].durationMs, std::optional<qint64>(1500));
        QCOMPARE(found[0].errorCode, finish.errorCode);
        QCOMPARE(found[0].instanceStatusAfter, finish.instanceStatusAfter);
        QCOMPARE(found[0].requestPayload, begin.logStarts[0].requestPayload);
        open = await(m_store->openActions());
        QVERIFY(open && *open && (*open)->size() == 1);
    }

    void logsAreFilteredNewestFirst() {
        ChangeSet set;
        for (int i = 0; i < 1200; ++i) {
            ActionLog log =
                openLog(InstanceId(QStringLiteral("i%1").arg(i % 3)), QStringLiteral("l%1").arg(i));
            log.component = i % 2 ? QStringLiteral("api") : QStringLiteral("orchestrator");
            log.correlationId = QStringLiteral("c%1").arg(i / 100);
            log.actionType =
                i % 5 ? QStringLiteral("HEALTH_CHECK") : QStringLiteral("REQUEST_CREATE");
            set.logStarts.push_back(log);
        }
        QVERIFY(commit(set));
        QCOMPARE(logs({}).size(), std::size_t(200));
        QCOMPARE(logs({}).front().id.value(), QStringLiteral("l1199"));
        ActionLogQuery query;
        query.limit = 1'000'000;
        QCOMPARE(logs(query).size(), std::size_t(1000));
        query.offset = 1190;
        QCOMPARE(logs(query).size(), std::size_t(10));
        query = {};
        query.instanceId = InstanceId(QStringLiteral("i1"));
        query.component = QStringLiteral("api");
        query.actionType = QStringLiteral("HEALTH_CHECK");
        query.correlationId = QStringLiteral("c3");
        query.status = QStringLiteral("in_progress");
        const auto found = logs(query);
        int expected = 0;
        for (int i = 300; i < 400; ++i)
            expected += i % 3 == 1 && i % 2 == 1 && i % 5 != 0;
        QCOMPARE(found.size(), std::size_t(expected));
        query.correlationId = QStringLiteral("' OR 1=1 --");
        QVERIFY(logs(query).empty());
    }

    void historyIsTheNewestPartOldestFirst() {
        QVERIFY(commit(inserting(1)));
        ChangeSet set;
        for (int i = 0; i < 10; ++i)
            set.history.push_back(fullChange(firstId, QStringLiteral("h%1").arg(i)));
        QVERIFY(commit(set));
        const auto part = await(m_store->history(firstId, 3));
        QVERIFY(part && *part && (*part)->size() == 3);
        QCOMPARE((*part)->front().id, QStringLiteral("h7"));
        QCOMPARE((*part)->back().id, QStringLiteral("h9"));
        const auto none = await(m_store->history(InstanceId(QStringLiteral("x")), 3));
        QVERIFY(none && *none && (*none)->empty());
    }

    void heartbeatsTouchNeitherVersionNorStatus() {
        QVERIFY(commit(inserting(1)));
        HeartbeatStamp beat;
        beat.instanceId = firstId;
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

    void tokensAndAnswers() {
        const WallTime at = *fullInstance(1).createdAt;
        const AccessToken token{QStringLiteral("ada"), QStringLiteral("admin"),
                                QStringLiteral("$argon2id$x"), at, at};
        QVERIFY(await(m_store->addToken(token))->has_value());
        const auto again = await(m_store->addToken(token));
        QVERIFY(!*again && again->error().kind == FailureKind::Conflict);
        const auto all = await(m_store->tokens());
        QCOMPARE((**all).size(), std::size_t(1));
        QVERIFY((**all)[0].hash == token.hash && (**all)[0].expiresAt == at);

        const QByteArray key("key\0with nul", 12);
        QVERIFY(!(**await(m_store->recallAnswer(key))).has_value());
        const AccessStore::RememberedAnswer first{202, QByteArray("\xff\x00\x01", 3), "{}", at};
        const AccessStore::RememberedAnswer second{500, "other", "", at};
        QCOMPARE((**await(m_store->rememberAnswer(key, first))).status, 202);
        const auto kept = **await(m_store->rememberAnswer(key, second));
        QCOMPARE(kept.status, 202);
        QCOMPARE(kept.requestDigest, first.requestDigest);
        QVERIFY(kept.at == at && kept.body == "{}");
        auto tomorrow = second;
        tomorrow.at = at + std::chrono::hours(25);
        QCOMPARE((**await(m_store->rememberAnswer(key, tomorrow))).status, 500); // 24 h are over
    }

    void manyCallsAtOnceComeBackInOrder() {
        TaskScope scope;
        QList<int> finished;
        const auto one = [](Store& store, int i, QList<int>& order) -> Task<> {
            ChangeSet set = inserting(i + 1);
            const Outcome<void> done = co_await store.commit(std::move(set));
            if (done)
                order.append(i);
        };
        for (int i = 0; i < 100; ++i)
            scope.spawn(one(*m_store, i, finished));
        QTRY_VERIFY(scope.idle());
        QCOMPARE(finished.size(), 100);
        QVERIFY(std::ranges::is_sorted(finished));
        QCOMPARE(contents().instances.size(), std::size_t(100));
    }

    void closingFinishesWhatWasAsked() {
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

    void aBusyDatabaseIsAFailureAndNotAnEmptyFleet() {
        QVERIFY(commit(inserting(1)));
        Stranger stranger(m_file);
        QVERIFY(stranger.run("BEGIN IMMEDIATE"));
        const auto refused = commit(inserting(2));
        QVERIFY(!refused && refused.error().kind == FailureKind::Storage);
        QCOMPARE(refused.error().code, QStringLiteral("database_busy"));
        QVERIFY(refused.error().message.contains(m_file));
        QVERIFY(stranger.run("ROLLBACK"));
        QVERIFY(commit(inserting(2)));
    }

    void aLostTableIsAFailureAndNotAnEmptyFleet() {
        QVERIFY(commit(inserting(1)));
        {
            Stranger stranger(m_file);
            QVERIFY(stranger.run("PRAGMA foreign_keys = OFF"));
            QVERIFY(stranger.run("ALTER TABLE instances RENAME TO elsewhere"));
        }
        const auto loaded = await(m_store->load());
        QVERIFY(loaded && !*loaded);
        QVERIFY(loaded->error().kind == FailureKind::Storage);
    }

    void aFullDiskLosesNothing() {
        QVERIFY(commit(inserting(1)));
        const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
        rlimit before = {};
        getrlimit(RLIMIT_FSIZE, &before);
        const rlimit tight{256 * 1024, before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &tight);
        int written = 1;
        Outcome<void> last;
        for (; written < 2000; ++written) {
            last = commit(inserting(written + 1));
            if (!last)
                break;
        }
        setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, oldHandler);
        QVERIFY(!last);
        QVERIFY(last.error().kind == FailureKind::Storage);
        QVERIFY2(last.error().message.contains(u"disk"), qPrintable(last.error().message));
        QCOMPARE(contents().instances.size(), std::size_t(written));
        QVERIFY(commit(inserting(written + 1))); // and it goes on once there is room
        reopen();
        QCOMPARE(contents().instances.size(), std::size_t(written + 1));
    }
};

QTEST_GUILESS_MAIN(TestStore)
#include "tst_store.moc"
