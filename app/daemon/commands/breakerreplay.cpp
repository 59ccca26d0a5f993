#include "app/daemon/commands/breakerreplay.h"

#include "core/replay/recordedcallscodec.h"
#include "core/replay/replayflags.h"
#include "core/replay/replayreport.h"

#include <QFile>

namespace vigie::commands {

namespace {

const QString fileOperand = QStringLiteral("FILE");
const QString jsonFlag = QStringLiteral("json");

Outcome<std::vector<RecordedCall>> readCalls(const QString& name) {
    QFile file(name);
    // One byte over the limit is enough to be told that it is over.
    constexpr qint64 most = 64 * 1024 * 1024 + 1;
    if (!file.open(QIODevice::ReadOnly))
        return fail(FailureKind::Invalid,
                    QStringLiteral("%1: can't be read: %2").arg(name, file.errorString()));
    return decodeRecordedCalls(file.read(most), name);
}

Task<int> run(Context context) {
    const CommandLine& line = context.line;
    const auto options =
        circuitOptionsFrom([&line](const QString& name) { return line.value(name); });
    if (!options)
        co_return complain(options.error());
    const auto calls = readCalls(line.operand(fileOperand));
    if (!calls) {
        complain(calls.error());
        co_return usageFailure;
    }
    const ReplayResult result = replay(*calls, *options);
    say(line.has(jsonFlag) ? encodeReplay(result) + '\n' : replayReport(result).toUtf8());
    co_return success;
}

} // namespace

Command breakerReplay() {
    Command command;
    command.words = {QStringLiteral("breaker"), QStringLiteral("replay")};
    command.summary = QStringLiteral("Show what a circuit breaker with other thresholds would have "
                                     "done with recorded calls");
    command.operands = {{fileOperand,
                         QStringLiteral("Recorded calls, as CSV or JSON lines: at, duration_ms, "
                                        "outcome, error_class, cause"),
                         false, false}};
    for (const ReplayFlag& flag : replayFlags())
        command.switches.push_back({flag.name, flag.valueName, flag.help, false, {}});
    command.switches.push_back({jsonFlag, {}, QStringLiteral("Print one JSON object"), false, {}});
    command.run = run;
    return command;
}

} // namespace vigie::commands
