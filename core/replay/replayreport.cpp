#include "core/replay/replayreport.h"

#include "core/base/timeformat.h"

namespace vigie {

namespace {

/// As it stood in the recording: a number of milliseconds, or a stamp. Nobody counts milliseconds
/// from a moment of his own for longer than three years.
QString shownTime(std::chrono::steady_clock::time_point at) {
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch());
    return ms > std::chrono::hours(24 * 1000) ? toRfc3339(WallTime(ms))
                                              : QStringLiteral("%1 ms").arg(ms.count());
}

QString counted(std::uint64_t number, const char* one, const char* many) {
    return QStringLiteral("%1 %2").arg(number).arg(QLatin1String(number == 1 ? one : many));
}

} // namespace

QString replayReport(const ReplayResult& result) {
    QString report;
    for (const CircuitTransition& transition : result.transitions)
        report += QStringLiteral("%1  %2 -> %3: %4\n")
                      .arg(shownTime(transition.at), QString::fromLatin1(toString(transition.from)),
                           QString::fromLatin1(toString(transition.to)),
                           QString::fromStdString(transition.cause));
    report +=
        QStringLiteral("%1, %2: opened %3, closed again %4, not closed for %5, ends %6; "
                       "would have spared %7 and refused %8\n")
            .arg(counted(result.calls, "call", "calls"),
                 counted(result.failures, "failure", "failures"),
                 counted(result.opens, "time", "times"), counted(result.resets, "time", "times"),
                 humanDuration(result.notClosed), QString::fromLatin1(toString(result.endsAs)),
                 counted(result.refusedFailures, "failure", "failures"),
                 counted(result.refusedSuccesses, "success", "successes"));
    return report;
}

} // namespace vigie
