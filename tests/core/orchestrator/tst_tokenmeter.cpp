#include "core/base/log.h"
#include "core/orchestrator/tokenmeter.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

int warnings = 0;

struct Meter : ControlFixture {
    InstanceId id;
    std::unique_ptr<TokenMeter> meter = std::make_unique<TokenMeter>(plane);

    Meter() {
        id = add(QStringLiteral("i"), InstanceStatus::Ready);
        begins();
    }
    /// A daemon starts, and hears beats a second later.
    void begins() {
        meter = std::make_unique<TokenMeter>(plane);
        finishedTask(meter->tick());
        clock.advance(1s);
    }
    void beat(const QByteArray& metadata) {
        Heartbeat beat;
        beat.instanceId = id;
        beat.metadataJson = metadata;
        plane.beat(beat);
    }
    void beats(const TokenCount& counter) { beat(encodeTokenCount(counter)); }
    void minute() {
        clock.advance(TokenMeter::every);
        finishedTask(meter->tick());
    }
    std::vector<TokenCount> told() const {
        std::vector<TokenCount> all;
        for (const FinopsEvent& event : store.finops) {
            if (event.kind == FinopsKind::TokensUsed)
                all.push_back(*event.used);
        }
        return all;
    }
};

} // namespace

class TestTokenMeter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatWasUsedIsToldOnceAMinute() {
        Meter m;
        m.beats({1, 100, 10});
        m.minute();
        m.beats({2, 150, 30});
        finishedTask(m.meter->tick()); // within the minute
        m.beats({3, 200, 40});
        m.minute();
        m.minute(); // nothing new
        QVERIFY(m.told() == std::vector<TokenCount>({{1, 100, 10}, {2, 100, 30}}));
    }

    void aModelServerThatBeganAnewCountsFromZero() {
        Meter m;
        m.beats({5, 500, 50});
        m.minute();
        m.beats({1, 10, 1});
        m.minute();
        QVERIFY(m.told() == std::vector<TokenCount>({{5, 500, 50}, {1, 10, 1}}));
    }

    // Another life of the daemon, or another leader: neither lost nor doubled.
    void aRestartGoesOnWhereTheEventsStand() {
        Meter m;
        m.beats({5, 500, 50});
        m.minute();
        m.begins();
        m.beats({6, 600, 60});
        m.minute();
        QVERIFY(m.told() == std::vector<TokenCount>({{5, 500, 50}, {1, 100, 10}}));
    }

    // Killed between the event and the flush of the beats: memory is older than the events.
    void anOlderCounterAfterARestartAddsNothing() {
        Meter m;
        m.beats({5, 500, 50});
        m.minute();
        m.beats({3, 300, 30}); // what the store had kept
        m.begins();
        m.minute();
        m.minute();
        QVERIFY(m.told() == std::vector<TokenCount>({{5, 500, 50}}));
        m.beats({6, 600, 60});
        m.minute();
        QVERIFY(m.told() == std::vector<TokenCount>({{5, 500, 50}, {1, 100, 10}}));
    }

    void failingToBeginIsWarnedOfOnce() {
        Meter m;
        m.meter = std::make_unique<TokenMeter>(m.plane);
        m.store.failure = Failure{FailureKind::Storage, QStringLiteral("away"), 0, {}, {}, {}};
        warnings = 0;
        setLogSink([](const LogRecord& record) {
            const bool ours =
                record.level == LogLevel::Warning && record.message.contains(QLatin1String("away"));
            warnings += ours && record.category == QLatin1String("tokens") ? 1 : 0;
        });
        m.minute();
        m.minute();
        const int ofOneFailure = warnings;
        m.store.failure.reset();
        m.minute();
        setLogSink({});
        QCOMPARE(ofOneFailure, 1);
    }

    void anAwayStoreLosesNothing() {
        Meter m;
        m.beats({5, 500, 50});
        m.store.failure = Failure{FailureKind::Storage, QStringLiteral("away"), 0, {}, {}, {}};
        m.minute();
        m.store.failure.reset();
        m.minute();
        m.clock.advance(1s);
        m.beats({5, 500, 50});
        m.minute();
        QVERIFY(m.told() == std::vector<TokenCount>({{5, 500, 50}}));
    }

    void whoDoesNotLeadTellsNothing() {
        Meter m;
        m.store.isShared = true;
        m.store.takenByOthers = {QStringLiteral("leader")};
        finishedTask(m.plane.replica().join(QStringLiteral("a"), 15s));
        m.beats({5, 500, 50});
        m.minute();
        QVERIFY(m.told().empty());
    }

    void rubbishIsNoFigure_data() {
        QTest::addColumn<QByteArray>("metadata");
        const auto row = [](const char* name, const QByteArray& count) {
            QTest::newRow(name) << QByteArray("{\"tokens\":{\"requests_total\":1,"
                                              "\"prompt_tokens_total\":2,"
                                              "\"generation_tokens_total\":" +
                                              count + "}}");
        };
        row("negative", "-1");
        row("half", "0.5");
        row("huge", "1e13");
        row("word", "\"many\"");
        row("null", "null");
        QTest::newRow("a list") << QByteArray("{\"tokens\":[1,2,3]}");
        QTest::newRow("none") << QByteArray("{}");
        QTest::newRow("cut") << QByteArray("{\"tokens\":{\"requests");
    }
    void rubbishIsNoFigure() {
        QFETCH(QByteArray, metadata);
        QVERIFY(!decodeTokenCount(metadata));
        Meter m;
        m.beat(metadata);
        m.minute();
        QVERIFY(m.told().empty());
    }
};

QTEST_GUILESS_MAIN(TestTokenMeter)
#include "tst_tokenmeter.moc"
