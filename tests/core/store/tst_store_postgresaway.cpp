#include "core/base/systemclock.h"
#include "core/base/timeformat.h"
#include "tests/core/store/contract/storefixture.h"
#include "tests/support/postgresserver.h"

#include <QSet>

#include <algorithm>

using namespace vigie;

/// What a PostgreSQL server and the way to it can suffer, and what becomes of the calls then.
class TestStorePostgresAway : public StoreFixture {
    Q_OBJECT

    PostgresServer m_server;
    QString m_database;

    QString newPlace() override {
        m_server.empty(m_database);
        return m_database;
    }
    /// True once it worked; asked again and again until then.
    bool committed(int seed) {
        const FleetContents now = contents();
        const auto there = [&](const InstanceRecord& r) {
            return r.instance.id == fullInstance(seed).id;
        };
        return std::ranges::any_of(now.instances, there) || commit(inserting(seed));
    }
    Failure refusal(const QString& url) {
        const auto opened = openStore(url);
        return opened ? Failure{} : opened.error();
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
        m_database = m_server.newDatabase();
    }

    void endedSessionsAreOpenedAgainUnseen() {
        QVERIFY(commit(inserting(1)));
        m_server.endSessions(m_place);
        QVERIFY(commit(inserting(2)));
        QCOMPARE(logs({}).size(), std::size_t(0));
        QCOMPARE(contents().instances.size(), std::size_t(2));
        QCOMPARE(contents().epoch, 1);
    }

    void callsInFlightWhenSessionsEndAreDoneOnceOrFail() {
        for (int round = 0; round < 5; ++round) {
            TaskScope scope;
            QList<int> done;
            const auto one = [](Store& store, int i, QList<int>& written) -> Task<> {
                ChangeSet set = inserting(i);
                const Outcome<void> committed = co_await store.commit(std::move(set));
                if (committed)
                    written.append(i);
            };
            for (int i = 0; i < 100; ++i)
                scope.spawn(one(*m_store, round * 100 + i + 1, done));
            m_server.endSessions(m_place);
            QTRY_VERIFY_WITH_TIMEOUT(scope.idle(), 30'000);
            QSet<QString> stored;
            for (const InstanceRecord& record : contents().instances) {
                QCOMPARE(record.version, 1);
                stored.insert(record.instance.id.value());
            }
            for (const int i : done)
                QVERIFY(stored.contains(fullInstance(i).id.value()));
        }
    }

    void aStoppedServerIsAFailureAndComesBack() {
        QVERIFY(commit(inserting(1)));
        m_server.stop();
        const auto refused = commit(inserting(2));
        QVERIFY(!refused && refused.error().kind == FailureKind::Storage);
        QCOMPARE(refused.error().code, QStringLiteral("database_away"));
        QVERIFY2(refused.error().message.contains(m_place), qPrintable(refused.error().message));
        const auto read = await(m_store->actionLogs({}));
        QVERIFY(read && !*read && (*read).error().kind == FailureKind::Storage);
        QVERIFY(refusal(m_place).message.contains(u"start PostgreSQL there"));
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
        QTRY_VERIFY_WITH_TIMEOUT(committed(2), 10'000);
        QCOMPARE(contents().instances.size(), std::size_t(2));
    }

    void aServerThatStandsStillIsNotWaitedForForEver() {
        QVERIFY(commit(inserting(1)));
        m_server.freeze(true);
        Task<Outcome<void>> waiting = m_store->commit(inserting(2));
        const auto read = await(m_store->actionLogs({}), std::chrono::seconds(50));
        const auto written = await(std::move(waiting), std::chrono::seconds(50));
        m_server.freeze(false);
        QVERIFY(read && !*read && written && !*written);
        QVERIFY(written->error().kind == FailureKind::Storage);
        QTRY_VERIFY_WITH_TIMEOUT(committed(2), 20'000);
    }

    void closingDoesNotWaitForAServerThatStandsStill() {
        QVERIFY(commit(inserting(1)));
        m_server.freeze(true);
        SystemClock clock;
        const MonotonicTime begin = clock.now();
        TaskScope scope;
        int answered = 0;
        const auto one = [](Store& store, int i, int& count) -> Task<> {
            ChangeSet set = inserting(i);
            (void)co_await store.commit(std::move(set));
            ++count;
        };
        for (int i = 0; i < 20; ++i)
            scope.spawn(one(*m_store, i + 2, answered));
        m_store.reset();
        const Duration took = clock.now() - begin;
        m_server.freeze(false);
        QCOMPARE(answered, 20);
        QVERIFY2(took < std::chrono::seconds(30), qPrintable(QString::number(toSeconds(took))));
    }

    void aServerThatCrashesKeepsWhatWasAcknowledged() {
        for (int i = 1; i <= 20; ++i)
            QVERIFY(commit(inserting(i)));
        m_server.stop();
        QVERIFY2(m_server.start(PostgresServer::Disk::Safe), qPrintable(m_server.why()));
        QTRY_VERIFY_WITH_TIMEOUT(committed(21), 10'000);
        m_server.kill9();
        QTRY_VERIFY_WITH_TIMEOUT(m_server.start(PostgresServer::Disk::Safe), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(contents().instances.size() == 21, 10'000);
        m_server.stop();
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
    }
};

QTEST_GUILESS_MAIN(TestStorePostgresAway)
#include "tst_store_postgresaway.moc"
