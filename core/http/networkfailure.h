#pragma once

#include "core/http/httpclient.h"

#include <QNetworkReply>
#include <QSslError>

namespace vigie {

/// The URL as messages show it: no user, no password, no query, no fragment.
QString shownUrl(const QUrl& url);

/// "GET http://host:port/path: <what happened>", as a failure.
Failure callFailure(FailureKind kind, const HttpRequest& request, const QString& whatHappened);

/// True when a whole HTTP answer came in, whatever its status.
bool isCompleteAnswer(const QNetworkReply& reply);

/// Why no whole answer came in; the code of a network failure is the word of its error class
/// (core/resilience/errorclass.h). Precondition: !isCompleteAnswer(reply).
Failure networkFailure(const HttpRequest& request, const QNetworkReply& reply,
                       const QList<QSslError>& tlsErrors, qint64 bytesReceived);

} // namespace vigie
