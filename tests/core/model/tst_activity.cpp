#include "core/model/activity.h"

#include <QTest>

#include <cmath>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

WallTime second(int n) {
    return WallTime(std::chrono::seconds(1'700'000'000 + n));
}

ActivitySample sampleOf(int at, float load, std::vector<GpuActivity> gpus = {}) {
    ActivitySample sample;
    sample.at = second(at);
    sample.gpus = std::move(gpus);
    sample.system = SystemActivity{};
    sample.system->fill(load);
    return sample;
}

Heartbeat fullBeat() {
    Heartbeat beat;
    beat.gpus = {{1, 80.0, 30.0, 40.0, 61.0, 250.0, 300.0}, {0, 10.0, {}, 40.0, {}, {}, {}}};
    SystemSample system;
    system.cpuUsagePct = 12.5;
    system.load1 = 0.25;
    system.memUsedBytes = 1;
    system.memTotalBytes = 4;
    system.diskUsedPct = 70;
    system.netRxBps = 1'000'000;
    beat.system = system;
    return beat;
}

} // namespace

class TestActivity : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aBeatIsToldInTheContractsWords() {
        const ActivitySample sample = activityOf(fullBeat(), second(3));
        QVERIFY(sample.at == second(3));
        QCOMPARE(sample.gpus.size(), std::size_t(2));
        QCOMPARE(sample.gpus[0].index, 0);
        QCOMPARE(sample.gpus[1].figures[1], 75.0F); // of the memory
        QCOMPARE(encodeActivityFigures(sample),
                 QByteArray(R"({"gpus":[[0,10,null,null,null,null],[1,80,75,61,250,300]],)"
                            R"("system":[12.5,0.25,25,70,8,null]})"));
    }

    void rubbishIsUnknownNeverZero() {
        Heartbeat beat;
        beat.gpus = {{0, 1e300, 5.0, 0.0, {}, {}, {}}, {0, 50.0, {}, {}, {}, {}, {}}};
        const ActivitySample sample = activityOf(beat, second(0));
        QCOMPARE(sample.gpus.size(), std::size_t(1)); // two of one index
        for (const float figure : sample.gpus[0].figures)
            QVERIFY(std::isnan(figure));
        QVERIFY(!sample.system && !sample.empty());
        QVERIFY(activityOf({}, second(0)).empty());
    }

    void figuresComeBackFromTheirText() {
        const ActivitySample sample = activityOf(fullBeat(), second(3));
        const QByteArray text = encodeActivityFigures(sample);
        const auto back = decodeActivityFigures(text);
        QVERIFY(back.has_value());
        QCOMPARE(encodeActivityFigures(*back), text);
        QCOMPARE(encodeActivityFigures({}), QByteArray("{}"));
        QVERIFY(decodeActivityFigures("{}")->empty());
        for (const char* bad :
             {"", "[", "{\"gpus\":[[0,1]]}", "{\"gpus\":[7]}", "{\"system\":[1]}"})
            QVERIFY2(!decodeActivityFigures(bad), bad);
    }

    void aMeanLeavesOutWhoDoesNotKnow() {
        const float unknown = std::nanf("");
        const std::vector<ActivitySample> minute{
            sampleOf(0, 1, {{0, {10, unknown, 50, unknown, 300}}}),
            sampleOf(9, 2, {{0, {30, 40, unknown, unknown, 300}}, {1, {5, 5, 5, 5, 5}}}),
        };
        const ActivitySample mean = meanOf(minute);
        QVERIFY(mean.at == second(9));
        QCOMPARE(encodeActivityFigures(mean),
                 QByteArray(R"({"gpus":[[0,20,40,50,null,300],[1,5,5,5,5,5]],)"
                            R"("system":[1.5,1.5,1.5,1.5,1.5,1.5]})"));
        QVERIFY(meanOf({}).empty());
    }

    void samplesOfASliceBecomeOne() {
        std::vector<ActivitySample> samples;
        for (int at = 0; at < 200; at += 20) // the first slice of a minute has 40 s left
            samples.push_back(sampleOf(at, static_cast<float>(at)));
        QCOMPARE(coarsened(samples, 0s).size(), samples.size());
        const auto minutes = coarsened(samples, 60s);
        QCOMPARE(minutes.size(), std::size_t(4));
        QVERIFY(minutes[0].at == second(20) && (*minutes[0].system)[0] == 10.0F);
        QVERIFY(minutes[1].at == second(80) && (*minutes[1].system)[0] == 60.0F);
        QCOMPARE(coarsened(samples, 86400s).size(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestActivity)
#include "tst_activity.moc"
