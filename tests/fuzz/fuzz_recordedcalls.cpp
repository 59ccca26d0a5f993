#include "core/replay/recordedcallscodec.h"
#include "core/replay/replayflags.h"
#include "core/replay/replayreport.h"

#include <QStringList>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

using namespace vigie;

namespace {

void require(bool condition) {
    if (!condition)
        std::abort();
}

/// What was read is what a breaker can be put through, whatever its thresholds.
void replayAll(const std::vector<RecordedCall>& calls, const CircuitOptions& options) {
    require(options.problem().empty());
    const ReplayResult result = replay(calls, options);
    const auto failed = std::ranges::count_if(calls, &RecordedCall::failed);
    require(result.calls == calls.size() && result.failures == std::uint64_t(failed));
    require(result.refusedFailures <= result.failures);
    require(result.refusedFailures + result.refusedSuccesses <= result.calls);
    require(result.resets <= result.opens && result.notClosed.count() >= 0);
    require(!replayReport(result).isEmpty() && encodeReplay(result).endsWith('}'));
}

} // namespace

/// A file for `vigied breaker replay`; its lines are also the values of the flags.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const QByteArray bytes(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    const QStringList lines = QString::fromUtf8(bytes).split(u'\n');
    qsizetype next = 0;
    const auto options =
        circuitOptionsFrom([&](const QString&) { return lines.value(next++).left(20); });
    require(options || options.error().message.startsWith(QStringLiteral("--")));

    const auto calls = decodeRecordedCalls(bytes, QStringLiteral("calls"));
    if (!calls) {
        require(calls.error().message.startsWith(QStringLiteral("calls")) &&
                !calls.error().message.contains(u'\n'));
        return 0;
    }
    for (const RecordedCall& call : *calls)
        require(call.duration.count() >= 0);
    CircuitOptions rates;
    rates.failureRateThreshold = rates.slowCallRateThreshold = 0.5;
    rates.minimumNumberOfCalls = 2;
    rates.slidingWindowSize = 10;
    replayAll(*calls, rates);
    rates.slidingWindowType = SlidingWindowType::TimeBased;
    replayAll(*calls, rates);
    if (options)
        replayAll(*calls, *options);
    return 0;
}
