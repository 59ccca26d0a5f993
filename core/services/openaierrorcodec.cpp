#include "core/services/openaierrorcodec.h"

#include "core/model/jsonreader.h"

#include <QStringList>

namespace vigie {

namespace {

constexpr qsizetype maxBody = 64 * 1024;
constexpr qsizetype maxPlainText = 500;

/// The first complaint of FastAPI's list: "body.file: Field required".
QString firstComplaint(const JsonNode& detail) {
    for (const JsonNode& each : detail.items()) {
        QStringList place;
        for (const JsonNode& step : each["loc"].items())
            place.append(step.text().isEmpty() ? QString::fromUtf8(step.compact()) : step.text());
        const QString said = each["msg"].text();
        return place.isEmpty() ? said : place.join(u'.') + QStringLiteral(": ") + said;
    }
    return {};
}

QString plainText(const QByteArray& body) {
    const QByteArray text = body.trimmed();
    const bool isMarkup = text.startsWith('<') || text.startsWith('{') || text.startsWith('[');
    return isMarkup || text.size() > maxPlainText ? QString() : QString::fromUtf8(text);
}

} // namespace

ErrorAnswer decodeOpenAiError(const QByteArray& body) {
    ErrorAnswer answer;
    const auto root = JsonNode::parse(body, QString(), maxBody);
    if (!root) {
        answer.text = plainText(body);
        return answer;
    }
    const JsonNode error = (*root)["error"];
    const JsonNode& holder = error.isObject() ? error : *root;
    answer.code = holder["code"].text();
    answer.type = holder["type"].text();
    answer.text = holder["message"].text();
    if (!error.isAbsent() && !error.isObject()) {
        answer.text = error.text();
        answer.type = (*root)["error_type"].text();
    }
    const JsonNode detail = (*root)["detail"];
    if (answer.text.isEmpty() && !detail.isAbsent())
        answer.text = detail.isArray()    ? firstComplaint(detail)
                      : detail.isObject() ? detail["message"].text()
                                          : detail.text();
    if (answer.text.isEmpty())
        answer.text = root->text(); // a bare JSON string
    return answer;
}

} // namespace vigie
