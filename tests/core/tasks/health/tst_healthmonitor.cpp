#include "core/tasks/health/healthcodec.h"
#include "core/tasks/health/healthmonitor.h"
#include "tests/support/fakeclock.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

Task<HealthFinding> says(bool success, QString message) {
    co_return HealthFinding{success, message};
}

Task<HealthFinding> never(Clock& clock, std::stop_token stop) {
    co_await sleepFor(clock, 1h, std::move(stop));
    co_return HealthFinding{true, {}};
}

} // namespace

class TestHealthMonitor : public QObject {
    Q_OBJECT

    FakeClock m_clock;

    static ComponentHealth of(const HealthMonitor& monitor, const char* name) {
        for (const ComponentHealth& each : monitor.report().components)
            if (each.name == QLatin1String(name))
                return each;
        return {};
    }

private Q_SLOTS:
    // Seed 004's fault: a check that answered success:false was recorded as a success.
    void successFalseIsAFailure() {
        HealthMonitor monitor(m_clock, {});
        monitor.add(QStringLiteral("store"), true,
                    [](std::stop_token) { return says(false, QStringLiteral("disk full")); });
        QVERIFY(monitor.report().overall == HealthStatus::Unknown);
        monitor.start();
        QVERIFY(monitor.report().overall == HealthStatus::Unhealthy);
        const ComponentHealth store = of(monitor, "store");
        QCOMPARE(store.successes, 0);
        QCOMPARE(store.consecutiveFailures, 1);
        QCOMPARE(store.message, QStringLiteral("disk full"));
    }

    void checksAtTheInterval() {
        int checks = 0;
        HealthOptions options;
        options.interval = 15s;
        HealthMonitor monitor(m_clock, options);
        monitor.add(QStringLiteral("a"), false, [&](std::stop_token) {
            ++checks;
            return says(true, {});
        });
        monitor.start();
        QCOMPARE(checks, 1);
        m_clock.advance(60s);
        QCOMPARE(checks, 5);
        options.interval = 5s;
        monitor.configure(options);
        m_clock.advance(20s);
        QCOMPARE(checks, 9);
        QCOMPARE(of(monitor, "a").checks, 9); // what was found before counts on
    }

    void aCheckThatHangsFailsInTime() {
        HealthOptions options;
        options.interval = 30s;
        options.timeout = 3s;
        HealthMonitor monitor(m_clock, options);
        monitor.add(QStringLiteral("slow"), true,
                    [this](std::stop_token stop) { return never(m_clock, stop); });
        monitor.start();
        m_clock.advance(2900ms);
        QVERIFY(of(monitor, "slow").status == HealthStatus::Unknown);
        m_clock.advance(200ms);
        QVERIFY(of(monitor, "slow").status == HealthStatus::Unhealthy);
        QVERIFY(of(monitor, "slow").latency == 3s);
    }

    void statusFollowsTheRate_data() {
        QTest::addColumn<double>("rate");
        QTest::addColumn<int>("before");
        QTest::addColumn<int>("after");
        const auto row = [](const char* name, double rate, HealthStatus before,
                            HealthStatus after) {
            QTest::newRow(name) << rate << static_cast<int>(before) << static_cast<int>(after);
        };
        using enum HealthStatus;
        row("new, all well", 1.0, Unknown, Healthy);
        row("new, at the bound", 0.8, Unknown, Healthy);
        row("new, below it", 0.79, Unknown, Degraded);
        row("new, below both", 0.49, Unknown, Unhealthy);
        row("stays healthy at the bound", 0.8, Healthy, Healthy);
        row("falls", 0.79, Healthy, Degraded);
        row("falls far", 0.3, Healthy, Unhealthy);
        row("not yet well again", 0.84, Degraded, Degraded);
        row("well again", 0.85, Degraded, Healthy);
        row("not yet better", 0.54, Unhealthy, Unhealthy);
        row("better", 0.55, Unhealthy, Degraded);
        row("much better", 0.9, Unhealthy, Healthy);
    }
    void statusFollowsTheRate() {
        QFETCH(double, rate);
        QFETCH(int, before);
        QFETCH(int, after);
        QCOMPARE(static_cast<int>(healthOf(rate, static_cast<HealthStatus>(before), {})), after);
    }

    void aFullRateIsHealthyWhateverTheMargin() {
        HealthOptions strict;
        strict.healthyRate = 1;
        QVERIFY(healthOf(1.0, HealthStatus::Degraded, strict) == HealthStatus::Healthy);
    }

