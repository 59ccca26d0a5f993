#include "core/worker/hostsensors.h"
#include "tests/support/fakeclock.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// A /proc of our own.
class FakeProc {
public:
    FakeProc() { QDir(m_directory.path()).mkpath(QStringLiteral("net")); }
    QString path() const { return m_directory.path(); }
    void write(const char* name, const QByteArray& text) {
        QFile file(m_directory.filePath(QLatin1String(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    void writeAll(int busy, int idle, int received) {
        write("stat", QStringLiteral("cpu %1 0 0 %2\n").arg(busy).arg(idle).toLatin1());
        write("loadavg", "0.5 0.4 0.3 1/2 3\n");
        write("meminfo", "MemTotal: 1000 kB\nMemAvailable: 250 kB\n");
        write("net/dev", QStringLiteral("eth0: %1 1 0 0 0 0 0 0 10 1\n").arg(received).toLatin1());
    }

private:
    QTemporaryDir m_directory;
};

QString script(const QTemporaryDir& directory, const QByteArray& body) {
    const QString path = directory.filePath(QStringLiteral("nvidia-smi"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return {};
    file.write("#!/bin/sh\n" + body + "\n");
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return path;
}

} // namespace

class TestHostSensors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ratesNeedTwoReadings() {
        FakeClock clock;
        FakeProc proc;
        proc.writeAll(100, 900, 1000);
        HostSensorsOptions options;
        options.procDirectory = proc.path();
        options.diskPath = proc.path();
        HostSensors sensors(clock, options);

        SystemSample first = sensors.sample().system;
        QVERIFY(!first.cpuUsagePct);
        QVERIFY(!first.netRxBps);
        QCOMPARE(first.load1, std::optional(0.5));
        QCOMPARE(first.memUsedPct, std::optional(75.0));
        QCOMPARE(first.memUsedBytes, std::optional<qint64>(750 * 1024));
        QCOMPARE(first.netRxBytesTotal, std::optional<qint64>(1000));
        QVERIFY(first.diskTotalBytes.value_or(0) > 0);
        QVERIFY(first.diskUsedPct.value_or(-1) >= 0 && *first.diskUsedPct <= 100);

        clock.advance(2s);
        proc.writeAll(150, 950, 5000);
        const SystemSample second = sensors.sample().system;
        QCOMPARE(second.cpuUsagePct, std::optional(50.0));
        QCOMPARE(second.netRxBps, std::optional(2000.0));
        QCOMPARE(second.netTxBps, std::optional(0.0));
    }

    void fastBeatsShareOneReading() {
        FakeClock clock;
        FakeProc proc;
        proc.writeAll(100, 900, 1000);
        HostSensorsOptions options;
        options.procDirectory = proc.path();
        HostSensors sensors(clock, options);
        sensors.sample();
        clock.advance(50ms);
        proc.writeAll(150, 950, 5000);
        QCOMPARE(sensors.sample().system.netRxBytesTotal, std::optional<qint64>(1000));
        clock.advance(950ms);
        QCOMPARE(sensors.sample().system.netRxBytesTotal, std::optional<qint64>(5000));
    }

    void countersThatGoBackGiveNoRate() {
        FakeClock clock;
        FakeProc proc;
        proc.writeAll(100, 900, 5000);
        HostSensorsOptions options;
        options.procDirectory = proc.path();
        HostSensors sensors(clock, options);
        sensors.sample();
        clock.advance(2s);
        proc.writeAll(50, 100, 10);
        const SystemSample s = sensors.sample().system;
        QVERIFY(!s.cpuUsagePct);
        QVERIFY(!s.netRxBps);
        QCOMPARE(s.netRxBytesTotal, std::optional<qint64>(10));
    }

    void withoutProcNothingIsMadeUp() {
        FakeClock clock;
        QTemporaryDir empty;
        HostSensorsOptions options;
        options.procDirectory = empty.filePath(QStringLiteral("nowhere"));
        options.diskPath = empty.filePath(QStringLiteral("nowhere"));
        HostSensors sensors(clock, options);
        const Figures figures = sensors.sample();
        QVERIFY(!figures.system.cpuUsagePct && !figures.system.load1 &&
                !figures.system.memTotalBytes && !figures.system.netRxBytesTotal);
        QVERIFY(figures.gpus.empty());
    }

    void simulatedGpusOnRequest() {
        FakeClock clock;
        HostSensorsOptions options;
        options.simulateGpuCount = 3;
        options.simulateGpuVramMb = 1000;
        HostSensors sensors(clock, options);
        for (int minute = 0; minute < 30; ++minute) {
            const auto gpus = sensors.sample().gpus;
            QCOMPARE(gpus.size(), size_t(3));
            for (const GpuSample& gpu : gpus) {
                QVERIFY(*gpu.utilizationPct >= 0 && *gpu.utilizationPct <= 100);
                QCOMPARE(gpu.memTotalMb, std::optional(1000.0));
                QVERIFY(*gpu.memUsedMb <= 1000);
                QVERIFY(*gpu.powerW <= *gpu.powerLimitW);
            }
            clock.advance(1min);
        }
    }

    void readsNvidiaSmiBesideTheLoop() {
        FakeClock clock;
        QTemporaryDir directory;
        GpuSensor sensor(clock, {script(directory, "echo '0, 5, 1, 2, 3, 4, 5'"), 4s, 3s});
        QVERIFY(sensor.gpus().empty()); // nothing waited for it
        QTRY_COMPARE(sensor.gpus().size(), size_t(1));
        QVERIFY(sensor.problem().isEmpty());
        clock.advance(11s); // a second run was started, but its answer is not there yet
        QCOMPARE(sensor.gpus().size(), size_t(1));
    }

    void oldFiguresAreNotShown() {
        FakeClock clock;
        QTemporaryDir directory;
        const QString path = script(directory, "echo '0, 5, 1, 2, 3, 4, 5'");
        GpuSensor sensor(clock, {path, 4s, 3s});
        QTRY_COMPARE(sensor.gpus().size(), size_t(1));
        script(directory, "echo 'the driver is gone'; exit 9");
        clock.advance(4s);
        QTRY_VERIFY(!sensor.problem().isEmpty());
        QVERIFY(sensor.problem().contains(QLatin1String("9")));
        clock.advance(8s);
        QVERIFY(sensor.gpus().empty());
    }

    void aHangingNvidiaSmiIsKilled() {
        FakeClock clock;
        QTemporaryDir directory;
        GpuSensor sensor(clock, {script(directory, "exec sleep 1000"), 4s, 3s});
        clock.advance(3s);
        QTRY_VERIFY(sensor.problem().contains(QLatin1String("killed")));
        QVERIFY(sensor.gpus().empty());
    }

    void aMissingNvidiaSmiIsSaid() {
        FakeClock clock;
        GpuSensor sensor(clock, {QStringLiteral("/nowhere/nvidia-smi"), 4s, 3s});
        QTRY_VERIFY(sensor.problem().contains(QLatin1String("/nowhere/nvidia-smi")));
    }
};

QTEST_GUILESS_MAIN(TestHostSensors)
#include "tst_hostsensors.moc"
