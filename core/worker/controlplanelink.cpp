#include "core/worker/controlplanelink.h"

#include "core/http/traceheaders.h"
#include "core/model/heartbeatcodec.h"

#include <QHash>

namespace vigie {

namespace {

const QString registerPath = QStringLiteral("/internal/worker/register");
const QString heartbeatPath = QStringLiteral("/internal/worker/heartbeat");

/// By which the control plane's log knows the call as well.
QString traceIdOf(const HttpRequest& request) {
    return QString::fromStdString(request.trace->traceIdText());
}

/// What a person should know about a refused registration.
QString advice(const Failure& failure) {
    switch (failure.kind) {
    case FailureKind::Unauthorized:
    case FailureKind::Forbidden:
        return QStringLiteral("the bootstrap secret is not, or no longer, the one of this instance "
                              "(a reinstall makes a new one): check WORKER_AUTH_TOKEN");
    case FailureKind::NotFound:
        return QStringLiteral("the control plane does not know this instance: check INSTANCE_ID "
                              "and CONTROL_PLANE_URL");
    default:
        return {};
    }
}

} // namespace

ControlPlaneLink::ControlPlaneLink(Clock& clock, HttpClient& client, EventLog& events,
                                   LinkOptions options, std::function<Registration()> registration,
                                   std::function<Heartbeat()> beat,
                                   std::function<void(Duration)> beatTook)
    : m_clock(clock), m_calls(clock, client, "control-plane"), m_events(events),
      m_options(std::move(options)), m_registration(std::move(registration)),
      m_beat(std::move(beat)), m_beatTook(std::move(beatTook)) {}

void ControlPlaneLink::start() {
    stop();
    m_registered = false;
    m_token = m_options.secret;
    m_backoff.reset();
    m_scope = std::make_unique<TaskScope>();
    m_scope->spawn(run(m_scope->token()));
}

void ControlPlaneLink::stop() {
    m_scope.reset();
}

Task<> ControlPlaneLink::run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        const MonotonicTime begun = m_clock.now();
        Duration wait{};
        if (!m_registered) {
            const bool registered = co_await registerOnce(stop);
            wait = registered ? m_options.pauseAfterRegistering : retryDelay();
        } else {
            const bool accepted = co_await beatOnce(stop);
            // A beat that overran its interval leaves out what it missed.
            wait = m_options.interval - (m_clock.now() - begun) % m_options.interval;
            if (accepted) {
                m_backoff.reset();
            } else if (!m_registered) { // 401
                // At once, unless the last registration led here as well.
                const bool again = m_backoff.has_value();
                const Duration delay = retryDelay();
                wait = again ? delay : Duration::zero();
            }
        }
        if (wait > Duration::zero()) {
            const bool elapsed = co_await sleepFor(m_clock, wait, stop);
            if (!elapsed)
                co_return;
        }
    }
}

