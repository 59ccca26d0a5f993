#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace vigie {

/// Ticks since boot that all cores spent, from the first line of /proc/stat.
struct CpuTicks {
    quint64 busy = 0;
    quint64 total = 0;
};

struct LoadAverage {
    double load1 = 0, load5 = 0, load15 = 0;
};

/// Bytes, from /proc/meminfo.
struct MemoryFigures {
    qint64 total = 0;
    qint64 available = 0;
};

/// Bytes since boot over all interfaces but loopback, from /proc/net/dev.
struct NetworkTotals {
    quint64 received = 0;
    quint64 sent = 0;
};

/// Pure readers of /proc (proc(5)). Nothing for text that is not what the kernel writes; a field
/// that old kernels lack is made up for where that is possible.
std::optional<CpuTicks> parseCpuTicks(QByteArrayView procStat);
std::optional<LoadAverage> parseLoadAverage(QByteArrayView procLoadavg);
std::optional<MemoryFigures> parseMemory(QByteArrayView procMeminfo);
std::optional<NetworkTotals> parseNetworkTotals(QByteArrayView procNetDev);

/// Share of time between two readings that the cores were busy, 0..100. Nothing when no tick
/// passed or the counters went back.
std::optional<double> cpuUsagePercent(const CpuTicks& before, const CpuTicks& after);

} // namespace vigie
