#include "core/services/servicecheckcodec.h"

#include "core/base/timeformat.h"
#include "core/model/jsonwriter.h"

namespace vigie {

QByteArray encodeServiceCheck(const ServiceCheck& check) {
    JsonWriter out;
    out.beginObject()
        .field("service", check.service)
        .field("url", check.address)
        .field("healthy", check.healthy)
        .field("latency_seconds", toSeconds(check.latency))
        .field("retries", static_cast<qint64>(check.retries))
        .field("checked_at", check.at);
    if (check.healthy)
        out.textOrNull("version", check.finding.version).field("summary", check.finding.summary);
    else
        out.field("error_class", QString::fromLatin1(toString(check.errorClass)))
            .field("message", check.message);
    return out.endObject().take();
}

} // namespace vigie
