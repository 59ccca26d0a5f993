#include "core/worker/procparser.h"

#include <QList>

#include <algorithm>

namespace vigie {

namespace {

QByteArrayView nextLine(QByteArrayView& rest) {
    const qsizetype end = rest.indexOf('\n');
    const QByteArrayView line = end < 0 ? rest : rest.first(end);
    rest = end < 0 ? QByteArrayView() : rest.sliced(end + 1);
    return line;
}

QList<QByteArray> words(QByteArrayView line) {
    return line.toByteArray().simplified().split(' ');
}

std::optional<quint64> number(const QByteArray& word) {
    bool ok = false;
    const quint64 value = word.toULongLong(&ok);
    return ok ? std::optional(value) : std::nullopt;
}

} // namespace

std::optional<CpuTicks> parseCpuTicks(QByteArrayView procStat) {
    const QList<QByteArray> fields = words(nextLine(procStat));
    // user nice system idle are as old as Linux; iowait and the rest came later. guest and
    // guest_nice (9, 10) are already part of user and nice.
    if (fields.size() < 5 || fields.front() != "cpu")
        return {};
    CpuTicks ticks;
    for (qsizetype i = 1; i < std::min<qsizetype>(fields.size(), 9); ++i) {
        const auto value = number(fields[i]);
        if (!value)
            return {};
        const bool idle = i == 4 || i == 5;
        ticks.total += *value;
        ticks.busy += idle ? 0 : *value;
    }
    return ticks;
}

std::optional<LoadAverage> parseLoadAverage(QByteArrayView procLoadavg) {
    const QList<QByteArray> fields = words(nextLine(procLoadavg));
    if (fields.size() < 3)
        return {};
    double values[3] = {};
    for (int i = 0; i < 3; ++i) {
        bool ok = false;
        values[i] = fields[i].toDouble(&ok);
        if (!ok || !(values[i] >= 0))
            return {};
    }
    return LoadAverage{values[0], values[1], values[2]};
}

std::optional<MemoryFigures> parseMemory(QByteArrayView procMeminfo) {
    std::optional<quint64> total, available, free, buffers, cached;
    while (!procMeminfo.isEmpty()) {
        const QList<QByteArray> fields = words(nextLine(procMeminfo));
        if (fields.size() < 2)
            continue;
        const QByteArray& key = fields[0];
        auto* target = key == "MemTotal:"       ? &total
                       : key == "MemAvailable:" ? &available
                       : key == "MemFree:"      ? &free
                       : key == "Buffers:"      ? &buffers
                       : key == "Cached:"       ? &cached
                                                : nullptr;
        if (target)
            *target = number(fields[1]);
    }
    if (!total || *total == 0)
        return {};
    if (!available && free) // before Linux 3.14
        available = *free + buffers.value_or(0) + cached.value_or(0);
    if (!available)
        return {};
    return MemoryFigures{static_cast<qint64>(*total * 1024),
                         static_cast<qint64>(std::min(*available, *total) * 1024)};
}

std::optional<NetworkTotals> parseNetworkTotals(QByteArrayView procNetDev) {
    NetworkTotals totals;
    bool any = false;
    while (!procNetDev.isEmpty()) {
        const QByteArrayView line = nextLine(procNetDev);
        // The name may touch its first figure ("eth0:123"), and an alias holds a colon itself.
        const qsizetype colon = line.lastIndexOf(':');
        if (colon < 0)
            continue;
        const QByteArray name = line.first(colon).toByteArray().trimmed();
        const QList<QByteArray> fields = words(line.sliced(colon + 1));
        if (fields.size() < 9)
            continue;
        const auto received = number(fields[0]);
        const auto sent = number(fields[8]);
        if (!received || !sent)
            continue;
        any = true;
        if (name == "lo")
            continue;
        totals.received += *received;
        totals.sent += *sent;
    }
    return any ? std::optional(totals) : std::nullopt;
}

std::optional<double> cpuUsagePercent(const CpuTicks& before, const CpuTicks& after) {
    if (after.total <= before.total || after.busy < before.busy)
        return {};
    const double share = static_cast<double>(after.busy - before.busy) /
                         static_cast<double>(after.total - before.total);
    return std::clamp(share * 100, 0.0, 100.0);
}

} // namespace vigie
