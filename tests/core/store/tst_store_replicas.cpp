#include "core/store/storeupkeep.h"
#include "tests/core/store/contract/storefixture.h"
#include "tests/support/postgresserver.h"

#include <QEventLoop>
#include <QFile>

#include <algorithm>
#include <future>

using namespace vigie;

/// What two orchestrators on one PostgreSQL see of each other, and keep from each other.
class TestStoreReplicas : public StoreFixture {
    Q_OBJECT

    PostgresServer m_server;
    QString m_database;
    std::unique_ptr<Store> m_other;
    StoreNews m_heard;

    QString newPlace() override {
        m_other.reset();
        m_server.empty(m_database);
        return m_database;
    }
    bool openOther() {
        auto opened = openStore(m_place);
        if (!opened)
            return false;
        m_other = std::move(*opened);
        return m_other->shared();
    }
    void follow() {
        m_heard = {};
        m_other->follow([this](StoreNews news) {
            m_heard.everything = m_heard.everything || news.everything;
            m_heard.logs = m_heard.logs || news.logs;
            m_heard.tokens = m_heard.tokens || news.tokens;
            for (InstanceId& id : news.instances)
                m_heard.instances.push_back(std::move(id));
        });
    }
    bool heard(const InstanceId& id) const {
        return std::ranges::find(m_heard.instances, id) != m_heard.instances.end();
    }
    static QStringList claimed(Store& store, const QStringList& names) {
        const auto got = await(store.claim(names));
        QStringList ours = got && *got ? **got : QStringList{QStringLiteral("(failed)")};
        ours.sort();
        return ours;
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
        m_database = m_server.newDatabase();
    }
    void cleanupTestCase() { m_other.reset(); }

    /// What the migration of a newer program leaves to one that runs.
    void whoIsTooOldForTheSchemaWritesOnlyBeats() {
        QVERIFY(await(m_store->join(QStringLiteral("a"), std::chrono::minutes(5)))->has_value());
        QVERIFY(commit(inserting(1)));
        m_server.sql(m_place, QStringLiteral("DELETE FROM vigie.replicas; UPDATE vigie.meta SET "
                                             "value = '99' WHERE key = 'schema_version'"));
        const auto refused = commit(inserting(2));
        QVERIFY(!refused && isLeaseLost(refused.error()));
        const auto joined = await(m_store->join(QStringLiteral("a"), std::chrono::minutes(5)));
        QVERIFY(joined && !*joined);
        QCOMPARE((*joined).error().code, QStringLiteral("schema_newer"));
        QVERIFY((*joined).error().message.contains(QStringLiteral("run a newer vigied")));
        HeartbeatStamp beat;
        beat.instanceId = firstId();
        beat.receivedAt = *fullInstance(1).createdAt;
        QVERIFY(await(m_store->saveHeartbeats({beat}))->has_value());
        QVERIFY(!openStore(m_place));
    }

    void aMigrationEndsTheLeasesOfBefore() {
        m_store.reset();
        m_server.empty(m_database);
        QFile first(QStringLiteral(VIGIE_SOURCE_DIR "/tests/data/schema/postgres-1.sql"));
        QVERIFY(first.open(QIODevice::ReadOnly));
        m_server.sql(m_place, QString::fromUtf8(first.readAll()));
        const auto keeper = storeUpkeep(m_place);
        QVERIFY(keeper.has_value());
        const auto way = (*keeper)->migrate(true);
        QVERIFY(way.has_value());
        for (const Migration::Step& step : way->steps) {
            if (step.version < way->to)
                m_server.sql(m_place,
                             QStringLiteral("SET ROLE vigie; SET search_path = vigie; %1; UPDATE "
                                            "meta SET value = '%2' WHERE key = 'schema_version'")
                                 .arg(step.statements.join(QLatin1String("; ")))
                                 .arg(step.version));
        }
        m_server.sql(m_place, QStringLiteral("INSERT INTO vigie.replicas (name, lease_until) "
                                             "VALUES ('old', 9000000000000)"));
        QVERIFY((*keeper)->migrate(false).has_value());
        QCOMPARE(m_server.sql(m_place, QStringLiteral("SELECT count(*) FROM vigie.replicas")),
                 QStringLiteral("0"));
    }

