#include "core/http/redirect.h"

#include "core/http/networkfailure.h"

#include <algorithm>
#include <array>

namespace vigie {

namespace {

constexpr std::array redirects{301, 302, 303, 307, 308};
const std::array<QByteArray, 3> harmless{"accept", "accept-language", "user-agent"};

bool sameOrigin(const QUrl& a, const QUrl& b) {
    const auto port = [](const QUrl& url) {
        return url.port(url.scheme() == QLatin1String("https") ? 443 : 80);
    };
    return a.scheme() == b.scheme() && a.host() == b.host() && port(a) == port(b);
}

} // namespace

Outcome<std::optional<HttpRequest>> followRedirect(const HttpRequest& request,
                                                   const HttpReply& reply, int followed) {
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (!reads || request.maxRedirects <= 0 ||
        std::ranges::find(redirects, reply.status) == redirects.end())
        return std::nullopt;
    const auto refuse = [&](const QString& why) {
        Failure failure = callFailure(FailureKind::Malformed, request, why);
        failure.httpStatus = reply.status;
        failure.code = QStringLiteral("redirect_refused");
        return fail(std::move(failure));
    };
    const QUrl location = QUrl::fromEncoded(reply.header("Location"), QUrl::StrictMode);
    const QUrl target = request.url.resolved(location);
    const QString scheme = target.scheme();
    if (location.isEmpty() || !target.isValid())
        return refuse(QStringLiteral("it redirects without saying where to"));
    if (scheme != QLatin1String("http") && scheme != QLatin1String("https"))
        return refuse(QStringLiteral("it redirects to %1:, which is not followed").arg(scheme));
    if (target.host().isEmpty())
        return refuse(QStringLiteral("it redirects without saying where to"));
    if (request.url.scheme() == QLatin1String("https") && scheme == QLatin1String("http"))
        return refuse(QStringLiteral("it redirects from https to http, which is not followed"));
    if (followed >= request.maxRedirects)
        return refuse(QStringLiteral("it redirects more than %1 times").arg(request.maxRedirects));

    HttpRequest next = request;
    next.url = target;
    if (!sameOrigin(request.url, target))
        next.headers.removeIf([](const QPair<QByteArray, QByteArray>& header) {
            return std::ranges::find(harmless, header.first.toLower()) == harmless.end();
        });
    return next;
}

} // namespace vigie
