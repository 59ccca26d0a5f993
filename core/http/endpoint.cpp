#include "core/http/endpoint.h"

#include "core/base/timeformat.h"
#include "core/http/breakerview.h"
#include "core/http/networkfailure.h"
#include "core/resilience/circuitbreaker.h"
#include "core/resilience/retrypolicy.h"

#include <QRandomGenerator>

#include <algorithm>

namespace vigie {

namespace {

/// Says something about the health of the peer: counts for the breaker, and passes perhaps.
bool isTrouble(const Failure& failure) {
    switch (failure.kind) {
    case FailureKind::Timeout:
    case FailureKind::Network:
    case FailureKind::OutcomeUnknown:
    case FailureKind::ServerError:
    case FailureKind::RateLimited:
        return failure.httpStatus != 408; // a client error like the other 4xx
    case FailureKind::Malformed:
        return failure.code == QLatin1String("truncated");
    default:
        return false;
    }
}

/// The peer is no use, but trying again at once won't change that.
bool isLastingTrouble(const Failure& failure) {
    return failure.kind == FailureKind::Tls || failure.kind == FailureKind::TooLarge ||
           (failure.kind == FailureKind::Malformed && !isTrouble(failure));
}

CircuitOptions circuitOptions(const EndpointOptions& options) {
    CircuitOptions circuit;
    circuit.name = options.name.toStdString();
    circuit.consecutiveFailures = std::max(options.breakerFailures, 0);
    circuit.successesToClose = std::max(options.breakerSuccesses, 1);
    circuit.waitDurationInOpenState = std::max<Duration>(options.openFor, Duration(1));
    // A trial has come back by then: its own deadline is shorter.
    circuit.maxWaitDurationInHalfOpenState =
        std::max<Duration>(2 * options.overallDeadline, std::chrono::seconds(60));
    return circuit;
}

RetryOptions retryOptions(const EndpointOptions& options) {
    RetryOptions retry;
    retry.maxAttempts = options.resilienceEnabled ? std::max(options.maxAttempts, 1) : 1;
    retry.overallDeadline = options.overallDeadline;
    retry.backoff.first = options.firstDelay;
    retry.backoff.factor = options.backoffFactor;
    retry.backoff.max = options.maxDelay;
    retry.backoff.share = options.jitter;
    return retry;
}

} // namespace

class Endpoint::Private {
public:
    Private(Clock& c, HttpClient& h, EndpointOptions o)
        : clock(c), client(h), options(std::move(o)), view(c),
          breaker(circuitOptions(options), [this](const CircuitEvent& event) {
              if (event.transition)
                  view.note(*event.transition);
          }) {
        if (!options.resilienceEnabled || !options.breakerEnabled)
            breaker.force(CircuitMode::Disabled, clock.now(), "switched off by configuration");
    }

    Task<Outcome<HttpReply>> call(HttpRequest request, std::stop_token stop);
    Task<Outcome<HttpReply>> attempt(HttpRequest request, std::stop_token stop);
    Failure refusal(const HttpRequest& request, std::optional<Duration> retryAfter) const;

    Clock& clock;
    HttpClient& client;
    const EndpointOptions options;
    BreakerView view;
    CircuitBreaker breaker;
    Histogram latency;
    quint64 retries = 0;
};

/// Retry, circuit breaker, time-out, call: outermost first.
Task<Outcome<HttpReply>> Endpoint::Private::call(HttpRequest request, std::stop_token stop) {
    RetryPolicy policy(retryOptions(options), clock.now(),
                       QRandomGenerator::global()->generate64());
    const Duration attemptDeadline = request.deadline;
    for (;;) {
        if (const auto left = policy.remaining(clock.now()))
            request.deadline = std::min<Duration>(attemptDeadline, *left);
        HttpRequest once = request;
        Outcome<HttpReply> outcome = co_await attempt(std::move(once), stop);
        if (outcome) {
            outcome->attempts = policy.calls() + 1;
            co_return outcome;
        }
        const Failure& failure = outcome.error();
        const AttemptResult result{isTrouble(failure) && request.safeToRepeat(),
                                   failure.kind == FailureKind::BreakerOpen, failure.retryAfter};
        const auto decision = policy.afterFailure(result, clock.now());
        if (!decision.wait)
            co_return outcome;
        const Duration wait = *decision.wait;
        const bool waited = co_await sleepFor(clock, wait, stop);
        if (!waited)
            co_return fail(callFailure(FailureKind::Cancelled, request,
                                       QStringLiteral("was cancelled while waiting to try again")));
        retries += result.refused ? 0 : 1;
    }
}

Task<Outcome<HttpReply>> Endpoint::Private::attempt(HttpRequest request, std::stop_token stop) {
    const MonotonicTime start = clock.now();
    CircuitPermit permit = breaker.acquire(start);
    if (!permit)
        co_return fail(refusal(request, permit.retryAfter()));
    const QString what =
        QString::fromLatin1(request.method) + QLatin1Char(' ') + shownUrl(request.url);
    Outcome<HttpReply> outcome = co_await client.send(std::move(request), std::move(stop));
    const MonotonicTime end = clock.now();
    if (outcome && outcome->status >= 400)
        outcome = fail(options.failureOf ? options.failureOf(*outcome, what)
                                         : failureFromReply(*outcome, what));
    if (!outcome && (outcome.error().kind == FailureKind::Cancelled ||
                     (outcome.error().kind == FailureKind::Invalid && !outcome.error().httpStatus)))
        co_return outcome; // says nothing about the peer: the permit is dropped
    latency.record(end - start);
    if (!outcome && (isTrouble(outcome.error()) || isLastingTrouble(outcome.error())))
        permit.fail(end, outcome.error().message.toStdString());
    else
        permit.succeed(end);
    co_return outcome;
}

Failure Endpoint::Private::refusal(const HttpRequest& request,
                                   std::optional<Duration> retryAfter) const {
    const QString until = !retryAfter ? QStringLiteral("until it is released")
                          : *retryAfter > Duration::zero()
                              ? QStringLiteral("for another %1").arg(humanDuration(*retryAfter))
                              : QStringLiteral("but for the trial call under way");
    Failure failure = callFailure(
        FailureKind::BreakerOpen, request,
        QStringLiteral("not sent: the circuit breaker \"%1\" is open %2").arg(options.name, until));
    failure.retryAfter = retryAfter;
    return failure;
}

Endpoint::Endpoint(Clock& clock, HttpClient& client, EndpointOptions options)
    : d(std::make_unique<Private>(clock, client, std::move(options))) {}

Endpoint::~Endpoint() = default;

Task<Outcome<HttpReply>> Endpoint::call(HttpRequest request, std::stop_token stop) {
    return d->call(std::move(request), std::move(stop));
}

Breaker Endpoint::breaker() const {
    return d->view.of(d->breaker.snapshot(d->clock.now()));
}

const Histogram& Endpoint::latency() const {
    return d->latency;
}

quint64 Endpoint::retries() const {
    return d->retries;
}

} // namespace vigie