    void whatOneWritesIsToldToTheOther() {
        QVERIFY(openOther());
        follow();
        QTRY_VERIFY(m_heard.everything); // what was before
        QVERIFY(commit(inserting(1)));
        QTRY_VERIFY(heard(firstId()));
        m_heard = {};
        HeartbeatStamp beat;
        beat.instanceId = firstId();
        beat.receivedAt = *fullInstance(1).createdAt;
        beat.age = std::chrono::milliseconds(700);
        QVERIFY(await(m_store->saveHeartbeats({beat}))->has_value());
        QTRY_VERIFY(heard(firstId()));
        const auto read = await(m_other->loadSome({firstId()}));
        QVERIFY(read && *read && (*read)->instances.size() == 1);
        const auto ago = (*read)->instances[0].heardAgo;
        QVERIFY(ago && *ago >= beat.age && *ago < std::chrono::seconds(30));
        QVERIFY(!m_heard.logs && !m_heard.tokens);
        ChangeSet set;
        set.logStarts = {openLog(firstId(), QStringLiteral("l1"))};
        QVERIFY(commit(set));
        QTRY_VERIFY(m_heard.logs);
        QVERIFY(await(m_store->addToken({QStringLiteral("n"),
                                         QStringLiteral("viewer"),
                                         QStringLiteral("h"),
                                         *fullInstance(1).createdAt,
                                         {}}))
                    ->has_value());
        QTRY_VERIFY(m_heard.tokens);
    }

    void whatOneWritesIsNotToldToItself() {
        QVERIFY(openOther());
        follow();
        QTRY_VERIFY(m_heard.everything);
        m_heard = {};
        ChangeSet own = inserting(2);
        QVERIFY(await(m_other->commit(own))->has_value());
        QVERIFY(commit(inserting(1)));
        QTRY_VERIFY(heard(firstId())); // the later one was heard, the earlier one was left out
        QVERIFY(!heard(fullInstance(2).id));
    }

    void manyAtOnceAreToldInPieces() {
        QVERIFY(openOther());
        follow();
        QTRY_VERIFY(m_heard.everything);
        ChangeSet set;
        for (int i = 0; i < 700; ++i)
            set.inserts.push_back(fullRecord(i));
        QVERIFY(commit(set));
        QTRY_COMPARE(m_heard.instances.size(), std::size_t(700));
    }

