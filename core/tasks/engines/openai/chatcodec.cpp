#include "core/tasks/engines/openai/chatcodec.h"

#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"

namespace vigie {

namespace {

const QString answerName = QStringLiteral("the answer of the model server");

} // namespace

QByteArray encodeChat(const QString& model, const QString& prompt, int maxTokens) {
    JsonWriter json(prompt.size() + 128);
    json.beginObject();
    json.field("model", model);
    json.key("messages").beginArray().beginObject();
    json.field("role", QStringLiteral("user")).field("content", prompt);
    json.endObject().endArray();
    if (maxTokens > 0)
        json.field("max_tokens", maxTokens);
    json.field("stream", false).endObject();
    return json.take();
}

Outcome<QString> decodeChat(const QByteArray& body) {
    const auto root = JsonNode::parse(body, answerName);
    if (!root)
        return fail(root.error());
    const std::vector<JsonNode> choices = (*root)["choices"].items();
    if (choices.empty())
        return fail(malformed(answerName, body, QStringLiteral("it has no choices")));
    const JsonNode content = choices.front()["message"]["content"];
    if (content.isAbsent())
        return fail(malformed(answerName, body,
                              QStringLiteral("its first choice has no message with content")));
    return content.text();
}

} // namespace vigie
