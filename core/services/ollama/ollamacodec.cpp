#include "core/services/ollama/ollamacodec.h"

#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"
#include "core/services/openaierrorcodec.h"

namespace vigie {

namespace {

constexpr qsizetype maxAnswer = 16 * 1024 * 1024;

void writeCommon(JsonWriter& out, const OllamaCommon& common) {
    out.field("model", common.model).field("stream", false);
    if (!common.keepAlive.isEmpty())
        out.field("keep_alive", common.keepAlive);
    if (!common.maxTokens && !common.temperature)
        return;
    out.key("options")
        .beginObject()
        .fieldIfAny("num_predict", common.maxTokens)
        .fieldIfAny("temperature", common.temperature)
        .endObject();
}

Failure malformedAnswer(const QString& what, const QString& why) {
    return {
        FailureKind::Malformed, QStringLiteral("%1 of Ollama %2.").arg(what, why), 0, {}, {}, {}};
}

} // namespace

QByteArray encodeOllamaGenerate(const OllamaGenerate& order) {
    JsonWriter out;
    out.beginObject();
    writeCommon(out, order.common);
    out.field("prompt", order.prompt).textIfAny("system", order.system).endObject();
    return out.take();
}

QByteArray encodeOllamaChat(const OllamaChat& order) {
    JsonWriter out;
    out.beginObject();
    writeCommon(out, order.common);
    out.key("messages").beginArray();
    for (const OllamaMessage& message : order.messages)
        out.beginObject().field("role", message.role).field("content", message.content).endObject();
    out.endArray().endObject();
    return out.take();
}

Outcome<OllamaAnswer> decodeOllamaAnswer(const QByteArray& body) {
    const QString what = QStringLiteral("The answer");
    const auto root = JsonNode::parse(body, what + QStringLiteral(" of Ollama"), maxAnswer);
    if (!root)
        return fail(root.error());
    const JsonNode message = (*root)["message"];
    const JsonNode text = message.isAbsent() ? (*root)["response"] : message["content"];
    if (text.isAbsent())
        return fail(malformedAnswer(what, QStringLiteral("has neither \"response\" nor "
                                                         "\"message\"")));
    if (!(*root)["done"].boolean().value_or(false))
        return fail(malformedAnswer(what, QStringLiteral("is not done: only its beginning came")));
    OllamaAnswer answer;
    answer.model = (*root)["model"].text();
    answer.text = text.text();
    answer.doneReason = (*root)["done_reason"].text();
    answer.promptTokens = (*root)["prompt_eval_count"].integer().value_or(0);
    answer.answerTokens = (*root)["eval_count"].integer().value_or(0);
    answer.total = std::chrono::nanoseconds((*root)["total_duration"].integer().value_or(0));
    answer.load = std::chrono::nanoseconds((*root)["load_duration"].integer().value_or(0));
    return answer;
}

Outcome<QString> decodeOllamaVersion(const QByteArray& body) {
    const QString what = QStringLiteral("The version");
    const auto root = JsonNode::parse(body, what + QStringLiteral(" of Ollama"), maxAnswer);
    if (!root)
        return fail(root.error());
    const QString version = (*root)["version"].text();
    if (version.isEmpty())
        return fail(malformedAnswer(what, QStringLiteral("has no \"version\"")));
    return version;
}

Outcome<std::vector<OllamaModel>> decodeOllamaTags(const QByteArray& body) {
    const QString what = QStringLiteral("The list of models");
    const auto root = JsonNode::parse(body, what + QStringLiteral(" of Ollama"), maxAnswer);
    if (!root)
        return fail(root.error());
    const JsonNode models = (*root)["models"];
    if (!root->isObject() || (!models.isArray() && !models.isAbsent()))
        return fail(malformedAnswer(what, QStringLiteral("has no list \"models\"")));
    std::vector<OllamaModel> all;
    for (const JsonNode& model : models.items()) { // null when nothing is installed
        OllamaModel read;
        read.name = model["name"].text();
        read.sizeBytes = model["size"].integer().value_or(0);
        read.parameterSize = model["details"]["parameter_size"].text();
        read.quantization = model["details"]["quantization_level"].text();
        if (!read.name.isEmpty())
            all.push_back(std::move(read));
    }
    return all;
}

ErrorAnswer decodeOllamaError(const QByteArray& body) {
    return decodeOpenAiError(body);
}

} // namespace vigie
