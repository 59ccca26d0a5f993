#include "core/orchestrator/api/breakerrequest.h"
#include "core/orchestrator/api/requestcodec.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace vigie {

namespace {

constexpr qsizetype longestWhy = 500;
constexpr double longestOverride = 30.0 * 86'400;

Failure badOverride(const QString& message) {
    return {FailureKind::Invalid, message, 0, {}, QStringLiteral("invalid_request"), {}};
}

} // namespace

Outcome<BreakerRequest> decodeBreakerRequest(const QByteArray& body) {
    if (auto wrong = whyNoJsonObject(body))
        return fail(std::move(*wrong));
    const QJsonObject object = QJsonDocument::fromJson(body).object();
    if (auto unknown =
            whyUnknownField(object, {QStringLiteral("override"), QStringLiteral("reason"),
                                     QStringLiteral("expires_in_s")}))
        return fail(std::move(*unknown));
    BreakerRequest request;
    const QString word = object.value(QLatin1String("override")).toString();
    if (word != QLatin1String("none")) {
        request.override_ = breakerModeFromString(word);
        if (!request.override_ || !canBeImposed(*request.override_))
            return fail(badOverride(
                QStringLiteral("field \"override\" must be forced_open, forced_closed, disabled, "
                               "metrics_only or none, not \"%1\"")
                    .arg(word.left(40))));
    }
    request.reason = object.value(QLatin1String("reason")).toString().trimmed();
    if (request.reason.isEmpty() || request.reason.size() > longestWhy)
        return fail(badOverride(QStringLiteral("field \"reason\" must be a text of 1 to %1 "
                                               "characters: who comes next has to know why")
                                    .arg(longestWhy)));
    const QJsonValue expires = object.value(QLatin1String("expires_in_s"));
    if (!expires.isUndefined() && !expires.isNull()) {
        const double seconds = expires.toDouble();
        if (!request.override_ || !(seconds >= 1 && seconds <= longestOverride))
            return fail(badOverride(QStringLiteral("field \"expires_in_s\" must be seconds from 1 "
                                                   "to %1, of an override that is not none")
                                        .arg(longestOverride, 0, 'f', 0)));
        request.expiresIn = Duration(std::llround(seconds * 1e9));
    }
    return request;
}

} // namespace vigie
