// docs/seeds.md names a test for every test of the seeds; each must exist.

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

class TestSeedsDoc : public QObject {
    Q_OBJECT

    static QString read(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }

private Q_SLOTS:
    void everyNamedTestExists() {
        const QString root = QStringLiteral(VIGIE_SOURCE_DIR);
        QHash<QString, QString> tests; // text of the file by its name
        QDirIterator files(root + QStringLiteral("/tests"), {QStringLiteral("tst_*.cpp")},
                           QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            files.next();
            tests.insert(files.fileInfo().completeBaseName(), read(files.filePath()));
        }
        static const QRegularExpression named(QStringLiteral("`(tst_[a-z_]+)`: `([A-Za-z0-9_]+)`"));
        auto matches = named.globalMatch(read(root + QStringLiteral("/docs/seeds.md")));
        QStringList missing;
        int count = 0;
        while (matches.hasNext()) {
            const auto match = matches.next();
            ++count;
            const QString slot = QStringLiteral("    void %1()").arg(match.captured(2));
            if (!tests.value(match.captured(1)).contains(slot))
                missing.append(match.captured(0));
        }
        QVERIFY2(missing.isEmpty(), qUtf8Printable(missing.join(QLatin1Char('\n'))));
        QVERIFY(count >= 35);
    }

    void everySeedIsThere() {
        const QStringList lines =
            read(QStringLiteral(VIGIE_SOURCE_DIR "/docs/seeds.md")).split(QLatin1Char('\n'));
        for (const char* seed : {"000", "001", "002", "003", "004"}) {
            const QString row = QStringLiteral("| %1 |").arg(QString::fromLatin1(seed));
            QVERIFY2(std::any_of(lines.begin(), lines.end(),
                                 [&row](const QString& line) { return line.startsWith(row); }),
                     seed);
        }
    }
};

QTEST_GUILESS_MAIN(TestSeedsDoc)
#include "tst_seedsdoc.moc"
