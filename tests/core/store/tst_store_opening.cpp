#include "core/store/store.h"
#include "tests/core/store/stranger.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace vigie;

/// Which files a store opens, which it refuses and with what words.
class TestStoreOpening : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_file;
    std::unique_ptr<Store> m_store;

private Q_SLOTS:
    void init() {
        m_file = m_folder.filePath(QStringLiteral("%1.db").arg(newUuid()));
        auto opened = openStore(QStringLiteral("sqlite:") + m_file);
        QVERIFY2(opened.has_value(), opened ? "" : qPrintable(opened.error().message));
        m_store = std::move(*opened);
    }
    void cleanup() { m_store.reset(); }

    void twoOrchestratorsOnOneFileAreRefused() {
        const auto second = openStore(QStringLiteral("sqlite:") + m_file);
        QVERIFY(!second);
        QVERIFY(second.error().kind == FailureKind::Storage);
        const QString says = second.error().message;
        QVERIFY2(says.contains(QStringLiteral("is in use by process %1").arg(::getpid())),
                 qPrintable(says));
        QFile::link(m_file, m_folder.filePath(QStringLiteral("alias.db")));
        QVERIFY(
            !openStore(QStringLiteral("sqlite:") + m_folder.filePath(QStringLiteral("alias.db"))));
        QFile::remove(m_folder.filePath(QStringLiteral("alias.db")));
        m_store.reset();
        QVERIFY(openStore(QStringLiteral("sqlite://") + m_file)); // "sqlite:///path" works too
    }

    void nobodyElseMayReadIt() {
        for (const char* suffix : {"", "-wal", ".lock"}) {
            const QString file = m_file + QLatin1String(suffix);
            struct stat status = {};
            QVERIFY2(::stat(QFile::encodeName(file).constData(), &status) == 0, suffix);
            QCOMPARE(status.st_mode & 077U, 0U);
        }
    }

    void whatCannotBeOpened_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("says");
        const QString folder = m_folder.path();
        QFile html(folder + QStringLiteral("/page.db"));
        QVERIFY(html.open(QIODevice::WriteOnly));
        html.write(QByteArray("<html>").repeated(2000));
        html.close();
        {
            Stranger other(folder + QStringLiteral("/other.db"));
            QVERIFY(other.run("CREATE TABLE cars (id INTEGER)"));
        }
        {
            Stranger newer(folder + QStringLiteral("/newer.db"));
            QVERIFY(newer.run("PRAGMA application_id = 1447643977"));
            QVERIFY(newer.run("PRAGMA user_version = 99"));
        }
        const auto row = [&](const char* name, const QString& url, const char* says) {
            QTest::newRow(name) << url << QString::fromLatin1(says);
        };
        row("no scheme", folder + QStringLiteral("/x.db"), "sqlite:/var/lib");
        row("another scheme", QStringLiteral("oracle:/x"), "no kind that this build knows");
        row("nothing", QString(), "no kind that this build knows");
        row("no path", QStringLiteral("sqlite:"), "a file name is missing");
        row("no folder", QStringLiteral("sqlite:%1/none/x.db").arg(folder), "does not exist");
        row("a folder", QStringLiteral("sqlite:%1").arg(folder), "it is a folder");
        row("a device", QStringLiteral("sqlite:/dev/null"), "no regular file");
        row("no database", QStringLiteral("sqlite:%1/page.db").arg(folder), "no SQLite database");
        row("of another program", QStringLiteral("sqlite:%1/other.db").arg(folder),
            "another program");
        row("of a newer version", QStringLiteral("sqlite:%1/newer.db").arg(folder),
            "schema version 99");
        if (::geteuid() != 0) { // root may read everything
            QFile closed(folder + QStringLiteral("/closed.db"));
            QVERIFY(closed.open(QIODevice::WriteOnly));
            closed.setPermissions({});
            row("unreadable", QStringLiteral("sqlite:%1/closed.db").arg(folder), "may not read");
        }
    }

    void whatCannotBeOpened() {
        QFETCH(QString, url);
        QFETCH(QString, says);
        const auto opened = openStore(url);
        QVERIFY(!opened);
        QVERIFY(opened.error().kind == FailureKind::Storage);
        QVERIFY2(opened.error().message.contains(says), qPrintable(opened.error().message));
        if (url.endsWith(u"other.db")) { // and it was left as it is
            QVERIFY(!QFile::exists(m_folder.filePath(QStringLiteral("other.db-wal"))));
        }
    }
};

QTEST_GUILESS_MAIN(TestStoreOpening)
#include "tst_store_opening.moc"
