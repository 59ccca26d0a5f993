#include "core/orchestrator/api/requestcodec.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QJsonParseError>

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace vigie {

namespace {

Failure refused(const QString& message) {
    return Failure{FailureKind::Invalid, message, 0, {}, QStringLiteral("invalid_request"), {}};
}

Outcome<QJsonObject> objectOf(const QByteArray& body) {
    if (body.trimmed().isEmpty())
        return fail(refused(QStringLiteral("the body is empty; a JSON object is expected")));
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(body, &error);
    if (error.error != QJsonParseError::NoError) {
        const QByteArray before = body.left(error.offset);
        const auto line = before.count('\n') + 1;
        const auto column = error.offset - before.lastIndexOf('\n');
        return fail(refused(QStringLiteral("the body is not JSON: %1 at line %2, column %3")
                                .arg(error.errorString())
                                .arg(line)
                                .arg(column)));
    }
    if (!document.isObject())
        return fail(refused(QStringLiteral("the body is a JSON array; an object is expected")));
    return document.object();
}

bool isControl(QChar c) {
    return c.category() == QChar::Other_Control;
}

/// Every field must be there, with at most 200 characters that are not all blanks: names, which
/// stand in columns, paths and environments, so no control character is among them.
Outcome<void> readTexts(const QByteArray& body,
                        std::initializer_list<std::pair<const char*, QString*>> fields) {
    const auto object = objectOf(body);
    if (!object)
        return fail(object.error());
    for (const auto& [key, field] : fields) {
        const QLatin1String name(key);
        const QJsonValue value = object->value(name);
        if (!value.isString() || value.toString().trimmed().isEmpty()) {
            return fail(
                refused(QStringLiteral("field \"%1\" %2; it must be a text that is not empty")
                            .arg(name, value.isUndefined() ? QStringLiteral("is missing")
                                       : value.isString()  ? QStringLiteral("is empty")
                                                           : QStringLiteral("is not a text"))));
        }
        *field = value.toString().trimmed();
        if (field->size() > 200)
            return fail(refused(QStringLiteral("field \"%1\" has over 200 characters").arg(name)));
        const auto odd = std::ranges::find_if(*field, isControl);
        if (odd != field->end())
            return fail(refused(QStringLiteral("field \"%1\" holds the control character U+%2; a "
                                               "name of visible characters is expected")
                                    .arg(name)
                                    .arg(odd->unicode(), 4, 16, QLatin1Char('0'))));
    }
    return {};
}

} // namespace

bool holdsNul(const QByteArray& body) {
    if (body.contains('\0'))
        return true;
    for (qsizetype at = body.indexOf("\\u0000"); at >= 0; at = body.indexOf("\\u0000", at + 1)) {
        // After an odd number of backslashes it is a backslash and a word.
        qsizetype before = at;
        while (before > 0 && body[before - 1] == '\\')
            --before;
        if ((at - before) % 2 == 0)
            return true;
    }
    return false;
}

std::optional<Failure> whyNoJsonObject(const QByteArray& body) {
    const auto object = objectOf(body);
    return object ? std::nullopt : std::optional(object.error());
}

Outcome<DeploymentRequest> decodeDeployment(const QByteArray& body) {
    DeploymentRequest request;
    const auto read = readTexts(body, {{"provider_code", &request.providerCode},
                                       {"zone", &request.zone},
                                       {"instance_type", &request.instanceType},
                                       {"model_id", &request.modelId}});
    if (!read)
        return fail(read.error());
    return request;
}

Outcome<LoginRequest> decodeLogin(const QByteArray& body) {
    LoginRequest request;
    const auto read = readTexts(body, {{"email", &request.email}, {"password", &request.password}});
    if (!read)
        return fail(read.error());
    return request;
}

Outcome<QString> decodeReason(const QByteArray& body) {
    const auto object = objectOf(body);
    if (!object)
        return fail(object.error());
    const QJsonValue reason = object->value(QLatin1String("reason"));
    if (!reason.isUndefined() && !reason.isNull() && !reason.isString())
        return fail(refused(QStringLiteral("field \"reason\" is not a text")));
    return reason.toString();
}

} // namespace vigie
