#include "core/http/httpclient.h"

#include "core/http/connectionbudget.h"
#include "core/http/exchange.h"
#include "core/http/networkfailure.h"
#include "core/http/redirect.h"
#include "core/http/traceheaders.h"

#include <QNetworkAccessManager>

#include <algorithm>
#include <cstring>

namespace vigie {

namespace {

QByteArray firstHeader(const HttpHeaders& headers, const QByteArray& name) {
    const auto found = std::ranges::find_if(headers, [&](const auto& header) {
        return header.first.compare(name, Qt::CaseInsensitive) == 0;
    });
    return found == headers.end() ? QByteArray() : found->second;
}

bool isToken(const QByteArray& word) {
    return !word.isEmpty() && std::ranges::all_of(word, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               (c && std::strchr("!#$%&'*+-.^_`|~", c));
    });
}

bool isHeaderValue(const QByteArray& value) {
    return std::ranges::none_of(value, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

/// What is wrong with a request before it is sent; empty when nothing is.
QString mistakeIn(const HttpRequest& request) {
    const QString scheme = request.url.scheme();
    if (!request.url.isValid() || request.url.host().isEmpty() ||
        (scheme != QLatin1String("http") && scheme != QLatin1String("https")))
        return QStringLiteral("not a http:// or https:// address with a host");
    if (!isToken(request.method))
        return QStringLiteral("not an HTTP method");
    for (const auto& [name, value] : request.headers) {
        if (!isToken(name) || !isHeaderValue(value))
            return QStringLiteral("the header %1 holds what a header can't hold")
                .arg(QString::fromLatin1(name.toPercentEncoding("-_")));
    }
    return {};
}

/// A user in the URL becomes a header, so that Qt needn't send twice to learn that it is wanted.
void moveUserToHeader(HttpRequest& request) {
    if (request.url.userInfo().isEmpty())
        return;
    const QByteArray user = request.url.userName(QUrl::FullyDecoded).toUtf8() + ':' +
                            request.url.password(QUrl::FullyDecoded).toUtf8();
    if (firstHeader(request.headers, "Authorization").isEmpty())
        request.headers.append({"Authorization", "Basic " + user.toBase64()});
    request.url.setUserInfo(QString());
}

QString peerOf(const QUrl& url) {
    return url.toString(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery |
                        QUrl::RemoveFragment);
}

} // namespace

bool HttpRequest::safeToRepeat() const {
    return method == "GET" || method == "HEAD" ||
           !firstHeader(headers, "Idempotency-Key").isEmpty();
}

QByteArray HttpReply::header(const QByteArray& name) const {
    return firstHeader(headers, name);
}

class HttpClient::Private {
public:
    explicit Private(Clock& c) : clock(c), tls(QSslConfiguration::defaultConfiguration()) {}

    Task<Outcome<HttpReply>> send(HttpRequest request, std::stop_token stop);
    Task<Outcome<HttpReply>> follow(HttpRequest request, MonotonicTime end, std::stop_token stop);

    Clock& clock;
    QSslConfiguration tls;
    ConnectionBudget budget;
    QNetworkAccessManager manager;
    std::stop_source closing;
};

Task<Outcome<HttpReply>> HttpClient::Private::send(HttpRequest request, std::stop_token stop) {
    if (const QString mistake = mistakeIn(request); !mistake.isEmpty())
        co_return fail(callFailure(FailureKind::Invalid, request, mistake));
    const auto failed = [&request](FailureKind kind, const QString& what) {
        return fail(callFailure(kind, request, what));
    };
    if (stop.stop_requested())
        co_return failed(FailureKind::Cancelled, QStringLiteral("was cancelled"));
    moveUserToHeader(request);
    addTraceHeaders(request);
    const MonotonicTime start = clock.now();
    const MonotonicTime end = start + request.deadline;

    const bool entered = co_await budget.enter(clock, request.deadline, stop);
    if (!entered && stop.stop_requested())
        co_return failed(FailureKind::Cancelled, QStringLiteral("was cancelled"));
    if (!entered)
        co_return failed(FailureKind::Timeout,
                         QStringLiteral("was not sent in time: %1 requests are under way")
                             .arg(ConnectionBudget::maxRunning));
    Outcome<HttpReply> outcome = co_await follow(std::move(request), end, std::move(stop));
    if (outcome)
        outcome->elapsed = clock.now() - start;
    budget.leave();
    co_return outcome;
}

/// The request and the redirects it leads to, all before `end`.
Task<Outcome<HttpReply>> HttpClient::Private::follow(HttpRequest request, MonotonicTime end,
                                                     std::stop_token stop) {
    for (int followed = 0;; ++followed) {
        const MonotonicTime now = clock.now();
        const bool keep = budget.mayKeep(peerOf(request.url), now);
        Outcome<std::optional<HttpRequest>> next;
        {
            Exchange exchange({manager, tls, clock}, request, end - now, keep);
            const std::stop_callback onStop(stop, [&exchange] { exchange.cancel(); });
            const std::stop_callback onClosing(closing.get_token(),
                                               [&exchange] { exchange.cancel(); });
            const auto answer = exchange.outcome();
            Outcome<HttpReply> outcome = co_await answer;
            if (!outcome)
                co_return outcome;
            next = followRedirect(request, *outcome, followed);
            if (next && !*next)
                co_return outcome;
        }
        if (!next)
            co_return fail(next.error());
        request = std::move(**next);
    }
}

HttpClient::HttpClient(Clock& clock) : d(std::make_unique<Private>(clock)) {}

HttpClient::~HttpClient() {
    d->closing.request_stop();
}

void HttpClient::setTls(const QSslConfiguration& configuration) {
    d->tls = configuration;
    d->tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
}

Task<Outcome<HttpReply>> HttpClient::send(HttpRequest request, std::stop_token stop) {
    return d->send(std::move(request), std::move(stop));
}

} // namespace vigie
