#include "core/tasks/checkpoints/checkpointhistory.h"
#include "core/tasks/checkpoints/localcheckpoints.h"
#include "tests/support/await.h"
#include "tests/support/fakeclock.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;

namespace {

const QString owner = QStringLiteral("run-1");

template <typename T>
T must(Task<Outcome<T>> task) {
    auto outcome = await(std::move(task));
    if (!outcome || !*outcome)
        qFatal("failed: %s", outcome ? qUtf8Printable(outcome->error().message) : "no answer");
    return std::move(**outcome);
}

} // namespace

class TestCheckpoints : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<LocalCheckpoints> m_storage;
    FakeClock m_clock;

    QStringList files() const {
        return QDir(m_folder->filePath(owner)).entryList(QDir::Files, QDir::Name);
    }
    void damage(const QString& name, const std::function<void(QByteArray&)>& how) {
        QFile file(m_folder->filePath(owner + u'/' + name));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray bytes = file.readAll();
        how(bytes);
        QVERIFY(file.resize(0) && file.seek(0));
        QCOMPARE(file.write(bytes), bytes.size());
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_storage = std::make_unique<LocalCheckpoints>(m_folder->path());
    }

    void codecGivesBackWhatItGot() {
        const Checkpoint checkpoint{QStringLiteral("r\u00e9sum\u00e9"), 7, m_clock.wallNow(),
                                    QByteArray("\0\1\2state", 8)};
        QVERIFY(*decodeCheckpoint(encodeCheckpoint(checkpoint)) == checkpoint);
        const Checkpoint empty{{}, 0, WallTime(), {}};
        QVERIFY(*decodeCheckpoint(encodeCheckpoint(empty)) == empty);
    }

    void codecRefusesEveryBitThatChanged() {
        const QByteArray good = encodeCheckpoint({owner, 3, m_clock.wallNow(), "the state"});
        for (qsizetype i = 0; i < good.size() * 8; ++i) {
            QByteArray bad = good;
            bad[i / 8] = static_cast<char>(bad.at(i / 8) ^ (1 << (i % 8)));
            QVERIFY2(!decodeCheckpoint(bad), QByteArray::number(i).constData());
        }
        for (qsizetype length = 0; length < good.size(); ++length)
            QVERIFY(!decodeCheckpoint(good.left(length)));
        QVERIFY(!decodeCheckpoint(good + 'x'));
        QByteArray future = good;
        future[7] = '2';
        QVERIFY(decodeCheckpoint(future).error().kind == FailureKind::Unsupported);
    }

    void newestIsFoundAgain() {
        CheckpointHistory history(m_clock, *m_storage, owner, 5);
        QVERIFY(!must(history.newest({})).checkpoint);
        QCOMPARE(must(history.save("one", {})), 1u);
        m_clock.advance(std::chrono::seconds(10));
        QCOMPARE(must(history.save("two", {})), 2u);
        CheckpointHistory again(m_clock, *m_storage, owner, 5);
        const auto found = must(again.newest({}));
        QCOMPARE(found.checkpoint->state, QByteArray("two"));
        QVERIFY(found.checkpoint->savedAt == m_clock.wallNow());
        QVERIFY(found.passedOver.isEmpty());
        QCOMPARE(must(again.save("three", {})), 3u);
    }

    void aRelativeFolderIsReadBack() {
        LocalCheckpoints relative(
            QDir::current().relativeFilePath(m_folder->filePath(QStringLiteral("rel"))));
        CheckpointHistory history(m_clock, relative, owner, 5);
        must(history.save("one", {}));
        CheckpointHistory again(m_clock, relative, owner, 5);
        QCOMPARE(must(again.newest({})).checkpoint->state, QByteArray("one"));
        QCOMPARE(must(again.save("two", {})), 2u);
        QCOMPARE(must(listCheckpoints(relative, owner, true, {})).size(), 2u);
    }

    void keepsTheLastFew() {
        CheckpointHistory history(m_clock, *m_storage, owner, 3);
        for (int i = 1; i <= 8; ++i) {
            must(history.save("state " + QByteArray::number(i), {}));
            QCOMPARE(files().size(), std::min(i, 3));
        }
        QCOMPARE(files().first(), QStringLiteral("checkpoint-000000000006.vck"));
        history.setKeep(1);
        must(history.save("last", {}));
        QCOMPARE(files(), QStringList({QStringLiteral("checkpoint-000000000009.vck")}));
    }

    void aShorterStateLeavesNothingOfALongerOne() {
        CheckpointHistory history(m_clock, *m_storage, owner, 2);
        for (const int size : {5000, 4000, 3000, 10, 0, 7000})
            must(history.save(QByteArray(size, 's'), {}));
        const auto list = must(listCheckpoints(*m_storage, owner, true, {}));
        QCOMPARE(list.size(), 2u);
        for (const CheckpointInfo& info : list)
            QVERIFY2(info.checkpoint, qUtf8Printable(info.key));
        QCOMPARE(list.back().checkpoint->state.size(), 7000);
        QCOMPARE(list.front().checkpoint->state.size(), 0);
    }

    void aCorruptNewestFallsBackAndSaysSo() {
        CheckpointHistory history(m_clock, *m_storage, owner, 5);
        for (const char* state : {"one", "two", "three"})
            must(history.save(state, {}));
        damage(files().at(2), [](QByteArray& bytes) { bytes[bytes.size() - 1] ^= 1; });
        damage(files().at(1), [](QByteArray& bytes) { bytes.truncate(20); });
        const auto found = must(history.newest({}));
        QCOMPARE(found.checkpoint->state, QByteArray("one"));
        QCOMPARE(found.passedOver.size(), 2);
        QVERIFY2(found.passedOver.at(0).contains(QStringLiteral("checkpoint-000000000003.vck")) &&
                     found.passedOver.at(0).contains(QStringLiteral("checksum")),
                 qUtf8Printable(found.passedOver.at(0)));
        // The next one does not take the number of a damaged one.
        QCOMPARE(must(history.save("four", {})), 4u);
        const auto list = must(listCheckpoints(*m_storage, {}, false, {}));
        QCOMPARE(std::ranges::count_if(list, [](const auto& info) { return !info.checkpoint; }), 2);
    }

    void oneOfAnotherOwnerIsPassedOver() {
        CheckpointHistory other(m_clock, *m_storage, QStringLiteral("run-2"), 5);
        must(other.save("foreign", {}));
        CheckpointHistory history(m_clock, *m_storage, owner, 5);
        must(history.save("own", {}));
        QVERIFY(QFile::copy(
            m_folder->filePath(QStringLiteral("run-2/checkpoint-000000000001.vck")),
            m_folder->filePath(owner + QStringLiteral("/checkpoint-000000000002.vck"))));
        const auto found = must(history.newest({}));
        QCOMPARE(found.checkpoint->state, QByteArray("own"));
        QCOMPARE(found.passedOver.size(), 1);
    }

    void theRestOfACrashIsNoCheckpoint() {
        CheckpointHistory history(m_clock, *m_storage, owner, 5);
        must(history.save("one", {}));
        QFile left(m_folder->filePath(owner + QStringLiteral("/checkpoint-000000000002.vck.tmp")));
        QVERIFY(left.open(QIODevice::WriteOnly));
        left.write("half");
        left.close();
        QCOMPARE(must(history.newest({})).checkpoint->state, QByteArray("one"));
        QCOMPARE(must(history.save("two", {})), 2u);
        QCOMPARE(must(listCheckpoints(*m_storage, owner, false, {})).size(), 2u);
    }

    void keysDoNotLeaveTheFolder() {
        for (const char* key :
             {"../x/y", "a/../b", "/etc/passwd", "a/.b", "a", "a/b/c", "", "a/"}) {
            const auto put = await(m_storage->put(QString::fromLatin1(key), "x", {}, {}));
            QVERIFY2(put && !*put, key);
            QVERIFY(put->error().kind == FailureKind::Invalid);
        }
    }

    void aFailedSaveLeavesTheOldOnes() {
        LocalCheckpoints nowhere(QStringLiteral("/proc/vigie"));
        CheckpointHistory history(m_clock, nowhere, owner, 5);
        const auto saved = await(history.save("x", {}));
        QVERIFY(saved && !*saved);
        QVERIFY2(saved->error().message.contains(QStringLiteral("/proc/vigie")),
                 qUtf8Printable(saved->error().message));
    }
};

QTEST_GUILESS_MAIN(TestCheckpoints)
#include "tst_checkpoints.moc"
