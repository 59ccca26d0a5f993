#include "core/orchestrator/daemon/listeningcodec.h"

#include "core/model/jsonwriter.h"

namespace vigie {

QByteArray encodeListening(const Daemon::Listening& listening) {
    return JsonWriter()
               .beginObject()
               .field("event", QStringLiteral("listening"))
               .field("url", listening.url.toString())
               .textIfAny("token_file", listening.tokenFile)
               .endObject()
               .take() +
           '\n';
}

} // namespace vigie
