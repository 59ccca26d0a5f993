#include "core/providers/scaleway/createjournal.h"
#include "core/providers/scaleway/scalewayfailure.h"
#include "core/providers/scaleway/scalewayid.h"
#include "core/providers/scaleway/scalewayvolumecodec.h"
#include "core/providers/scaleway/servercodec.h"

#include <cstdint>
#include <cstdlib>

/// Any bytes may come from the API or a proxy before it. What is read has ids that can stand in a
/// URL, and no bytes but those that name the id prove an absence.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vigie;
    const QByteArray body(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    if (const auto servers = decodeServers(body)) {
        for (const ScalewayServer& each : servers->items) {
            if (!isUuid(each.id) || each.state.isEmpty())
                std::abort();
        }
    }
    (void)decodeServer(body);
    (void)decodeServerTypes(body);
    (void)decodeStock(body);
    for (const auto api : {ScalewayVolumeApi::Block, ScalewayVolumeApi::Instance}) {
        (void)decodeScalewayVolume(api, body);
        if (const auto volumes = decodeScalewayVolumes(api, body)) {
            for (const ScalewayVolume& each : volumes->items) {
                if (!isUuid(each.id))
                    std::abort();
            }
        }
    }
    const QString id = QStringLiteral("0c0ffee0-0000-4000-8000-000000000001");
    for (const int status : {401, 404, 429, 500}) {
        HttpReply reply;
        reply.status = status;
        reply.body = body;
        const Failure failure = scalewayFailure(reply, QStringLiteral("GET /x"), id);
        const bool absent = failure.kind == FailureKind::NotFound;
        if (absent && (status != 404 || !body.contains("0c0ffee0")) && !body.contains("\\u"))
            std::abort();
    }
    if (const auto begun = decodeCreates(body)) {
        const auto again = decodeCreates(encodeCreates(*begun));
        if (!again || again->size() != begun->size())
            std::abort();
    }
    return 0;
}
