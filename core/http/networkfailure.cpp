#include "core/http/networkfailure.h"

#include "core/http/tlsfailure.h"

namespace vigie {

namespace {

int statusOf(const QNetworkReply& reply) {
    return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

/// The connection ended before a whole answer was in.
Failure brokenOff(const HttpRequest& request, const QNetworkReply& reply, qint64 received) {
    const bool answering = statusOf(reply) > 0;
    QString sentence = answering
                           ? QStringLiteral("the connection ended in the middle of the answer, "
                                            "after %1 bytes")
                                 .arg(received)
                           : QStringLiteral("the connection ended without an HTTP answer");
    if (!request.safeToRepeat()) {
        sentence += QStringLiteral("; the request may have been carried out");
        return callFailure(FailureKind::OutcomeUnknown, request, sentence);
    }
    Failure failure =
        callFailure(answering ? FailureKind::Malformed : FailureKind::Network, request, sentence);
    failure.code = answering ? QStringLiteral("truncated") : QStringLiteral("connection_reset");
    return failure;
}

} // namespace

QString shownUrl(const QUrl& url) {
    return url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

Failure callFailure(FailureKind kind, const HttpRequest& request, const QString& whatHappened) {
    return {kind,
            QStringLiteral("%1 %2: %3")
                .arg(QString::fromLatin1(request.method), shownUrl(request.url), whatHappened),
            0,
            {},
            {},
            {}};
}

bool isCompleteAnswer(const QNetworkReply& reply) {
    if (statusOf(reply) == 0)
        return false;
    // Qt reports a complete answer of 400 and more as one of these errors.
    const int error = reply.error();
    const bool ofTheAnswer = (error >= QNetworkReply::ContentAccessDenied &&
                              error <= QNetworkReply::UnknownContentError) ||
                             error == QNetworkReply::ProtocolInvalidOperationError ||
                             (error >= QNetworkReply::InternalServerError &&
                              error <= QNetworkReply::UnknownServerError) ||
                             error == QNetworkReply::ProxyAuthenticationRequiredError;
    return error == QNetworkReply::NoError || (ofTheAnswer && statusOf(reply) >= 400);
}

Failure networkFailure(const HttpRequest& request, const QNetworkReply& reply,
                       const QList<QSslError>& tlsErrors, qint64 bytesReceived) {
    const auto failure = [&](FailureKind kind, const QString& whatHappened,
                             const QString& code = {}) {
        Failure made = callFailure(kind, request, whatHappened);
        made.code = code;
        return made;
    };
    switch (reply.error()) {
    case QNetworkReply::ConnectionRefusedError:
        return failure(FailureKind::Network,
                       QStringLiteral("connection refused: nothing listens there"),
                       QStringLiteral("connection_refused"));
    case QNetworkReply::HostNotFoundError:
        return failure(FailureKind::Network, QStringLiteral("no address is known for this host"),
                       QStringLiteral("dns_failure"));
    case QNetworkReply::SslHandshakeFailedError:
        return failure(FailureKind::Tls,
                       tlsSentence(tlsErrors, request.url.host(), reply.errorString()));
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::ContentReSendError: // it would have been sent a second time
        return brokenOff(request, reply, bytesReceived);
    case QNetworkReply::UnknownContentError:
        return failure(FailureKind::Malformed,
                       QStringLiteral("the answer can't be unpacked: %1").arg(reply.errorString()));
    case QNetworkReply::ProtocolFailure:
    case QNetworkReply::ProtocolUnknownError:
    case QNetworkReply::ProtocolInvalidOperationError:
    case QNetworkReply::NoError: // finished without a status line
        return failure(FailureKind::Malformed, QStringLiteral("what answers there is not HTTP"));
    default:
        return failure(FailureKind::Network, reply.errorString(), QStringLiteral("unreachable"));
    }
}

} // namespace vigie
