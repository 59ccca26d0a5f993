#include "core/tasks/durable/durablefile.h"
#include "core/tasks/durable/recordlog.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;

namespace {

struct Content {
    QList<QByteArray> records;
    LogDamage damage;
    QString failure;
};

Content contentOf(RecordLog& log) {
    Content content;
    const RecordLog::Guard guard(log);
    const auto damage = log.read(
        [&content](QByteArrayView payload) { content.records.append(payload.toByteArray()); });
    if (damage)
        content.damage = *damage;
    else
        content.failure = damage.error().message;
    return content;
}

QByteArray numbered(int number) {
    return "record " + QByteArray::number(number);
}

} // namespace

class TestRecordLog : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_path;

    void fill(int count) {
        auto log = RecordLog::open(m_path);
        QVERIFY(log);
        const RecordLog::Guard guard(*log);
        QVERIFY(log->read([](QByteArrayView) {}));
        for (int i = 0; i < count; ++i)
            QVERIFY(log->append(numbered(i)));
    }

    void change(const std::function<void(QByteArray&)>& how) {
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray bytes = file.readAll();
        how(bytes);
        QVERIFY(file.seek(0) && file.write(bytes) == bytes.size() && file.resize(bytes.size()));
    }

private Q_SLOTS:
    void init() { m_path = m_folder.filePath(QString::fromLatin1(QTest::currentTestFunction())); }

    void keepsWhatWasAppended() {
        fill(3);
        fill(2); // goes on behind what is there
        auto log = RecordLog::open(m_path);
        const Content content = contentOf(*log);
        QCOMPARE(content.records, QList<QByteArray>({numbered(0), numbered(1), numbered(2),
                                                     numbered(0), numbered(1)}));
        QVERIFY(!content.damage.torn && content.damage.places == 0);
        QVERIFY(contentOf(*log).records.isEmpty()); // each is given once
    }

    void takesEmptyAndLongRecords() {
        auto log = RecordLog::open(m_path);
        const QByteArray longest(RecordLog::maxRecordBytes, 'x');
        {
            const RecordLog::Guard guard(*log);
            QVERIFY(log->read([](QByteArrayView) {}));
            QVERIFY(log->append(QByteArray()));
            QVERIFY(log->append(longest));
            const auto tooLong = log->append(longest + 'x');
            QVERIFY(!tooLong);
            QVERIFY(tooLong.error().kind == FailureKind::TooLarge);
        }
        auto again = RecordLog::open(m_path);
        QCOMPARE(contentOf(*again).records, QList<QByteArray>({QByteArray(), longest}));
    }

    void dropsATornTailAtEveryLength() {
        fill(2);
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        const qsizetype record = 12 + numbered(1).size();
        const qsizetype begin = 8 + 12 + numbered(0).size();
        for (qsizetype kept = 0; kept < record; ++kept) {
            change([&](QByteArray& bytes) {
                bytes = whole.left(begin + kept) + QByteArray(record - kept, '\0');
            });
            auto log = RecordLog::open(m_path);
            const Content content = contentOf(*log);
            QCOMPARE(content.records, QList<QByteArray>({numbered(0)}));
            QCOMPARE(content.damage.torn, kept > 0);
            const RecordLog::Guard guard(*log);
            QVERIFY(log->append("next"));
        }
        auto log = RecordLog::open(m_path);
        QCOMPARE(contentOf(*log).records, QList<QByteArray>({numbered(0), "next"}));
    }

    void losesOnlyTheRecordThatIsDamaged() {
        fill(5);
        const qsizetype record = 12 + numbered(0).size();
        change([&](QByteArray& bytes) { bytes[8 + 2 * record + 13] ^= 0x10; });
        auto log = RecordLog::open(m_path);
        const Content content = contentOf(*log);
        QCOMPARE(content.records,
                 QList<QByteArray>({numbered(0), numbered(1), numbered(3), numbered(4)}));
        QCOMPARE(content.damage.places, 1);
        QCOMPARE(content.damage.bytes, qint64(record));
    }

    void refusesAnotherFile() {
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("#!/bin/sh\necho this is no log\n");
        file.close();
        auto log = RecordLog::open(m_path);
        QVERIFY(contentOf(*log).failure.contains(QStringLiteral("is no record log of Vigie")));
        QVERIFY(!RecordLog::open(m_folder.filePath(QStringLiteral("no/such/folder/log"))));
    }

    void twoWritersSeeEachOther() {
        auto one = RecordLog::open(m_path);
        auto two = RecordLog::open(m_path);
        QVERIFY(contentOf(*one).records.isEmpty());
        for (int i = 0; i < 10; ++i) {
            RecordLog& writer = i % 2 ? *one : *two;
            const RecordLog::Guard guard(writer);
            QVERIFY(writer.read([](QByteArrayView) {}));
            QVERIFY(writer.append(numbered(i)));
        }
        auto reader = RecordLog::open(m_path);
        QCOMPARE(contentOf(*reader).records.size(), 10);
    }

    void rewritingIsSeenByOthers() {
        fill(4);
        auto one = RecordLog::open(m_path);
        auto two = RecordLog::open(m_path);
        QCOMPARE(contentOf(*one).records.size(), 4);
        QCOMPARE(contentOf(*two).records.size(), 4);
        {
            const RecordLog::Guard guard(*one);
            const std::vector<QByteArray> rest{"only"};
            QVERIFY(one->rewrite(rest));
        }
        bool restarted = false;
        QList<QByteArray> seen;
        {
            const RecordLog::Guard guard(*two);
            QVERIFY(two->read([&](QByteArrayView p) { seen.append(p.toByteArray()); },
                              [&] { restarted = true; }));
            QVERIFY(two->append("more"));
        }
        QVERIFY(restarted);
        QCOMPARE(seen, QList<QByteArray>({"only"}));
        QCOMPARE(contentOf(*one).records, QList<QByteArray>({"more"}));
    }

    void replacesFilesWhole() {
        QVERIFY(replaceFileDurably(m_path, "one"));
        QVERIFY(replaceFileDurably(m_path, "two, longer"));
        QCOMPARE(*readWholeFile(m_path, 100), QByteArray("two, longer"));
        const QString next = m_path + QStringLiteral(".next");
        QVERIFY(replaceFileDurably(next, "3", m_path)); // in the room of the old one
        QCOMPARE(*readWholeFile(next, 100), QByteArray("3"));
        QVERIFY(!QFile::exists(m_path));
        QVERIFY(readWholeFile(next, 0).error().kind == FailureKind::TooLarge);
        QVERIFY(readWholeFile(m_path, 10).error().kind == FailureKind::NotFound);
        const auto nowhere = replaceFileDurably(QStringLiteral("/proc/no/such"), "x");
        QVERIFY(!nowhere);
        QVERIFY2(nowhere.error().message.contains(QStringLiteral("/proc/no/such")),
                 qUtf8Printable(nowhere.error().message));
    }

    void aFullDiskIsAFailureAndNothingElse() {
        QVERIFY(QFile::exists(QStringLiteral("/dev/full")));
        auto log = RecordLog::open(QStringLiteral("/dev/full"));
        QVERIFY(log);
        const RecordLog::Guard guard(*log);
        const auto appended = log->append("x");
        QVERIFY(!appended);
        QVERIFY(appended.error().kind == FailureKind::Storage);
        QCOMPARE(appended.error().code, QStringLiteral("storage_full"));
    }

    void oneLockAtATime() {
        {
            const auto first = FileLock::tryLock(m_path, QStringLiteral("run 7"));
            QVERIFY(first);
            const auto second = FileLock::tryLock(m_path, QStringLiteral("run 7"));
            QVERIFY(!second);
            QVERIFY(second.error().kind == FailureKind::Conflict);
            QVERIFY(second.error().message.startsWith(QStringLiteral("run 7 is in use")));
        }
        QVERIFY(FileLock::tryLock(m_path, QStringLiteral("run 7")));
    }
};

QTEST_GUILESS_MAIN(TestRecordLog)
#include "tst_recordlog.moc"
