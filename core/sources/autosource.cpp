#include "core/sources/autosource.h"

#include "core/model/errorcodec.h"
#include "core/sources/opensource.h"
#include "core/sources/replyclues.h"

#include <algorithm>

namespace vigie {

namespace {

constexpr double sureEnough = 0.5;

QUrl at(QUrl base, const QString& path) {
    base.setPath(path);
    return base;
}

QString shown(const QUrl& url) {
    return url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
}

} // namespace

AutoSource::AutoSource(std::vector<SourceDescriptor> kinds, SourceContext context)
    : m_kinds(std::move(kinds)), m_context(std::move(context)),
      m_endpoint(m_context.clock, m_context.client, m_context.resilience) {}

Task<Outcome<SourceReading>> AutoSource::poll(std::stop_token stop) {
    if (!m_found) {
        auto kind = co_await findKind(stop);
        if (!kind)
            co_return fail(std::move(kind).error());
        SourceContext context = m_context;
        context.config.kind = *kind;
        auto opened = openSource(m_kinds, std::move(context));
        if (!opened)
            co_return fail(std::move(opened).error());
        m_found = std::move(*opened);
        m_context.config.kind = *kind;
    }
    auto reading = co_await m_found->poll(std::move(stop));
    if (reading)
        reading->kind = m_context.config.kind;
    co_return reading;
}

/// Asks the address itself, then, when it names no path, the places where the known kinds answer.
Task<Outcome<QString>> AutoSource::findKind(std::stop_token stop) {
    const QUrl base = m_context.config.url;
    std::vector<QUrl> places{base};
    if (base.path().isEmpty() || base.path() == QLatin1String("/")) {
        places.push_back(at(base, QStringLiteral("/version")));
        places.push_back(at(base, QStringLiteral("/metrics")));
    }
    QString answers;
    for (const QUrl& place : places) {
        HttpRequest request;
        request.url = place;
        request.maxBodyBytes = 16 * 1024 * 1024;
        auto reply = co_await m_endpoint.call(std::move(request), stop);
        HttpReply seen;
        if (reply)
            seen = std::move(*reply);
        else if (reply.error().httpStatus == 0)
            co_return fail(
                withAdvice(std::move(reply).error())); // nobody there: no other place would help
        else
            seen.status = reply.error().httpStatus;
        if (!reply && !reply.error().code.isEmpty())
            seen.body = encodeError({reply.error().code, {}, {}}); // all that is left of its body
        auto kind = recognise(seen);
        if (kind)
            co_return kind;
        answers += QStringLiteral("; %1 answered %2 with %3")
                       .arg(shown(place))
                       .arg(seen.status)
                       .arg(reply ? describe(seen) : QStringLiteral("an error"));
    }
    co_return fail(FailureKind::Malformed,
                   QStringLiteral("Nothing that can be watched was found at %1%2. Give the "
                                  "address of an orchestrator or of a Prometheus text page.")
                       .arg(shown(base), answers));
}

Outcome<QString> AutoSource::recognise(const HttpReply& reply) const {
    QString best;
    double bestScore = 0;
    for (const SourceDescriptor& kind : m_kinds) {
        const double score = kind.recognises(reply);
        if (score > bestScore) {
            bestScore = score;
            best = kind.kind;
        }
    }
    if (bestScore < sureEnough)
        return fail(notKnownYet());
    return best;
}

Failure AutoSource::notKnownYet() const {
    return {FailureKind::Unsupported,
            QStringLiteral("It is not known yet what kind of source %1 is.")
                .arg(shown(m_context.config.url)),
            0,
            {},
            {},
            {}};
}

Task<Outcome<Inspection>> AutoSource::inspect(InstanceId id, std::stop_token stop) {
    if (!m_found)
        co_return fail(notKnownYet());
    auto seen = co_await m_found->inspect(std::move(id), std::move(stop));
    co_return seen;
}

Task<Outcome<QString>> AutoSource::act(Action action, InstanceId id, QString reason,
                                       QByteArray idempotencyKey, std::stop_token stop) {
    if (!m_found)
        co_return fail(notKnownYet());
    auto done = co_await m_found->act(action, std::move(id), std::move(reason),
                                      std::move(idempotencyKey), std::move(stop));
    co_return done;
}

const Endpoint& AutoSource::endpoint() const {
    return m_found ? m_found->endpoint() : m_endpoint;
}

} // namespace vigie
