#include "tests/support/samplesnapshot.h"
#include "ui/models/emptiness.h"
#include "ui/models/gpufigurescodec.h"
#include "ui/models/logmetacodec.h"
#include "ui/models/nearestword.h"
#include "ui/models/words.h"

#include <QtTest>

using namespace vigie;
using namespace std::chrono_literals;

class TestWords : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void durations_data() {
        QTest::addColumn<qint64>("ms");
        QTest::addColumn<QString>("whole");
        QTest::addColumn<QString>("brief");
        QTest::newRow("0") << qint64(0) << "0 ms"
                           << "0 s";
        QTest::newRow("850 ms") << qint64(850) << "850 ms"
                                << "0 s";
        QTest::newRow("14 s") << qint64(14'900) << "14 s"
                              << "14 s";
        QTest::newRow("3 min 20 s") << qint64(200'000) << "3 min 20 s"
                                    << "3 min";
        QTest::newRow("2 h 05 min") << qint64(7'500'000) << "2 h 05 min"
                                    << "2 h";
        QTest::newRow("3 d 04 h") << qint64(273'600'000) << "3 d 04 h"
                                  << "3 d";
    }
    void durations() {
        QFETCH(qint64, ms);
        QTEST(durationText(std::chrono::milliseconds(ms)), "whole");
        QTEST(shortDuration(std::chrono::milliseconds(ms)), "brief");
    }
    void ages() {
        const WallTime now = sampleNow();
        QCOMPARE(ageText(now - 14s, now), QStringLiteral("14 s ago"));
        QCOMPARE(ageText(now, now), QStringLiteral("now"));
        QCOMPARE(ageText(now + 3s, now), QStringLiteral("now")); // clocks differ a little
    }
    void latencies_data() {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("µs") << 0.000123 << QStringLiteral("123 µs");
        QTest::newRow("ms, 2 digits") << 0.0012 << "1.20 ms";
        QTest::newRow("ms, 1 digit") << 0.0384 << "38.4 ms";
        QTest::newRow("ms") << 0.384 << "384 ms";
        QTest::newRow("s") << 1.239 << "1.24 s";
        QTest::newRow("min") << 200.0 << "3 min 20 s";
        QTest::newRow("none") << std::nan("") << QStringLiteral("–");
    }
    void latencies() {
        QFETCH(double, seconds);
        QTEST(latencyText(seconds), "text");
    }
    void idsAreShortenedInTheMiddle() {
        QCOMPARE(shortId(QStringLiteral("0f3a9b1c-0000-4000-8000-00000000abcd")),
                 QStringLiteral("0f3a9b…abcd"));
        QCOMPARE(shortId(QStringLiteral("short-id")), QStringLiteral("short-id"));
    }
    /// The wording may differ, the decision may not.
    void whyNotAgreesWithCore() {
        for (const Action action : {Action::Terminate, Action::Reinstall, Action::Archive})
            for (const InstanceStatus status : allInstanceStatuses)
                for (const bool machine : {true, false}) {
                    Instance instance;
                    instance.status = status;
                    instance.providerInstanceId = machine ? QStringLiteral("m-1") : QString();
                    QCOMPARE(whyNotText(action, instance).isEmpty(),
                             !whyNot(action, status, machine).has_value());
                }
    }
    void everyWordIsThere() {
        for (const InstanceStatus status : allInstanceStatuses)
            QVERIFY(!word(status).isEmpty());
        for (int kind = 0; kind <= static_cast<int>(FailureKind::Internal); ++kind)
            QVERIFY(!failureWord(static_cast<FailureKind>(kind)).isEmpty());
        QCOMPARE(ruleText(QStringLiteral("some-new-rule")), QStringLiteral("Rule: some-new-rule"));
    }
    void gpuFiguresAreReadTolerantly() {
        const auto some = gpuFigures(R"({"gpus":[{"index":0,"gpu_mem_used_mb":6000,
            "gpu_mem_total_mb":24000},{"index":1,"gpu_mem_used_mb":"x"}],
            "system":{"cpu_usage_pct":12.5}})");
        QCOMPARE(some.gpus.size(), size_t(2));
        QCOMPARE(*some.memoryPercent(), 25.0);
        QCOMPARE(*some.cpuPct, 12.5);
        QVERIFY(!some.diskPct);
        for (const char* text : {"", "null", "[]", "{", "{\"gpus\":3}", "{\"gpus\":[null]}"})
            QVERIFY(!gpuFigures(text).memoryPercent());
    }
    void logMetaComesFromMetadataThenRequest() {
        ActionLog entry;
        entry.requestPayload = "{\"reason\":\"from the request\"}";
        QCOMPARE(logMeta(entry).reason, QStringLiteral("from the request"));
        entry.metadata = "{\"reason\":\"from metadata\",\"rule\":\"late\"}";
        QCOMPARE(logMeta(entry).reason, QStringLiteral("from metadata"));
        QCOMPARE(logMeta(entry).rule, QStringLiteral("late"));
        entry.metadata = "rubbish";
        QCOMPARE(logMeta(entry).reason, QStringLiteral("from the request"));
    }
    void nearest() {
        const QStringList known{QStringLiteral("state"), QStringLiteral("zone"),
                                QStringLiteral("verdict")};
        QCOMPARE(nearestWord(QStringLiteral("sate"), known), QStringLiteral("state"));
        QCOMPARE(nearestWord(QStringLiteral("Zones"), known), QStringLiteral("zone"));
        QCOMPARE(nearestWord(QStringLiteral("elephant"), known), QString());
    }
    void emptinessSaysWhy() {
        using Step = Emptiness::Step;
        const QString nothing = QStringLiteral("nothing there");
        QCOMPARE(emptiness(nullptr, 0, {}, nothing).step, Step::None);
        FleetSnapshot snapshot;
        QCOMPARE(emptiness(&snapshot, 0, {}, nothing).step, Step::OpenSources);
        QCOMPARE(emptiness(&snapshot, 7, QStringLiteral("x"), nothing).step, Step::ClearFilter);
        SourceStatus source;
        source.name = QStringLiteral("eu");
        snapshot.sources = {source};
        QCOMPARE(emptiness(&snapshot, 0, {}, nothing).step, Step::PollNow);
        snapshot.sources[0].lastFailure =
            Failure{FailureKind::Network, QStringLiteral("refused"), 0, {}, {}, {}};
        const auto never = emptiness(&snapshot, 0, {}, nothing);
        QVERIFY(never.sentence.contains(QLatin1String("refused")));
        snapshot.sources[0].lastSuccess = sampleNow();
        snapshot.sources[0].freshness = Freshness::Stale;
        QVERIFY(emptiness(&snapshot, 0, {}, nothing).sentence != nothing);
        snapshot.sources[0].freshness = Freshness::Live;
        QCOMPARE(emptiness(&snapshot, 0, {}, nothing).sentence, nothing);
    }
};

QTEST_APPLESS_MAIN(TestWords)
#include "tst_words.moc"
