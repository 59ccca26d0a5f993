#include "core/sources/prometheus/prometheussource.h"

#include "core/sources/latencyreader.h"
#include "core/sources/replyclues.h"
#include "core/sources/tokenfile.h"

#include <algorithm>

namespace vigie {

using namespace std::chrono_literals;

namespace {

constexpr qint64 maxBytes = 16 * 1024 * 1024;

Failure onlyLatencies() {
    return {FailureKind::Unsupported,
            QStringLiteral("A Prometheus source tells latencies only; it has no instances."),
            0,
            {},
            {},
            {}};
}

QString shown(const QUrl& url) {
    return url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
}

/// Adds what a person can do about it to the sentence of the client.
Failure explained(Failure failure, const QUrl& url) {
    if (failure.kind == FailureKind::TooLarge)
        failure.message +=
            QStringLiteral(" (16 MiB: is %1 really a metrics page?)").arg(shown(url));
    else if (failure.httpStatus == 404)
        failure.message += QStringLiteral("; is %1 the right path?").arg(url.path());
    return withAdvice(std::move(failure));
}

} // namespace

PrometheusSource::PrometheusSource(SourceContext context)
    : m_context(std::move(context)),
      m_endpoint(m_context.clock, m_context.client, m_context.resilience) {
    QUrl& url = m_context.config.url;
    if (url.path().isEmpty() || url.path() == QLatin1String("/"))
        url.setPath(QStringLiteral("/metrics"));
}

Task<Outcome<SourceReading>> PrometheusSource::poll(std::stop_token stop) {
    const QUrl url = m_context.config.url;
    HttpRequest request;
    request.url = url;
    request.maxBodyBytes = maxBytes;
    request.deadline = std::clamp<Duration>(3 * m_context.config.interval, 3s, 10s);
    request.headers.append(
        qMakePair(QByteArray("Accept"), QByteArray("text/plain;version=0.0.4;q=1,*/*;q=0.1")));
    auto token = bearerToken();
    if (!token)
        co_return fail(std::move(token).error());
    if (!token->isEmpty())
        request.headers.append({"Authorization", "Bearer " + *token});
    auto reply = co_await m_endpoint.call(std::move(request), std::move(stop));
    if (!reply)
        co_return fail(explained(std::move(reply).error(), url));
    if (isHtml(*reply))
        co_return fail(FailureKind::Malformed,
                       QStringLiteral("GET %1: answered with a web page, not with Prometheus text; "
                                      "metrics are usually at /metrics")
                           .arg(shown(url)));
    auto read = readLatencies(*reply, {});
    if (!read)
        co_return fail(FailureKind::Malformed,
                       QStringLiteral("GET %1: answered %2, which is no Prometheus text: %3")
                           .arg(shown(url), describe(*reply), read.error().message));
    SourceReading reading;
    reading.capabilities.metrics = true;
    reading.latencies = std::move(read->series);
    reading.notices.assign(read->notices.begin(), read->notices.end());
    if (const auto offset = clockOffset(*reply))
        reading.serverTime =
            m_context.clock.wallNow() + std::chrono::round<std::chrono::milliseconds>(*offset);
    co_return reading;
}

Outcome<QByteArray> PrometheusSource::bearerToken() const {
    const SourceConfig& config = m_context.config;
    if (config.tokenFile.isEmpty())
        return config.email.isEmpty() ? config.secret.toUtf8() : QByteArray();
    return readTokenFile(config.tokenFile);
}

Task<Outcome<Inspection>> PrometheusSource::inspect(InstanceId, std::stop_token) {
    co_return fail(onlyLatencies());
}

Task<Outcome<QString>> PrometheusSource::act(Action, InstanceId, QString, QByteArray,
                                             std::stop_token) {
    co_return fail(onlyLatencies());
}

} // namespace vigie
