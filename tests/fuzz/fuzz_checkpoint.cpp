#include "core/tasks/checkpoints/checkpointcodec.h"
#include "core/tasks/deadletters/deadlettercodec.h"
#include "core/tasks/durable/durablefile.h"
#include "core/tasks/plan/planreader.h"
#include "core/tasks/runner/runstatecodec.h"

#include <QtEndian>

#include <cstdint>
#include <cstdlib>

namespace {

using namespace vigie;

void read(QByteArrayView bytes) {
    const auto checkpoint = decodeCheckpoint(bytes);
    if (!checkpoint)
        return;
    const auto again = decodeCheckpoint(encodeCheckpoint(*checkpoint));
    // Ids that are no UTF-8 are mended on the way in; from then on nothing changes.
    if (!again || !(*again == *checkpoint))
        std::abort();
    (void)decodeRunState(checkpoint->state);
}

} // namespace

/// Anything may lie where a checkpoint, a journal or a plan is expected.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const QByteArray bytes(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    read(bytes);
    // The same with a checksum that fits, or nothing behind it would ever be read.
    constexpr qsizetype sumAt = 8;
    if (bytes.size() >= sumAt + 4) {
        QByteArray mended = bytes;
        const quint32 sum = checksum(QByteArrayView(mended).sliced(sumAt + 4));
        qToLittleEndian(sum, mended.data() + sumAt);
        read(mended);
    }
    if (const auto state = decodeRunState(bytes)) {
        const auto again = decodeRunState(encodeRunState(*state));
        if (!again || !(again->header == state->header) ||
            again->results.size() != state->results.size())
            std::abort();
    }
    (void)decodeRunRecord(bytes);
    if (const auto event = decodeDeadLetterEvent(bytes)) {
        if (!decodeDeadLetterEvent(encodeDeadLetterEvent(*event)))
            std::abort();
    }
    (void)readPlan(bytes, QStringLiteral("plan.toml"), QStringLiteral("/"));
    return 0;
}