Task<bool> ControlPlaneLink::registerOnce(std::stop_token stop) {
    // The token of an earlier registration is of no use here: the secret proves who we are.
    m_token = m_options.secret;
    HttpRequest request = post(registerPath, encodeRegistration(m_registration()));
    if (!m_events.correlationId().isEmpty())
        request.headers.emplaceBack("X-Correlation-Id", m_events.correlationId().toLatin1());
    const QString traceId = traceIdOf(request);
    const Outcome<HttpReply> reply = co_await m_calls.send(std::move(request), stop);
    if (stop.stop_requested())
        co_return false;

    std::optional<Failure> failure;
    RegistrationAnswer answer;
    if (!reply) {
        failure = reply.error();
    } else if (reply->status >= 300) {
        failure = failureFromReply(*reply, QStringLiteral("POST ") + registerPath);
    } else if (!reply->body.isEmpty()) {
        auto decoded = decodeRegistrationAnswer(reply->body);
        if (decoded)
            answer = std::move(*decoded);
        else
            failure = decoded.error();
    }
    if (failure && failure->kind == FailureKind::Conflict) {
        // An orchestrator that hands out a token once: what we were given may be that very token.
        m_events.warn(QStringLiteral("register_conflict"),
                      QStringLiteral("the control plane has registered this worker already; going "
                                     "on with the token that was given (%1)")
                          .arg(failure->message),
                      traceId);
        m_registered = true;
        co_return true;
    }
    if (failure) {
        ++m_counts.failedRegistrations;
        const QString hint = advice(*failure);
        const QString text = QStringLiteral("registering at %1 failed: %2%3")
                                 .arg(m_options.controlPlane.toString(), failure->message,
                                      hint.isEmpty() ? QString() : QStringLiteral("; ") + hint);
        if (text != m_lastFailure)
            m_events.warn(QStringLiteral("register_failed"), text, traceId);
        m_lastFailure = text;
        co_return false;
    }
    if (!answer.bootstrapToken.isEmpty())
        m_token = answer.bootstrapToken;
    m_registered = true;
    ++m_counts.registrations;
    m_lastFailure.clear();
    m_events.info(QStringLiteral("registered"),
                  QStringLiteral("registered at %1").arg(m_options.controlPlane.toString()),
                  traceId);
    co_return true;
}

Task<bool> ControlPlaneLink::beatOnce(std::stop_token stop) {
    HttpRequest request = post(heartbeatPath, encodeHeartbeat(m_beat()));
    const QString traceId = traceIdOf(request);
    const MonotonicTime sent = m_clock.now();
    const Outcome<HttpReply> reply = co_await m_calls.send(std::move(request), stop);
    if (stop.stop_requested())
        co_return false;
    if (m_beatTook)
        m_beatTook(m_clock.now() - sent);
    if (!reply) {
        beatRefused(reply.error(), traceId);
        co_return false;
    }
    if (reply->status >= 300) {
        beatRefused(failureFromReply(*reply, QStringLiteral("POST ") + heartbeatPath), traceId);
        co_return false;
    }
    if (m_failedInRow > 0)
        m_events.info(QStringLiteral("heartbeat_recovered"),
                      QStringLiteral("heartbeats are accepted again after %1 that were not")
                          .arg(m_failedInRow));
    m_failedInRow = 0;
    m_lastFailure.clear();
    ++m_counts.accepted;
    m_lastAccepted = m_clock.now();
    co_return true;
}

void ControlPlaneLink::beatRefused(const Failure& failure, const QString& traceId) {
    ++m_counts.failed;
    ++m_failedInRow;
    if (failure.message != m_lastFailure)
        m_events.warn(QStringLiteral("heartbeat_failed"),
                      QStringLiteral("heartbeat not accepted: %1").arg(failure.message), traceId);
    m_lastFailure = failure.message;
    if (failure.kind == FailureKind::Unauthorized)
        m_registered = false;
}

HttpRequest ControlPlaneLink::post(const QString& path, QByteArray body) const {
    HttpRequest request;
    request.method = "POST";
    request.url = m_options.controlPlane;
    QString root = request.url.path();
    while (root.endsWith(QLatin1Char('/')))
        root.chop(1);
    request.url.setPath(root + path);
    request.headers = {{"Content-Type", "application/json"}};
    if (!m_token.isEmpty())
        request.headers.append({"Authorization", "Bearer " + m_token.toUtf8()});
    request.body = std::move(body);
    request.deadline = m_options.deadline;
    request.maxBodyBytes = 64 * 1024;
    // Beats without end would only fill a tracing system.
    request.trace = newTrace(path == registerPath);
    return request;
}

Duration ControlPlaneLink::retryDelay() {
    if (!m_backoff) {
        BackoffOptions options;
        options.first = m_options.firstRetry;
        options.max = m_options.lastRetry;
        options.share = 0.2;
        // A fleet that lost its control plane must not come back in step.
        m_backoff.emplace(options, qHash(m_registration().instanceId));
    }
    return m_backoff->next();
}

} // namespace vigie
