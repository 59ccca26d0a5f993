#include "ui/models/logmetacodec.h"

#include "core/model/jsonreader.h"

namespace vigie {

LogMeta logMeta(const ActionLog& entry) {
    LogMeta meta;
    for (const QByteArray& text : {entry.metadata, entry.requestPayload}) {
        if (text.isEmpty())
            continue;
        const auto root = JsonNode::parse(text, QStringLiteral("action log"));
        if (!root)
            continue;
        const JsonNode node = *root;
        if (meta.reason.isEmpty())
            meta.reason = node["reason"].text();
        if (meta.rule.isEmpty())
            meta.rule = node["rule"].text();
    }
    return meta;
}

} // namespace vigie
