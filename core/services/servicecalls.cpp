#include "core/services/servicecalls.h"

#include "core/calls/profiles.h"
#include "core/http/waitasked.h"

#include <QUuid>

namespace vigie {

namespace {

QString peerName(const QUrl& url) {
    const int fallback = url.scheme() == QLatin1String("https") ? 443 : 80;
    return QStringLiteral("%1:%2").arg(url.host()).arg(url.port(fallback));
}

} // namespace

EndpointOptions ServiceCalls::options(const char* profile, const QUrl& url, Duration callTimeout,
                                      const QString& part) const {
    EndpointOptions options;
    options.name = service + u':' + peerName(url) + (part.isEmpty() ? QString() : u':' + part);
    options.resilienceEnabled = resilienceEnabled;
    options.breakerEnabled = breakerEnabled;
    options.shared = shared;
    const Profile* named = profiles ? profiles->find(profile) : nullptr;
    if (!named)
        named = builtInProfiles().find(profile);
    if (named) {
        options.profile = std::make_shared<const Profile>(*named);
        options.callTimeout = callTimeout;
        options.overallDeadline = roomFor(*named, callTimeout);
    }
    options.classifier = classifier;
    options.failureOf = [calls = *this](const HttpReply& reply, const QString& what) {
        return calls.failureOf(reply, what);
    };
    return options;
}

Failure ServiceCalls::failureOf(const HttpReply& reply, const QString& what) const {
    ErrorAnswer answer = decodeError(reply.body);
    answer.httpStatus = reply.status;
    answer.retryAfter = waitAsked(reply);
    for (const char* name : {"x-request-id", "x-amz-request-id", "sb-request-id"}) {
        if (answer.correlationId.isEmpty())
            answer.correlationId = QString::fromUtf8(reply.header(name));
    }
    return classifiedFailure(*classifier, service.toStdString(), answer, what);
}

void markRepeatable(HttpRequest& request, const QByteArray& idempotencyKey) {
    request.headers.append(
        {"Idempotency-Key", idempotencyKey.isEmpty()
                                ? QUuid::createUuid().toByteArray(QUuid::WithoutBraces)
                                : idempotencyKey});
}

} // namespace vigie
