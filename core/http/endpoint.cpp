#include "core/http/endpoint.h"

#include "core/base/timeformat.h"
#include "core/calls/callrunner.h"
#include "core/errors/classify.h"
#include "core/http/breakerview.h"
#include "core/http/networkfailure.h"
#include "core/http/traceheaders.h"
#include "core/resilience/profilesource.h"

#include <algorithm>

namespace vigie {

namespace {

/// The engine's class of a failure of this call.
ErrorClass classOf(const Failure& failure, const ErrorClassifier& classifier) {
    if (failure.httpStatus == 408)
        return ErrorClass::InvalidRequest; // the server found our request too slow: a 4xx like
                                           // others
    if (failure.kind == FailureKind::Invalid && !failure.httpStatus)
        return ErrorClass::Internal; // never sent: a mistake of ours, not the peer's
    return classify(failure, classifier);
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

/// The numbers of the options, as a profile.
Profile ownProfile(const EndpointOptions& options) {
    Profile profile;
    profile.name = "endpoint";
    profile.circuit = circuitOptions(options);
    profile.retry.maxAttempts = std::clamp(options.maxAttempts, 1, 1000);
    BackoffOptions& backoff = profile.retry.backoff;
    backoff.first = std::max(options.firstDelay, Duration::zero());
    backoff.factor = std::clamp(options.backoffFactor, 1.0, 1000.0);
    backoff.max = std::max(options.maxDelay, Duration::zero());
    backoff.share = std::clamp(options.jitter, 0.0, 1.0);
    profile.order = {Strategy::Retry, Strategy::CircuitBreaker};
    return profile;
}

Profile profileOf(const EndpointOptions& options, const Profile* newer = nullptr) {
    Profile profile = newer ? *newer : options.profile ? *options.profile : ownProfile(options);
    // HttpClient keeps the deadline of a single attempt and aborts the request then.
    std::erase(profile.order, Strategy::Timeout);
    const Duration asked = newer && options.callTimeout > Duration::zero()
                               ? roomFor(profile, options.callTimeout)
                               : options.overallDeadline;
    if (profile.retry.overallDeadline <= Duration::zero())
        profile.retry.overallDeadline = std::max(asked, Duration::zero());
    if (!profile.circuit)
        return profile;
    profile.circuit->name = options.name.toStdString();
    return profile;
}

std::shared_ptr<const ErrorClassifier> classifierOf(const EndpointOptions& options) {
    return options.classifier ? options.classifier : std::make_shared<const ErrorClassifier>();
}

} // namespace

Duration roomFor(const Profile& profile, Duration callTimeout) {
    return profile.retry.maxAttempts * (callTimeout + profile.retry.backoff.max);
}

class Endpoint::Private {
public:
    Private(Clock& c, HttpClient& h, EndpointOptions o)
        : clock(c), client(h), options(std::move(o)), view(c),
          pipeline(std::make_shared<Pipeline>(options.name.toStdString(), profileOf(options),
                                              parts(), clock.now())),
          runner(clock, pipeline, [classifier = classifierOf(options)](const Failure& failure) {
              return classOf(failure, *classifier);
          }) {}

    Task<Outcome<HttpReply>> call(HttpRequest request, std::stop_token stop);
    Task<Outcome<HttpReply>> attempt(HttpRequest request, CallContext context);
    Failure refusal(const HttpRequest& request, std::optional<Duration> retryAfter) const;
    void takeNewestProfile();

    Clock& clock;
    HttpClient& client;
    const EndpointOptions options;
    BreakerView view;
    Histogram latency;
    quint64 retries = 0;
    std::shared_ptr<Pipeline> pipeline;
    CallRunner runner;
    std::shared_ptr<const ProfileSet> profiles; ///< that were in force at the last call

private:
    PipelineParts parts() {
        PipelineParts parts;
        parts.listener = options.shared.listener;
        parts.faults = options.shared.faults;
        parts.circuits = options.shared.circuits;
        parts.circuitListener = [this](const CircuitEvent& event) {
            if (event.transition)
                view.note(*event.transition);
        };
        if (options.classifier)
            parts.traits = [classifier = options.classifier](ErrorClass errorClass) {
                return classifier->traits(errorClass);
            };
        parts.enabled = options.resilienceEnabled;
        parts.circuitEnabled = options.breakerEnabled;
        return parts;
    }
};

void Endpoint::Private::takeNewestProfile() {
    if (!options.shared.profiles || !options.profile)
        return;
    auto newest = options.shared.profiles->current();
    if (newest == profiles)
        return;
    profiles = std::move(newest);
    if (const Profile* mine = profiles->find(options.profile->name))
        pipeline->reload(profileOf(options, mine), clock.now());
}

Task<Outcome<HttpReply>> Endpoint::Private::call(HttpRequest request, std::stop_token stop) {
    takeNewestProfile();
    beginTrace(request); // one for all attempts
    CallOptions asks;
    asks.stop = std::move(stop);
    asks.idempotent = request.safeToRepeat();
    CallFunction<HttpReply> once = [this, request](CallContext context) {
        return attempt(request, std::move(context));
    };
    Task<Outcome<HttpReply>> running = runner.run<HttpReply>(std::move(once), std::move(asks));
    Outcome<HttpReply> outcome = co_await running;
    if (!outcome && outcome.error().kind == FailureKind::BreakerOpen)
        co_return fail(refusal(request, outcome.error().retryAfter));
    if (!outcome && outcome.error().kind == FailureKind::Cancelled)
        co_return fail(callFailure(FailureKind::Cancelled, request,
                                   QStringLiteral("was cancelled before it was answered")));
    co_return outcome;
}

Task<Outcome<HttpReply>> Endpoint::Private::attempt(HttpRequest request, CallContext context) {
    const MonotonicTime start = clock.now();
    retries += context.attempt > 1 ? 1 : 0;
    if (context.deadline != CallContext::Time::max())
        request.deadline = std::min<Duration>(request.deadline, context.deadline - start);
    const QString what =
        QString::fromLatin1(request.method) + QLatin1Char(' ') + shownUrl(request.url);
    Outcome<HttpReply> outcome = co_await client.send(std::move(request), std::move(context.stop));
    if (outcome && outcome->status >= 400)
        outcome = fail(options.failureOf ? options.failureOf(*outcome, what)
                                         : failureFromReply(*outcome, what));
    const bool saysNothing =
        !outcome && (outcome.error().kind == FailureKind::Cancelled ||
                     (outcome.error().kind == FailureKind::Invalid && !outcome.error().httpStatus));
    if (!saysNothing)
        latency.record(clock.now() - start);
    if (outcome)
        outcome->attempts = context.attempt;
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
    return d->view.of(d->pipeline->circuit()->snapshot(d->clock.now()));
}

const Histogram& Endpoint::latency() const {
    return d->latency;
}

quint64 Endpoint::retries() const {
    return d->retries;
}

} // namespace vigie
