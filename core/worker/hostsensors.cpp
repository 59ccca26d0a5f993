#include "core/worker/hostsensors.h"

#include "core/base/timeformat.h"
#include "core/worker/simulatedsensors.h"

#include <QFile>

#include <filesystem>

namespace vigie {

namespace {

QByteArray read(const QString& path) {
    QFile file(path);
    // Files of /proc tell a size of 0: read to the end, bounded against surprises.
    return file.open(QIODevice::ReadOnly) ? file.read(1024 * 1024) : QByteArray();
}

void readDisk(const QString& path, SystemSample& out) {
    out.diskPath = path;
    // Not QStorageInfo: it looks the path up among the mounts, and a container has no mount for
    // "/".
    std::error_code problem;
    const auto disk = std::filesystem::space(path.toStdString(), problem);
    if (problem || disk.capacity == 0)
        return;
    out.diskTotalBytes = static_cast<qint64>(disk.capacity);
    out.diskFreeBytes = static_cast<qint64>(disk.available);
    out.diskUsedBytes = static_cast<qint64>(disk.capacity - disk.free);
    // As df does: what only root may still use counts as neither used nor free.
    const qint64 usable = *out.diskUsedBytes + *out.diskFreeBytes;
    if (usable > 0)
        out.diskUsedPct =
            100.0 * static_cast<double>(*out.diskUsedBytes) / static_cast<double>(usable);
}

void readMemory(const QByteArray& meminfo, SystemSample& out) {
    const auto memory = parseMemory(meminfo);
    if (!memory)
        return;
    out.memTotalBytes = memory->total;
    out.memAvailableBytes = memory->available;
    out.memUsedBytes = memory->total - memory->available;
    out.memUsedPct =
        100.0 * static_cast<double>(*out.memUsedBytes) / static_cast<double>(memory->total);
}

} // namespace

HostSensors::HostSensors(Clock& clock, HostSensorsOptions options)
    : m_clock(clock), m_options(std::move(options)),
      m_gpu(clock, m_options.simulateGpuCount > 0 ? GpuSensorOptions() : m_options.gpu) {}

Figures HostSensors::sample() {
    if (!m_system || m_clock.now() - m_sampledAt >= m_options.window)
        m_system = readSystem();
    return {*m_system, m_options.simulateGpuCount > 0
                           ? simulatedGpus(m_clock.now(), m_options.simulateGpuCount,
                                           m_options.simulateGpuVramMb, 0)
                           : m_gpu.gpus()};
}

SystemSample HostSensors::readSystem() {
    const QString& proc = m_options.procDirectory;
    const MonotonicTime now = m_clock.now();
    const double elapsed = toSeconds(now - m_sampledAt);
    SystemSample out;

    const auto cpu = parseCpuTicks(read(proc + QStringLiteral("/stat")));
    if (cpu && m_cpu)
        out.cpuUsagePct = cpuUsagePercent(*m_cpu, *cpu);
    m_cpu = cpu;

    if (const auto load = parseLoadAverage(read(proc + QStringLiteral("/loadavg")))) {
        out.load1 = load->load1;
        out.load5 = load->load5;
        out.load15 = load->load15;
    }
    readMemory(read(proc + QStringLiteral("/meminfo")), out);
    readDisk(m_options.diskPath, out);

    const auto network = parseNetworkTotals(read(proc + QStringLiteral("/net/dev")));
    if (network) {
        out.netRxBytesTotal = static_cast<qint64>(network->received);
        out.netTxBytesTotal = static_cast<qint64>(network->sent);
        // Totals go back when an interface goes away; a rate across that means nothing.
        if (m_network && elapsed > 0 && network->received >= m_network->received &&
            network->sent >= m_network->sent) {
            out.netRxBps = static_cast<double>(network->received - m_network->received) / elapsed;
            out.netTxBps = static_cast<double>(network->sent - m_network->sent) / elapsed;
        }
    }
    m_network = network;
    m_sampledAt = now;
    return out;
}

} // namespace vigie
