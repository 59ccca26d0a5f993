#include "core/services/whisper/whispercodec.h"

#include "core/model/jsonreader.h"
#include "core/services/openaierrorcodec.h"

namespace vigie {

namespace {

constexpr qsizetype maxAnswer = 16 * 1024 * 1024;
constexpr qsizetype maxSmall = 64 * 1024;

/// As browsers do: what would end the quoted name is percent-encoded.
QByteArray quotedName(const QString& name) {
    QByteArray text = name.toUtf8();
    return text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
}

} // namespace

MultipartBody encodeWhisperOrder(const WhisperOrder& order, const QByteArray& boundary) {
    MultipartBody body;
    body.contentType = "multipart/form-data; boundary=" + boundary;
    body.bytes.reserve(order.audio.size() + 1024);
    const auto field = [&](const char* name, const QByteArray& value) {
        if (!value.isEmpty())
            body.bytes += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name +
                          "\"\r\n\r\n" + value + "\r\n";
    };
    field("model", order.model.toUtf8());
    field("language", order.language.toUtf8());
    field("prompt", order.prompt.toUtf8());
    if (order.temperature)
        field("temperature", QByteArray::number(*order.temperature));
    field("response_format", "json");
    body.bytes +=
        "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" +
        quotedName(order.fileName) + "\"\r\nContent-Type: application/octet-stream\r\n\r\n" +
        order.audio + "\r\n--" + boundary + "--\r\n";
    return body;
}

Outcome<WhisperAnswer> decodeWhisperAnswer(const QByteArray& body) {
    const QString what = QStringLiteral("The transcript");
    const auto root = JsonNode::parse(body, what, maxAnswer);
    if (!root)
        return fail(root.error());
    WhisperAnswer answer;
    const JsonNode text = (*root)["text"];
    if (!text.isAbsent()) {
        WhisperTranscript transcript;
        transcript.text = text.text();
        transcript.language = (*root)["language"].text();
        transcript.seconds = (*root)["duration"].number();
        answer.transcript = transcript;
        return answer;
    }
    if (!(*root)["error"].isAbsent()) {
        answer.error = decodeWhisperError(body);
        return answer;
    }
    return fail(malformed(what, body, QStringLiteral("it has no \"text\"")));
}

Outcome<int> decodeModelCount(const QByteArray& body) {
    const QString what = QStringLiteral("The list of models");
    const auto root = JsonNode::parse(body, what, maxAnswer);
    if (!root)
        return fail(root.error());
    if (!(*root)["data"].isArray())
        return fail(malformed(what, body, QStringLiteral("it has no list \"data\"")));
    return static_cast<int>((*root)["data"].items().size());
}

QString decodeHealthStatus(const QByteArray& body) {
    const auto root = JsonNode::parse(body, QString(), maxSmall);
    if (root)
        return root->isObject() ? (*root)["status"].text() : root->text();
    return body.size() <= 40 && !body.trimmed().startsWith('<') ? QString::fromUtf8(body.trimmed())
                                                                : QString();
}

ErrorAnswer decodeWhisperError(const QByteArray& body) {
    ErrorAnswer answer = decodeOpenAiError(body);
    if (answer.text.isEmpty())
        answer.text = decodeHealthStatus(body);
    return answer;
}

} // namespace vigie
