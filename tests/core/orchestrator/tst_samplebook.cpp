#include "core/base/log.h"
#include "core/orchestrator/samplebook.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

struct Book : ControlFixture {
    InstanceId id = add(QStringLiteral("i"), InstanceStatus::Ready);
    std::unique_ptr<SampleBook> book = std::make_unique<SampleBook>(clock, store);
    MonotonicTime due{};

    static Heartbeat beatOf(double percent, int gpus = 1) {
        Heartbeat beat;
        for (int i = 0; i < gpus; ++i)
            beat.gpus.push_back({i, percent, {}, {}, {}, {}, {}});
        return beat;
    }
    /// Every four seconds a beat and every second a tick, as in a daemon.
    void beatsFor(Duration span, double percent = 50) {
        const MonotonicTime end = clock.now() + span;
        for (int second = 0; clock.now() < end; ++second) {
            if (second % 4 == 0 && SampleBook::isDue(due, clock.now()))
                book->note(id, beatOf(percent));
            finishedTask(book->tick());
            clock.advance(1s);
        }
    }
    Outcome<std::vector<SampleBook::Series>> since(Duration ago, const InstanceId& of = {}) {
        const WallTime after =
            clock.wallNow() - std::chrono::duration_cast<std::chrono::milliseconds>(ago);
        return finishedTask(book->since(after, of));
    }
    std::size_t samplesSince(Duration ago) {
        const auto all = since(ago);
        return all && all->size() == 1 ? all->front().samples.size() : 0;
    }
};

} // namespace

class TestSampleBook : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void manyBeatsAreFewSamplesAndFewerWrites() {
        Book b;
        b.beatsFor(10min);
        QCOMPARE(b.samplesSince(2min), std::size_t(9)); // every third beat
        // A mean of each minute, in the store within some seconds of its end.
        QVERIFY(b.store.sampleRows.size() >= 8 && b.store.sampleRows.size() <= 10);
        QCOMPARE(b.store.sampleRows.front().sample.gpus.front().figures[0], 50.0F);
        QCOMPARE(b.book->figures().written, quint64(b.store.sampleRows.size()));
    }

    void aWindowIsJoinedFromStoreAndMemory() {
        Book b;
        b.beatsFor(30min);
        const auto all = b.since(30min);
        QVERIFY(all && all->size() == 1);
        const auto& samples = all->front().samples;
        QVERIFY(samples.size() > 45 && samples.size() < 60); // 24 minutes, and 30 samples
        QVERIFY(std::ranges::is_sorted(samples, {}, &ActivitySample::at));
        const auto twice = std::ranges::adjacent_find(samples, {}, &ActivitySample::at);
        QVERIFY(twice == samples.end());
        QVERIFY(b.since(30min, b.id)->size() == 1);
        QVERIFY(b.since(30min, InstanceId(QStringLiteral("other")))->empty());
    }

    void memoryAnswersWithoutTheStore() {
        Book b;
        b.beatsFor(6min);
        b.store.failure = Failure{FailureKind::Storage, QStringLiteral("away"), 0, {}, {}, {}};
        QCOMPARE(b.samplesSince(5min), std::size_t(24));
        QVERIFY(b.since(7min).error().kind == FailureKind::Storage);
        b.store.isShared = true; // others may have heard what we did not
        QVERIFY(!b.since(5min));
    }

    void afterARestartTheWindowIsReadFromTheStore() {
        Book b;
        b.beatsFor(90s);
        finishedTask(b.book->flush()); // the end of a daemon
        b.book = std::make_unique<SampleBook>(b.clock, b.store);
        QCOMPARE(b.samplesSince(5min), std::size_t(2));
        b.beatsFor(30s);
        QCOMPARE(b.samplesSince(5min), std::size_t(5));
    }

    void whatTheStoreDoesNotTakeWaitsForIt() {
        setLogSink([](const LogRecord& record) {
            const bool ours = record.category == QLatin1String("samples");
            warnings += ours && record.level == LogLevel::Warning ? 1 : 0;
        });
        warnings = 0;
        Book b;
        b.store.failure = Failure{FailureKind::Storage, QStringLiteral("away"), 0, {}, {}, {}};
        b.beatsFor(20min);
        QVERIFY(b.store.sampleRows.empty());
        QCOMPARE(warnings, 1);
        b.store.failure.reset();
        b.beatsFor(6s);
        QVERIFY(b.store.sampleRows.size() >= 16);
        QCOMPARE(b.book->figures().lost, quint64(0));
        setLogSink({});
    }

    void anInstanceThatWentSilentIsForgotten() {
        Book b;
        b.beatsFor(2min);
        QVERIFY(b.book->figures().held > 0);
        for (int i = 0; i < 400; ++i) {
            b.clock.advance(1s);
            finishedTask(b.book->tick());
        }
        QCOMPARE(b.book->figures().held, std::size_t(0));
        QCOMPARE(b.samplesSince(5min), std::size_t(0)); // nothing is made up
        QCOMPARE(b.samplesSince(20min), std::size_t(2));
    }

    void memoryHasABound() {
        Book b;
        const Heartbeat beat = Book::beatOf(1, 64);
        for (int round = 0; round < 8; ++round) {
            for (int i = 0; i < 2'000; ++i)
                b.book->note(InstanceId(QString::number(i)), beat);
            b.clock.advance(10s);
            finishedTask(b.book->tick());
            QVERIFY(b.book->figures().held <= SampleBook::mostHeld);
        }
        QVERIFY(b.since(1min)->size() == 2'000);
    }

    void tooManyRowsAreRefused() {
        Book b;
        for (int i = 0; i <= SampleBook::mostRead; ++i)
            b.store.sampleRows.push_back({b.id, {b.clock.wallNow(), {}, SystemActivity{}}});
        const auto all = b.since(5min);
        QVERIFY(!all && all.error().kind == FailureKind::Invalid);
    }

private:
    static inline int warnings = 0;
};

QTEST_GUILESS_MAIN(TestSampleBook)
#include "tst_samplebook.moc"
