#pragma once

#include "core/base/eventual.h"
#include "core/http/httpclient.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QObject>
#include <QSslError>

namespace vigie {

/// One request on the wire, without redirects, under its limits. Whatever ends first (the answer,
/// the deadline, a limit, a cancel) is the outcome; destroying it aborts what is left.
class Exchange {
public:
    struct Wire {
        QNetworkAccessManager& manager;
        const QSslConfiguration& tls;
        Clock& clock;
    };
    /// Sends at once. `left` is what remains of the whole call's deadline.
    Exchange(const Wire& wire, const HttpRequest& request, Duration left, bool keepConnection);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    const Eventual<Outcome<HttpReply>>& outcome() const { return m_outcome; }
    void cancel();

private:
    // Resolving the outcome resumes who waits for it, who may destroy this object: each of these
    // does it last.
    void headersArrived();
    bool takeBytes(); ///< false: more than allowed
    void bytesArrived();
    void finished();
    HttpReply replySoFar() const;
    Failure failure(FailureKind kind, const QString& whatHappened) const;
    Failure tooLarge() const;
    Failure lateAnswer() const;

    Clock& m_clock;
    const HttpRequest& m_request;
    MonotonicTime m_startedAt;
    QByteArray m_body;
    QList<QSslError> m_tlsErrors;
    QObject m_context;
    QNetworkReply* m_reply;
    Timer m_deadline;
    Eventual<Outcome<HttpReply>> m_outcome;
};

} // namespace vigie
