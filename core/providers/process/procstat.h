#pragma once

#include <QByteArrayView>

#include <optional>

namespace vigie {

/// What /proc/<pid>/stat (proc(5)) tells about who a process is.
struct ProcStat {
    char state = '?';       ///< 'R', 'S', 'T', ... ; 'Z' and 'X' are dead
    quint64 startTicks = 0; ///< field 22: since boot, in clock ticks

    bool dead() const { return state == 'Z' || state == 'X' || state == 'x'; }
};

/// Nothing for a text that is not such a line. The process' own name may hold anything, also
/// blanks and brackets.
std::optional<ProcStat> parseProcStat(QByteArrayView line);

} // namespace vigie
