#include "core/runtime/sourcefleet.h"

#include <QTest>

#include <ctime>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

constexpr int fleetSize = 10'000;

SourceFleet::Instances fleetAt(WallTime now, bool judged) {
    SourceFleet::Instances instances;
    instances.reserve(fleetSize);
    for (int i = 0; i < fleetSize; ++i) {
        auto instance = std::make_shared<Instance>();
        instance->id = InstanceId(
            QStringLiteral("%1-0000-4000-8000-000000000000").arg(i, 8, 16, QLatin1Char('0')));
        instance->status = InstanceStatus::Ready;
        instance->statusText = QStringLiteral("ready");
        instance->providerName = QStringLiteral("mock");
        instance->zone = QStringLiteral("zone-%1").arg(i % 8);
        instance->modelCode = QStringLiteral("model-%1").arg(i % 5);
        instance->workerLastHeartbeat = now - std::chrono::milliseconds(i % 4000);
        instance->workerGpuUtilization = i % 100;
        instance->createdAt = instance->stateSince = now - 30h;
        if (judged) {
            instance->assessment = Assessment{};
            instance->assessment->verdict = Verdict::Alive;
            instance->assessment->rule = QStringLiteral("fresh-serving");
        }
        instances.push_back(std::move(instance));
    }
    return instances;
}

} // namespace

/// Milliseconds of the engine's thread for one poll of 10,000 instances, everything but the network
/// and the JSON.
class BenchEngine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void applyTenThousand_data() {
        QTest::addColumn<bool>("judged");
        QTest::addColumn<int>("changedOfHundred");
        QTest::newRow("part B, nothing changed") << true << 0;
        QTest::newRow("part B, 25 % beat") << true << 25;
        QTest::newRow("part B, all beat") << true << 100;
        QTest::newRow("part A, all anew, own advice") << false << 100;
    }
    void applyTenThousand() {
        QFETCH(bool, judged);
        QFETCH(int, changedOfHundred);
        EngineOptions options;
        SourceFleet fleet(SourceId(QStringLiteral("paris")), options);
        ReadingTime time{MonotonicTime{24h},
                         WallTime{std::chrono::sys_days(std::chrono::year(2026) / 11 / 1)},
                         Duration::zero()};
        auto instances = fleetAt(time.wall, judged);
        fleet.apply(instances, time, Freshness::Live);
        QList<double> took;
        for (int round = 0; round < 20; ++round) {
            time.at += 4s;
            time.wall += 4s;
            const auto fresh = fleetAt(time.wall, judged);
            for (size_t i = 0; i < instances.size(); ++i) {
                if (static_cast<int>(i % 100) < changedOfHundred)
                    instances[i] = fresh[i];
            }
            const std::clock_t begun = std::clock(); // CPU time: the machine may be busy
            fleet.apply(instances, time, Freshness::Live);
            took << 1e3 * static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
        }
        std::sort(took.begin(), took.end());
        qInfo("%s: median %.1f ms, worst %.1f ms per apply", QTest::currentDataTag(),
              took.at(took.size() / 2), took.last());
        QCOMPARE(fleet.views().size(), size_t(fleetSize));
    }
};

QTEST_GUILESS_MAIN(BenchEngine)
#include "bench_engine.moc"
