#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/telemetry/tracecontext.h"

#include <QByteArray>
#include <QList>
#include <QPair>
#include <QSslConfiguration>
#include <QUrl>

#include <memory>
#include <optional>
#include <stop_token>

namespace vigie {

using HttpHeaders = QList<QPair<QByteArray, QByteArray>>;

/// One request, sent exactly once on the wire unless a pipeline above decides to try again.
struct HttpRequest {
    QByteArray method = "GET";
    QUrl url;
    HttpHeaders headers;
    QByteArray body;
    /// From the first byte out to the last byte in, redirects included.
    Duration deadline = std::chrono::seconds(10);
    /// Decompressed bytes; a longer answer is TooLarge.
    qint64 maxBodyBytes = 64 * 1024 * 1024;
    /// Same-scheme-or-better redirects followed for GET and HEAD; a mutating request never follows.
    int maxRedirects = 5;
    /// The trace that the call is a part of; each sending is a span below it. Without one it begins
    /// a trace of its own.
    std::optional<TraceContext> trace;
    /// May be tried again when the outcome is unknown: GET and HEAD always, others only with an
    /// Idempotency-Key header.
    bool safeToRepeat() const;
};

struct HttpReply {
    int status = 0;
    HttpHeaders headers;
    QByteArray body;
    Duration elapsed{};
    WallTime receivedAt{}; ///< by our clock
    int attempts = 1;
    /// First value of a header, names compared without case; empty when absent.
    QByteArray header(const QByteArray& name) const;
};

/// Sends HTTP requests over QNetworkAccessManager, with what that class lacks: a whole-call
/// deadline, body and redirect limits, and no silent second sending of anything.
class HttpClient {
public:
    explicit HttpClient(Clock& clock);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// An own CA or client certificate for all requests of this client. Verification can't be
    /// turned off.
    void setTls(const QSslConfiguration& configuration);

    /// Any HTTP status is a reply; a Failure is what kept a complete reply from arriving. A stop
    /// aborts the request and yields Cancelled.
    Task<Outcome<HttpReply>> send(HttpRequest request, std::stop_token stop);

private:
    class Private;
    std::unique_ptr<Private> d;
};

/// Reads an error reply ({"error": code, "message": sentence}, or anything) into a Failure whose
/// kind comes from the status and Retry-After; `what` names the call in the sentence. Precondition:
/// reply.status >= 400 (a 3xx is Malformed).
Failure failureFromReply(const HttpReply& reply, const QString& what);

} // namespace vigie
