#include "core/http/exchange.h"

#include "core/base/timeformat.h"
#include "core/http/networkfailure.h"
#include "core/http/sequentialbody.h"

#include <QNetworkRequest>

#include <algorithm>

namespace vigie {

namespace {

// Unread bytes that Qt may hold for us: it stops reading from the network beyond that.
constexpr qint64 readBufferBytes = 256 * 1024;

QNetworkRequest networkRequest(const HttpRequest& request, const QSslConfiguration& tls,
                               bool keepConnection) {
    QNetworkRequest wire(request.url);
    for (const auto& [name, value] : request.headers)
        wire.setRawHeader(name, value);
    if (!wire.hasRawHeader("User-Agent"))
        wire.setRawHeader("User-Agent", "vigie/" VIGIE_VERSION);
    if (!keepConnection)
        wire.setRawHeader("Connection", "close");
    wire.setHeader(QNetworkRequest::ContentLengthHeader, request.body.size());
    wire.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    wire.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                      QNetworkRequest::ManualRedirectPolicy);
    wire.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    wire.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    // No memory of earlier answers: no cookies, no passwords kept, and one protocol.
    wire.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    wire.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    wire.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    wire.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    // Our own limit ends bombs; Qt's would also refuse honest answers that compress well.
    wire.setDecompressedSafetyCheckThreshold(-1);
    wire.setSslConfiguration(tls);
    return wire;
}

} // namespace

Exchange::Exchange(const Wire& wire, const HttpRequest& request, Duration left, bool keepConnection)
    : m_clock(wire.clock), m_request(request), m_startedAt(wire.clock.now()) {
    auto* body = new SequentialBody(request.body, nullptr);
    // sendCustomRequest for every verb: the others would send again, see SequentialBody.
    m_reply = wire.manager.sendCustomRequest(networkRequest(request, wire.tls, keepConnection),
                                             request.method, body);
    body->setParent(m_reply);
    m_reply->setReadBufferSize(readBufferBytes);
    // Said again: what is said before Qt's network thread has the request may not reach it, and
    // without a limit it reads as fast as the server sends, whatever we do with it.
    const auto limit = [this] { m_reply->setReadBufferSize(readBufferBytes); };
    QObject::connect(m_reply, &QNetworkReply::socketStartedConnecting, &m_context, limit);
    QObject::connect(m_reply, &QNetworkReply::requestSent, &m_context, limit);
    QObject::connect(m_reply, &QNetworkReply::metaDataChanged, &m_context, limit);
    // Of the manager, not of the reply: a slot of the reply that has run may be freed by Qt's
    // network thread, which ThreadSanitizer can't see to be in order.
    QObject::connect(&wire.manager, &QNetworkAccessManager::sslErrors, &m_context,
                     [this](QNetworkReply* reply, const QList<QSslError>& errors) {
                         if (reply == m_reply)
                             m_tlsErrors = errors;
                     });
    QObject::connect(m_reply, &QNetworkReply::metaDataChanged, &m_context,
                     [this] { headersArrived(); });
    QObject::connect(m_reply, &QNetworkReply::readyRead, &m_context, [this] { bytesArrived(); });
    QObject::connect(m_reply, &QNetworkReply::finished, &m_context, [this] { finished(); });
    m_deadline =
        m_clock.schedule(left, [this] { m_outcome.resolve(tl::unexpected(lateAnswer())); });
}

Exchange::~Exchange() {
    QObject::disconnect(m_reply, nullptr, &m_context, nullptr);
    m_reply->abort();
    m_reply->deleteLater();
}

void Exchange::cancel() {
    m_outcome.resolve(fail(failure(FailureKind::Cancelled, QStringLiteral("was cancelled"))));
}

void Exchange::headersArrived() {
    const qint64 announced = m_reply->header(QNetworkRequest::ContentLengthHeader).toLongLong();
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    // Qt doesn't know that a custom HEAD has no body and would wait for it.
    if (m_request.method == "HEAD" && status >= 200)
        m_outcome.resolve(replySoFar());
    else if (announced > m_request.maxBodyBytes)
        m_outcome.resolve(fail(tooLarge()));
}

bool Exchange::takeBytes() {
    // No more than is there: QIODevice allocates all that it is asked for.
    m_body += m_reply->read(
        std::min(m_reply->bytesAvailable(), m_request.maxBodyBytes + 1 - m_body.size()));
    return m_body.size() <= m_request.maxBodyBytes;
}

void Exchange::bytesArrived() {
    if (!takeBytes())
        m_outcome.resolve(fail(tooLarge()));
}

void Exchange::finished() {
    if (!takeBytes())
        m_outcome.resolve(fail(tooLarge()));
    else if (isCompleteAnswer(*m_reply))
        m_outcome.resolve(replySoFar());
    else
        m_outcome.resolve(fail(networkFailure(m_request, *m_reply, m_tlsErrors, m_body.size())));
}

HttpReply Exchange::replySoFar() const {
    HttpReply reply;
    reply.status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    reply.headers = m_reply->rawHeaderPairs();
    reply.body = m_body;
    reply.receivedAt = m_clock.wallNow();
    return reply;
}

Failure Exchange::failure(FailureKind kind, const QString& whatHappened) const {
    return callFailure(kind, m_request, whatHappened);
}

Failure Exchange::tooLarge() const {
    return failure(FailureKind::TooLarge,
                   QStringLiteral("the answer is longer than the %1 bytes allowed")
                       .arg(m_request.maxBodyBytes));
}

Failure Exchange::lateAnswer() const {
    const QString progress =
        m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).isValid()
            ? QStringLiteral("only %1 bytes of the answer came").arg(m_body.size())
            : QStringLiteral("no answer came");
    QString sentence =
        QStringLiteral("%1 within %2").arg(progress, humanDuration(m_request.deadline));
    if (!m_request.safeToRepeat())
        sentence += QStringLiteral("; the request may have been carried out");
    return failure(FailureKind::Timeout, sentence);
}

} // namespace vigie
