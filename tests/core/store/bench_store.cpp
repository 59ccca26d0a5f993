#include "core/base/systemclock.h"
#include "core/base/timeformat.h"
#include "core/store/store.h"
#include "tests/support/await.h"
#include "tests/support/postgresserver.h"
#include "tests/support/samplerecords.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace vigie;

/// How long the store takes, as a caller on the event loop sees it. Prints; the bounds are only
/// there to notice a change of kind.
class BenchStore : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    SystemClock m_clock;

    PostgresServer m_server;

    std::unique_ptr<Store> open() {
        QFETCH_GLOBAL(bool, server);
        const QString file = m_folder.filePath(QStringLiteral("%1.db").arg(newUuid()));
        auto store = openStore(server ? m_server.newDatabase() : QStringLiteral("sqlite:") + file);
        return store ? std::move(*store) : nullptr;
    }

    /// Milliseconds of each of `count` calls, sorted.
    template <typename Call>
    std::vector<double> measure(int count, const Call& call) {
        std::vector<double> all;
        for (int i = 0; i < count; ++i) {
            const MonotonicTime begin = m_clock.now();
            call(i);
            all.push_back(toSeconds(m_clock.now() - begin) * 1000);
        }
        std::ranges::sort(all);
        return all;
    }
    static double quantile(const std::vector<double>& sorted, double q) {
        return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
    }
    static void report(const char* what, const std::vector<double>& sorted) {
        qInfo("%-44s p50 %7.3f ms  p99 %7.3f ms  max %7.3f ms  (%zu calls)", what,
              quantile(sorted, 0.5), quantile(sorted, 0.99), sorted.back(), sorted.size());
    }

private Q_SLOTS:
    void initTestCase_data() {
        QTest::addColumn<bool>("server");
        QTest::newRow("SQLite") << false;
        QTest::newRow("PostgreSQL") << true;
    }
    void initTestCase() {
        if (!m_server.running())
            QVERIFY2(m_server.start(PostgresServer::Disk::Safe), qPrintable(m_server.why()));
    }

    void aChangeOfOneInstance() {
        const auto store = open();
        QVERIFY(store);
        ChangeSet first;
        first.inserts = {fullRecord(1)};
        QVERIFY(await(store->commit(first))->has_value());
        const auto times = measure(2000, [&](int i) {
            ChangeSet set;
            set.updates = {fullRecord(1)};
            set.updates[0].version = i + 1;
            const InstanceId id = set.updates[0].instance.id;
            set.history = {fullChange(id, QStringLiteral("h%1").arg(i))};
            set.logStarts = {openLog(id, QStringLiteral("l%1").arg(i))};
            QVERIFY(await(store->commit(std::move(set)))->has_value());
        });
        report("commit: 1 update, 1 history, 1 log", times);
        QVERIFY(quantile(times, 0.5) < 50);
    }

    void aFleetOfTenThousand() {
        const auto store = open();
        QVERIFY(store);
        report("commit: 500 inserts", measure(20, [&](int i) {
                   ChangeSet set;
                   for (int n = 0; n < 500; ++n)
                       set.inserts.push_back(fullRecord(i * 500 + n));
                   QVERIFY(await(store->commit(std::move(set)))->has_value());
               }));
        report("load: 10,000 instances", measure(3, [&](int) {
                   const auto loaded = await(store->load());
                   QVERIFY(loaded && *loaded && (*loaded)->instances.size() == 10'000);
               }));
        std::vector<HeartbeatStamp> beats;
        for (int n = 0; n < 2500; ++n)
            beats.push_back({fullInstance(n).id,
                             WallTime{},
                             QStringLiteral("ready"),
                             QStringLiteral("llama"),
                             {},
                             3,
                             71.5,
                             '{' + QByteArray("\"pad\":\"").append(1000, 'x') + "\"}"});
        const auto times =
            measure(10, [&](int) { QVERIFY(await(store->saveHeartbeats(beats))->has_value()); });
        report("heartbeats: 2,500 of 1 kB", times);
        QVERIFY(quantile(times, 0.5) < 5000);
    }

    void aLongLog() {
        const auto store = open();
        QVERIFY(store);
        report("commit: 1,000 log starts", measure(100, [&](int i) {
                   ChangeSet set;
                   for (int n = 0; n < 1000; ++n)
                       set.logStarts.push_back(
                           openLog(InstanceId(QStringLiteral("i%1").arg(n % 500)),
                                   QStringLiteral("l%1-%2").arg(i).arg(n)));
                   QVERIFY(await(store->commit(std::move(set)))->has_value());
               }));
        const auto ask = [&](ActionLogQuery query) {
            const auto logs = await(store->actionLogs(std::move(query)));
            QVERIFY(logs && *logs && !(*logs)->empty());
        };
        report("log: newest 200 of 100,000", measure(50, [&](int) { ask({}); }));
        const auto times = measure(50, [&](int) {
            ActionLogQuery query;
            query.instanceId = InstanceId(QStringLiteral("i7"));
            query.status = QStringLiteral("in_progress");
            ask(std::move(query));
        });
        report("log: 200 of one instance", times);
        QVERIFY(quantile(times, 0.5) < 500);
        report("log: verify 100,000 events", measure(1, [&](int) {
                   const auto check = await(store->verifyLog({}));
                   QVERIFY(check && *check && (*check)->broken.isEmpty());
               }));
        RetentionCut cut;
        cut.before = cut.now = openLog({}, QStringLiteral("x")).createdAt + std::chrono::hours(1);
        report("log: remove 500 events, told again", measure(20, [&](int) {
                   const auto removed = await(store->removeOld(cut));
                   QVERIFY(removed && *removed && (*removed)->at(0).rows == 500);
               }));
    }
};

QTEST_GUILESS_MAIN(BenchStore)
#include "bench_store.moc"
