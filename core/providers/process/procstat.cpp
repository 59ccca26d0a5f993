#include "core/providers/process/procstat.h"

#include <QList>

namespace vigie {

std::optional<ProcStat> parseProcStat(QByteArrayView line) {
    const qsizetype nameEnd = line.lastIndexOf(')');
    if (nameEnd < 0 || line.indexOf('(') < 0)
        return {};
    const QList<QByteArray> fields = line.sliced(nameEnd + 1).toByteArray().simplified().split(' ');
    constexpr qsizetype startField = 22 - 3; // the first one here is field 3
    if (fields.size() <= startField || fields[0].size() != 1)
        return {};
    bool ok = false;
    const quint64 ticks = fields[startField].toULongLong(&ok);
    if (!ok)
        return {};
    return ProcStat{fields[0][0], ticks};
}

} // namespace vigie
