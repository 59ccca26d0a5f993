#include "core/model/heartbeatcodec.h"
#include "core/model/tokencount.h"

#include <cstdint>
#include <cstdlib>

/// Any bytes may come from a worker; what was read must survive being written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vigie;
    const QByteArray body(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    if (const auto beat = decodeHeartbeat(body)) {
        const auto again = decodeHeartbeat(encodeHeartbeat(*beat));
        if (!again || again->instanceId != beat->instanceId ||
            again->gpus.size() != beat->gpus.size())
            std::abort();
    }
    if (const auto registration = decodeRegistration(body)) {
        if (!decodeRegistration(encodeRegistration(*registration)))
            std::abort();
    }
    if (const auto count = decodeTokenCount(body)) {
        if (decodeTokenCount(encodeTokenCount(*count)) != count)
            std::abort();
    }
    return 0;
}
