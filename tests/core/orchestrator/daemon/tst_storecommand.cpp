// `vigied store` on SQLite.

#include "tests/core/orchestrator/daemon/restoredrounds.h"
#include "tests/core/store/stranger.h"

#include <QDir>
#include <QFileInfo>

#include <sys/stat.h>
#include <unistd.h>

using namespace vigie;

class TestStoreCommand : public QObject {
    Q_OBJECT

private:
    QString at(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    Ran store(const QString& words, const QString& file = {}) const {
        QStringList arguments{QStringLiteral("store")};
        arguments += words.split(QLatin1Char(' '));
        if (!file.isEmpty())
            arguments += file;
        arguments += {QStringLiteral("--store"), QStringLiteral("sqlite:") + m_store};
        return runVigied(arguments);
    }
    static QByteArray contentOf(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static bool write(const QString& path, const QByteArray& bytes) {
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    }
    /// Nothing but what was there before.
    QStringList files() const { return QDir(m_folder.path()).entryList(QDir::Files); }

    QTemporaryDir m_folder;
    const QString m_store = at("fleet.db");

private Q_SLOTS:
    void initTestCase() {
        const Ran made =
            runVigied({QStringLiteral("token"), QStringLiteral("create"), QStringLiteral("--role"),
                       QStringLiteral("viewer"), QStringLiteral("--name"), QStringLiteral("ada"),
                       QStringLiteral("--store"), QStringLiteral("sqlite:") + m_store});
        QVERIFY2(made.code == 0, made.err.constData());
        const Ran copied = store(QStringLiteral("backup"), at("good"));
        QVERIFY2(copied.code == 0, copied.err.constData());
        QVERIFY(copied.out.contains("found whole"));
        struct stat status = {};
        QVERIFY(::stat(QFile::encodeName(at("good")).constData(), &status) == 0);
        QCOMPARE(status.st_mode & 0777U, 0600U);
    }

    void aRestoredStoreTouchesNothingUntilAPersonSaysSo() {
        RestoredRounds rounds;
        const QString wrong = rounds.run();
        QVERIFY2(wrong.isEmpty(), qUtf8Printable(wrong));
    }

    void theStoreOfBeforeIsKept() {
        QVERIFY(QFile::copy(m_store, at("other.db")));
        const QString other = QStringLiteral("sqlite:") + at("other.db");
        const Ran restored = runVigied({QStringLiteral("store"), QStringLiteral("restore"),
                                        at("good"), QStringLiteral("--store"), other});
        QVERIFY2(restored.code == 0, restored.err.constData());
        const QString kept = QString::fromUtf8(restored.out)
                                 .section(QLatin1String("kept as "), 1)
                                 .section(QLatin1Char('\n'), 0, 0);
        QVERIFY2(QFileInfo(kept).size() > 0, restored.out.constData());
        // It is a store that can be put back.
        const Ran back = runVigied({QStringLiteral("store"), QStringLiteral("restore"), kept,
                                    QStringLiteral("--store"), other});
        QVERIFY2(back.code == 0, back.err.constData());
        const Ran listed = runVigied(
            {QStringLiteral("token"), QStringLiteral("list"), QStringLiteral("--store"), other});
        QVERIFY(listed.code == 0 && listed.out.contains("ada"));
    }

    void whereThereWasNoStore() {
        const QString fresh = QStringLiteral("sqlite:") + at("fresh.db");
        const Ran restored = runVigied({QStringLiteral("store"), QStringLiteral("restore"),
                                        at("good"), QStringLiteral("--store"), fresh});
        QVERIFY2(restored.code == 0, restored.err.constData());
        QVERIFY(!restored.out.contains("kept as"));
        QCOMPARE(runVigied({QStringLiteral("store"), QStringLiteral("migrate"),
                            QStringLiteral("--store"), fresh})
                     .code,
                 0);
    }

    void migrationsAreToldBeforeTheyAreDone() {
        {
            QFile sql(QStringLiteral(VIGIE_SOURCE_DIR "/tests/data/schema/sqlite-1.sql"));
            QVERIFY(sql.open(QIODevice::ReadOnly));
            Stranger old(at("old.db"));
            for (const QString& each :
                 QString::fromUtf8(sql.readAll()).split(QStringLiteral(";\n"), Qt::SkipEmptyParts))
                QVERIFY(old.run(each.toUtf8().constData()));
        }
        const QString old = QStringLiteral("sqlite:") + at("old.db");
        const auto migrate = [&old](const QStringList& more) {
            return runVigied(QStringList{QStringLiteral("store"), QStringLiteral("migrate"),
                                         QStringLiteral("--store"), old} +
                             more);
        };
        for (int i = 0; i < 2; ++i) {
            const Ran told = migrate({QStringLiteral("--dry-run")});
            QCOMPARE(told.code, 3);
            QVERIFY2(told.out.startsWith("schema version 1, would be ") &&
                         told.out.contains("  CREATE TABLE replicas"),
                     told.out.constData());
        }
        const Ran done = migrate({});
        QCOMPARE(done.code, 0);
        QVERIFY(done.out.endsWith(", was 1\n"));
        const Ran again = migrate({QStringLiteral("--dry-run")});
        QCOMPARE(again.code, 0);
        QVERIFY(again.out.contains("nothing to do"));
    }

    void mistakes_data() {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("says");
        QTest::addColumn<int>("code");
        const QByteArray good = contentOf(at("good"));
        QVERIFY(write(at("short"), good.left(good.size() / 2)));
        QVERIFY(write(at("tiny"), good.left(10)));
        QVERIFY(write(at("empty"), {}));
        QByteArray bent = good;
        for (qsizetype i = 4096; i < bent.size(); i += 4096) // the head of each page but the first
            bent.replace(i, 8, QByteArray(8, '\xff'));
        QVERIFY(write(at("bent"), bent));
        QVERIFY(write(at("page"), QByteArray("<html>").repeated(2000)));
        QVERIFY(QDir().mkpath(at("folder")));
        {
            Stranger cars(at("cars"));
            QVERIFY(cars.run("CREATE TABLE cars (id INTEGER)"));
        }
        QVERIFY(QFile::copy(at("good"), at("newer")));
        {
            Stranger newer(at("newer"));
            QVERIFY(newer.run("PRAGMA user_version = 99"));
        }
        QVERIFY(QFile::copy(at("good"), at("live")));
        QVERIFY(write(at("live-wal"), "something"));
        const auto row = [](const char* name, const char* words, const QString& file,
                            const char* says, int code = 2) {
            QTest::newRow(name) << QString::fromLatin1(words) << file << QString::fromLatin1(says)
                                << code;
        };
        row("no file", "backup", {}, "FILE");
        row("there", "backup", at("good"), "exists already");
        row("a folder", "backup", at("folder"), "it is a folder");
        row("no folder", "backup", at("none/x"), "does not exist");
        row("no place", "backup", QStringLiteral("/proc/x"), "can't be written", 1);
        row("itself", "backup --force", m_store, "is the store itself");
        row("nothing there", "restore", at("nothing"), "There is no backup");
        row("restore a folder", "restore", at("folder"), "no regular file");
        row("cut", "restore", at("short"), "damaged");
        row("cut in its head", "restore", at("tiny"), "no SQLite database");
        row("empty", "restore", at("empty"), "no SQLite database");
        row("bent", "restore", at("bent"), "can't be used");
        row("rubbish", "restore", at("page"), "no SQLite database");
        row("another program's", "restore", at("cars"), "another program");
        row("newer", "restore", at("newer"), "schema version 99");
        row("in use", "restore", at("live"), "live-wal");
        row("restore itself", "restore", m_store, "is the store itself");
        row("no flag", "migrate --quick", {}, "--quick");
        row("no verb", "repair", {}, "repair");
    }
    void mistakes() {
        QFETCH(QString, words);
        QFETCH(QString, file);
        QFETCH(QString, says);
        QFETCH(int, code);
        const QStringList before = files();
        const QByteArray store_ = contentOf(m_store);
        const Ran ran = store(words, file);
        QVERIFY2(ran.err.contains(says.toUtf8()) && ran.err.count('\n') == 1, ran.err.constData());
        QCOMPARE(ran.code, code);
        QVERIFY(ran.out.isEmpty());
        QCOMPARE(files(), before);
        QVERIFY(contentOf(m_store) == store_);
    }

    void whatIsMissingIsNotMade() {
        for (const char* words : {"migrate --dry-run", "migrate", "backup"}) {
            QStringList arguments{QStringLiteral("store")};
            arguments += QString::fromLatin1(words).split(QLatin1Char(' '));
            if (arguments.last() == QLatin1String("backup"))
                arguments += at("nobody");
            arguments += {QStringLiteral("--store"), QStringLiteral("sqlite:") + at("none.db")};
            const Ran ran = runVigied(arguments);
            QCOMPARE(ran.code, 2);
            QVERIFY2(ran.err.contains("There is no store"), ran.err.constData());
        }
        QVERIFY(!QFile::exists(at("none.db")) && !QFile::exists(at("nobody")));
    }

    void aFullDisk() {
        Program shell(QStringLiteral("/bin/sh"));
        const QString vigied = QStringLiteral(VIGIE_TEST_BIN_DIR "/vigied");
        const QStringList before = files();
        const int code = shell.run(
            {QStringLiteral("-c"),
             QStringLiteral("trap '' XFSZ; ulimit -f 128; exec \"$0\" store backup \"$1\" --store "
                            "\"$2\""),
             vigied, at("big"), QStringLiteral("sqlite:") + m_store});
        QCOMPARE(code, 1);
        QVERIFY2(shell.standardError().contains("can't be written"),
                 shell.standardError().constData());
        QCOMPARE(files(), before);
    }

    void nobodyMayReadIt() {
        QVERIFY(QFile::copy(at("good"), at("closed")));
        QVERIFY(QFile::setPermissions(at("closed"), {}));
        const QString vigied = QStringLiteral(VIGIE_TEST_BIN_DIR "/vigied");
        QStringList words{
            vigied,       QStringLiteral("store"),   QStringLiteral("restore"),
            at("closed"), QStringLiteral("--store"), QStringLiteral("sqlite:") + m_store};
        if (::geteuid() == 0) // who may read everything, unless that right is taken away
            words = QStringList{QStringLiteral("/usr/bin/setpriv"),
                                QStringLiteral("--bounding-set=-dac_override,-dac_read_search"),
                                QStringLiteral("--")} +
                    words;
        Program restore(words.takeFirst());
        QCOMPARE(restore.run(words), 2);
        QVERIFY2(restore.standardError().contains("Permission denied"),
                 restore.standardError().constData());
    }
};

QTEST_GUILESS_MAIN(TestStoreCommand)
#include "tst_storecommand.moc"
