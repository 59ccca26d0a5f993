#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"
#include "core/providers/scaleway/createjournal.h"

namespace vigie {

QByteArray encodeCreates(const std::map<QString, BegunCreate>& begun) {
    JsonWriter out;
    out.beginObject();
    for (const auto& [tag, create] : begun) {
        out.keyText(tag)
            .beginObject()
            .field("zone", create.zone)
            .field("at", create.at)
            .field("server", create.server)
            .endObject();
    }
    out.endObject();
    return out.take() + '\n';
}

Outcome<std::map<QString, BegunCreate>> decodeCreates(const QByteArray& text) {
    const auto root = JsonNode::parse(text, QStringLiteral("the journal of creates"));
    if (!root)
        return fail(root.error());
    std::map<QString, BegunCreate> begun;
    for (const auto& [tag, node] : root->members()) {
        const auto at = node["at"].time();
        if (!at)
            return fail(
                FailureKind::Malformed,
                QStringLiteral("the journal of creates: \"%1\" has no time \"at\"").arg(tag));
        begun[tag] = {node["zone"].text(), *at, node["server"].text()};
    }
    return begun;
}

} // namespace vigie
