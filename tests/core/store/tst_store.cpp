#include "core/store/sqlite/connection.h"
#include "tests/core/store/contract/storecontract.h"
#include "tests/core/store/stranger.h"

#include <QTemporaryDir>

#include <csignal>
#include <sys/resource.h>

using namespace vigie;

/// The contract over SQLite, and what a file can suffer.
class TestStore : public StoreContract {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_file;

    QString newPlace() override {
        m_file = m_folder.filePath(QStringLiteral("%1.db").arg(newUuid()));
        return QStringLiteral("sqlite:") + m_file;
    }
    QString schemaFile(int version) const override {
        return QStringLiteral(VIGIE_SOURCE_DIR "/tests/data/schema/sqlite-%1.sql").arg(version);
    }
    QString saysVersion(int version) const override {
        return QStringLiteral("PRAGMA user_version = %1").arg(version);
    }
    bool makeDatabase(const QByteArray& statements) override {
        Stranger old(m_file);
        bool done = true;
        for (QByteArray rest = statements; !rest.isEmpty();) {
            const qsizetype end = rest.indexOf(";\n");
            done = done && old.run(rest.left(end).constData());
            rest.remove(0, end + 2);
        }
        return done;
    }
    Outcome<std::unique_ptr<stores::sql::Connection>> connectAsItIs() override {
        return stores::sqlite::Connection::open(m_file,
                                                stores::sqlite::Connection::Sharing::AsItIs);
    }
    bool tamper(const QByteArray& statement) override {
        Stranger stranger(m_file);
        return stranger.run(QByteArray(statement).replace('{', "").replace('}', "").constData());
    }

private Q_SLOTS:
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
