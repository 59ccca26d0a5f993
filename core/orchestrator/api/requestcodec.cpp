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

bool isForbidden(char16_t unit, Texts texts) {
    if (texts == Texts::Any)
        return unit == 0;
    return isControl(unit) && unit != u'\n' && unit != u'\r' && unit != u'\t';
}

/// The character below U+0100 that stands at `at` of a JSON text, raw in UTF-8 or as an escape,
/// with `at` moved to its last byte; nothing for others.
std::optional<char16_t> unitAt(const QByteArray& json, qsizetype& at) {
    const auto byte = [&json](qsizetype place) {
        return place < json.size() ? uchar(json[place]) : uchar(0xff);
    };
    const uchar first = byte(at);
    if (first == 0xc2 && byte(at + 1) < 0xc0)
        return byte(++at);
    if (first != '\\')
        return first < 0x80 ? std::optional<char16_t>(first) : std::nullopt;
    switch (byte(++at)) {
    case 'b':
        return u'\b';
    case 'f':
        return u'\f';
    case 'u': {
        bool ok = false;
        const uint unit = json.mid(at + 1, 4).toUInt(&ok, 16);
        at += ok ? 4 : 0;
        return ok && unit < 0x100 ? std::optional(char16_t(unit)) : std::nullopt;
    }
    default:
        return std::nullopt;
    }
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

std::optional<Failure> whyNotPrintable(const QByteArray& body, Texts texts) {
    for (qsizetype at = 0; at < body.size(); ++at) {
        const qsizetype begin = at;
        const std::optional<char16_t> unit = unitAt(body, at);
        if (!unit || !isForbidden(*unit, texts))
            continue;
        const QByteArray before = body.left(begin);
        return refused(QStringLiteral("the body holds the control character U+%1 at line %2, "
                                      "column %3; %4")
                           .arg(QString::number(*unit, 16).toUpper(), 4, QLatin1Char('0'))
                           .arg(before.count('\n') + 1)
                           .arg(begin - before.lastIndexOf('\n'))
                           .arg(texts == Texts::Any ? QStringLiteral("no text may hold that")
                                                    : QStringLiteral("texts may hold line breaks "
                                                                     "and tabs, no other")));
    }
    return std::nullopt;
}

std::optional<Failure> whyUnknownField(const QJsonObject& object, const QStringList& known,
                                       const QString& where) {
    for (const QString& name : object.keys()) {
        if (!known.contains(name))
            return refused(QStringLiteral("field \"%1%2\" is not known; there are: %3")
                               .arg(where, name.left(64), known.join(QLatin1String(", "))));
    }
    return std::nullopt;
}

std::optional<Failure> whyMoreThanReason(const QByteArray& body) {
    if (body.trimmed().isEmpty())
        return std::nullopt;
    const auto object = objectOf(body);
    return object ? whyUnknownField(*object, {QStringLiteral("reason")})
                  : std::optional(object.error());
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