    void afterALostSessionAnythingMayHaveChanged() {
        QVERIFY(openOther());
        follow();
        QTRY_VERIFY(m_heard.everything);
        m_heard = {};
        m_server.endSessions(m_place);
        QTRY_VERIFY_WITH_TIMEOUT(m_heard.everything, 10'000);
        m_heard = {};
        QVERIFY(commit(inserting(1)));
        QTRY_VERIFY(heard(firstId()));
    }

    void aNameIsClaimedByOneOfThem() {
        QVERIFY(openOther());
        QVERIFY(await(m_store->join(QStringLiteral("a"), std::chrono::minutes(5)))->has_value());
        QVERIFY(await(m_other->join(QStringLiteral("b"), std::chrono::minutes(5)))->has_value());
        QStringList names;
        for (int i = 0; i < 200; ++i)
            names.append(QStringLiteral("n%1").arg(i));
        // Both ask for all at the same time.
        Task<Outcome<QStringList>> one = m_store->claim(names);
        Task<Outcome<QStringList>> two = m_other->claim(names);
        const auto first = await(std::move(one));
        const auto second = await(std::move(two));
        QVERIFY(first && *first && second && *second);
        QStringList both = **first + **second;
        both.removeDuplicates();
        QCOMPARE(both.size(), (*first)->size() + (*second)->size()); // none twice
        const auto rest = await(m_store->claim(names));
        QVERIFY(rest && *rest);
        QCOMPARE((*rest)->size() + (*second)->size(), 200); // none lost
    }

    void aPausedOwnerIsFencedOut() {
        QVERIFY(openOther());
        QVERIFY(commit(inserting(1)));
        const QString name = firstId().value();
        QVERIFY(await(m_store->join(QStringLiteral("paused"), std::chrono::milliseconds(50)))
                    ->has_value());
        QCOMPARE(claimed(*m_store, {name}), QStringList{name});
        QVERIFY(await(m_other->join(QStringLiteral("b"), std::chrono::minutes(5)))->has_value());
        QTRY_COMPARE(claimed(*m_other, {name}), QStringList{name}); // its lease is over
        const auto late = commit(inserting(2));
        QVERIFY(!late && isLeaseLost(late.error()));
        const auto renewed = await(m_store->renew(std::chrono::minutes(5)));
        QVERIFY(renewed && !*renewed && isLeaseLost((*renewed).error()));
        const auto claims = await(m_store->claim({QStringLiteral("other")}));
        QVERIFY(claims && !*claims && isLeaseLost((*claims).error()));
        QVERIFY(!commit(inserting(2)));
        // Under a new lease it is one among others again.
        QVERIFY(
            await(m_store->join(QStringLiteral("again"), std::chrono::minutes(5)))->has_value());
        QCOMPARE(claimed(*m_store, {name}), QStringList());
        QVERIFY(commit(inserting(2)));
    }

    void whoLeavesFreesItsClaimsAtOnce() {
        QVERIFY(openOther());
        const QStringList names{QStringLiteral("x")};
        QVERIFY(await(m_store->join(QStringLiteral("a"), std::chrono::minutes(5)))->has_value());
        QVERIFY(await(m_other->join(QStringLiteral("b"), std::chrono::minutes(5)))->has_value());
        QCOMPARE(claimed(*m_store, names), names);
        QCOMPARE(claimed(*m_other, names), QStringList());
        QCOMPARE(**await(m_other->holder(names[0])), QStringLiteral("a"));
        QVERIFY(await(m_store->leave())->has_value());
        QCOMPARE(claimed(*m_other, names), names);
    }

    // Each commit appends events; all at the same time, and one of them checks meanwhile.
    void severalAppendToOneChain() {
        std::vector<std::unique_ptr<Store>> stores;
        for (int i = 0; i < 3; ++i) {
            auto opened = openStore(m_place);
            QVERIFY(opened);
            stores.push_back(std::move(*opened));
        }
        constexpr int rounds = 40;
        std::vector<Task<Outcome<void>>> commits;
        for (int round = 0; round < rounds; ++round) {
            for (std::size_t i = 0; i < stores.size(); ++i) {
                ChangeSet set;
                for (int n = 0; n < 3; ++n)
                    set.logStarts.push_back(
                        openLog(firstId(), QStringLiteral("l%1-%2-%3").arg(i).arg(round).arg(n)));
                ActionLogFinish end; // of an entry that another one may have begun
                end.id = ActionLogId(QStringLiteral("l%1-%2-0").arg((i + 1) % 3).arg(round / 2));
                end.completedAt = set.logStarts[0].createdAt + std::chrono::seconds(1);
                set.logFinishes = {end};
                commits.push_back(stores[i]->commit(std::move(set)));
            }
            const LogCheck meanwhile = verified();
            QCOMPARE(meanwhile.broken, QString());
        }
        for (auto& commit : commits)
            QVERIFY(await(std::move(commit))->has_value());
        const LogCheck check = verified();
        QCOMPARE(check.broken, QString());
        QCOMPARE(check.entries, 3 * rounds * 3);
        QVERIFY(check.events > check.entries); // some ends, too
        const QString ends = m_server.sql(
            m_place, QStringLiteral("SELECT count(*) FROM vigie.action_logs WHERE status <> "
                                    "'in_progress'"));
        QCOMPARE(check.events, check.entries + ends.toInt());
    }

    void severalOpenAnEmptyDatabaseAtOnce() {
        m_other.reset();
        m_store.reset();
        m_server.empty(m_database);
        std::vector<std::future<bool>> openings;
        for (int i = 0; i < 4; ++i)
            openings.push_back(std::async(std::launch::async, [this] {
                QEventLoop loop;
                return openStore(m_place).has_value();
            }));
        for (auto& opening : openings)
            QVERIFY(opening.get());
        reopen();
        QCOMPARE(contents().epoch, 5);
    }
};

QTEST_GUILESS_MAIN(TestStoreReplicas)
#include "tst_store_replicas.moc"
