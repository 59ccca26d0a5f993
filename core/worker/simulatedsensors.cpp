#include "core/worker/simulatedsensors.h"

#include "core/base/timeformat.h"

#include <cmath>
#include <numbers>

namespace vigie {

namespace {

/// 0..1, one swing in `period` seconds, shifted by `phase` swings.
double swing(double seconds, double period, double phase) {
    return 0.5 + 0.5 * std::sin(2 * std::numbers::pi * (seconds / period + phase));
}

double phaseOf(quint32 seed, int index) {
    // Golden-ratio steps spread any number of machines and cards evenly.
    const double steps = static_cast<double>(seed % 100000) + index * 0.37;
    return std::fmod(steps * std::numbers::phi, 1.0);
}

double rounded(double value) {
    return std::round(value * 10) / 10;
}

} // namespace

std::vector<GpuSample> simulatedGpus(MonotonicTime now, int count, int vramMb, quint32 seed) {
    const double seconds = toSeconds(now.time_since_epoch());
    std::vector<GpuSample> gpus;
    for (int index = 0; index < count; ++index) {
        const double phase = phaseOf(seed, index);
        const double load =
            0.15 + 0.6 * swing(seconds, 97, phase) + 0.2 * swing(seconds, 13, phase);
        GpuSample gpu;
        gpu.index = index;
        gpu.utilizationPct = rounded(100 * load);
        gpu.memTotalMb = vramMb;
        gpu.memUsedMb = std::round(vramMb * (0.55 + 0.35 * swing(seconds, 211, phase)));
        gpu.tempC = std::round(38 + 40 * load);
        gpu.powerLimitW = 300;
        gpu.powerW = rounded(60 + 230 * load);
        gpus.push_back(gpu);
    }
    return gpus;
}

SimulatedSensors::SimulatedSensors(const Clock& clock, SimulatedMachineSize size)
    : m_clock(clock), m_size(size), m_startedAt(clock.now()) {}

Figures SimulatedSensors::sample() {
    constexpr qint64 gigabyte = 1024LL * 1024 * 1024;
    const MonotonicTime now = m_clock.now();
    const double seconds = toSeconds(now.time_since_epoch());
    const double phase = phaseOf(m_size.seed, 7);
    SystemSample s;
    s.cpuUsagePct = rounded(8 + 55 * swing(seconds, 61, phase));
    s.load1 = rounded(m_size.cpuCount * *s.cpuUsagePct / 100);
    s.load5 = rounded(m_size.cpuCount * (0.1 + 0.3 * swing(seconds, 301, phase)));
    s.load15 = rounded(m_size.cpuCount * (0.15 + 0.2 * swing(seconds, 907, phase)));
    s.memTotalBytes = m_size.ramGb * gigabyte;
    s.memUsedPct = rounded(35 + 30 * swing(seconds, 403, phase));
    s.memUsedBytes =
        static_cast<qint64>(static_cast<double>(*s.memTotalBytes) * *s.memUsedPct / 100);
    s.memAvailableBytes = *s.memTotalBytes - *s.memUsedBytes;
    s.diskPath = QStringLiteral("/");
    s.diskTotalBytes = 200 * gigabyte;
    s.diskUsedPct = rounded(22 + 40 * phase);
    s.diskUsedBytes =
        static_cast<qint64>(static_cast<double>(*s.diskTotalBytes) * *s.diskUsedPct / 100);
    s.diskFreeBytes = *s.diskTotalBytes - *s.diskUsedBytes;
    const double up = toSeconds(now - m_startedAt);
    s.netRxBps = std::round(2e5 + 3e6 * swing(seconds, 43, phase));
    s.netTxBps = std::round(4e5 + 6e6 * swing(seconds, 47, phase));
    s.netRxBytesTotal = static_cast<qint64>(up * 1.7e6);
    s.netTxBytesTotal = static_cast<qint64>(up * 3.4e6);
    return {s, simulatedGpus(now, m_size.gpuCount, m_size.gpuVramMb, m_size.seed)};
}

} // namespace vigie