    void changesAreTold() {
        QStringList told;
        HealthOptions options;
        options.window = 4;
        HealthMonitor monitor(
            m_clock, options, [&](const ComponentHealth& now, HealthStatus before) {
                told.append(now.name + u' ' + toString(before) + u' ' + toString(now.status));
            });
        monitor.add(QStringLiteral("db"), true, {});
        const auto record = [&](bool success) {
            monitor.record(QStringLiteral("db"), {success, {}}, 1ms);
        };
        record(true);
        for (int i = 0; i < 4; ++i)
            record(false);
        for (int i = 0; i < 4; ++i)
            record(true);
        QCOMPARE(told, QStringList({QStringLiteral("db unknown healthy"),
                                    QStringLiteral("db healthy degraded"),
                                    QStringLiteral("db degraded unhealthy"),
                                    QStringLiteral("db unhealthy degraded"),
                                    QStringLiteral("db degraded healthy")}));
    }

    void overallIsTheWorstThatMatters() {
        HealthMonitor monitor(m_clock, {});
        monitor.add(QStringLiteral("store"), true, {});
        monitor.add(QStringLiteral("whisper"), false, {});
        const auto record = [&](const char* name, bool success) {
            monitor.record(QString::fromLatin1(name), {success, {}}, 1ms);
        };
        record("store", true);
        QVERIFY(monitor.report().overall == HealthStatus::Healthy);
        record("whisper", false);
        QVERIFY(monitor.report().overall == HealthStatus::Degraded);
        for (int i = 0; i < 4; ++i)
            record("store", false);
        QVERIFY(monitor.report().overall == HealthStatus::Unhealthy);
    }

    void otherThresholdsJudgeWhatIsThere() {
        HealthMonitor monitor(m_clock, {});
        monitor.add(QStringLiteral("db"), true, {});
        for (const bool success : {true, true, true, false})
            monitor.record(QStringLiteral("db"), {success, {}}, 1ms);
        QVERIFY(of(monitor, "db").status == HealthStatus::Degraded);
        HealthOptions lax;
        lax.healthyRate = 0.6;
        monitor.configure(lax);
        QVERIFY(of(monitor, "db").status == HealthStatus::Healthy);
        QCOMPARE(of(monitor, "db").checks, 4);
    }

    void switchedOffNothingIsCheckedAndThatIsSaid() {
        int checks = 0;
        HealthOptions off;
        off.enabled = false;
        HealthMonitor monitor(m_clock, off);
        monitor.add(QStringLiteral("store"), true, [&](std::stop_token) {
            ++checks;
            return says(true, QStringLiteral("answers"));
        });
        monitor.start();
        m_clock.advance(10min);
        QCOMPARE(checks, 0);
        QVERIFY(monitor.report().overall == HealthStatus::Unknown);
        QVERIFY(of(monitor, "store").critical);
        QVERIFY(of(monitor, "store").message.contains(QStringLiteral("switched off")));
        monitor.configure({});
        QVERIFY(of(monitor, "store").status == HealthStatus::Healthy);
        monitor.configure(off);
        m_clock.advance(10min);
        QCOMPARE(checks, 1);
        QVERIFY(of(monitor, "store").status == HealthStatus::Unknown);
        QCOMPARE(of(monitor, "store").checks, 0);
    }

    void codecTellsItAll() {
        HealthMonitor monitor(m_clock, {});
        monitor.add(QStringLiteral("store"), true, {});
        monitor.add(QStringLiteral("whisper"), false, {});
        monitor.record(QStringLiteral("store"), {true, QStringLiteral("answers")}, 1500us);
        const QHash<QString, QString> breakers{{QStringLiteral("store"), QStringLiteral("open")}};
        const QJsonObject json =
            QJsonDocument::fromJson(encodeHealth(monitor.report(), breakers)).object();
        QCOMPARE(json.value(QStringLiteral("status")).toString(), QStringLiteral("healthy"));
        const QJsonArray components = json.value(QStringLiteral("components")).toArray();
        QCOMPARE(components.size(), 2);
        const QJsonObject store = components.at(0).toObject();
        QCOMPARE(store.value(QStringLiteral("error_rate")).toDouble(), 0.0);
        QCOMPARE(store.value(QStringLiteral("latency")).toDouble(), 0.0015);
        QCOMPARE(store.value(QStringLiteral("breaker")).toString(), QStringLiteral("open"));
        QVERIFY(store.value(QStringLiteral("last_check_at")).isString());
        const QJsonObject whisper = components.at(1).toObject();
        for (const char* unknown : {"error_rate", "latency", "breaker", "last_check_at"})
            QVERIFY(whisper.value(QLatin1String(unknown)).isNull());
    }
};

QTEST_GUILESS_MAIN(TestHealthMonitor)
#include "tst_healthmonitor.moc"
