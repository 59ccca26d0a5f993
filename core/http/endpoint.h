#pragma once

#include "core/http/httpclient.h"
#include "core/model/breaker.h"
#include "core/resilience/sharedcalls.h"
#include "core/telemetry/histogram.h"

#include <QString>

#include <functional>
#include <memory>

namespace vigie {

class ErrorClassifier;
struct Profile;

/// How an Endpoint calls: a resilience profile of seeds.md.
struct EndpointOptions {
    QString name;        ///< names the breaker: "orchestrator:paris"
    int maxAttempts = 3; ///< total calls
    Duration firstDelay = std::chrono::milliseconds(500);
    double backoffFactor = 2;
    Duration maxDelay = std::chrono::seconds(10);
    double jitter = 0.2;                                 ///< +- share of each delay
    Duration overallDeadline = std::chrono::seconds(30); ///< all attempts and waits
    int breakerFailures = 5;  ///< consecutive failures that open the breaker
    int breakerSuccesses = 1; ///< half-open successes that close it
    Duration openFor = std::chrono::seconds(30);
    bool resilienceEnabled = true; ///< RESILIENCE_ENABLED: false lets calls pass through, visibly
    bool breakerEnabled = true;    ///< CIRCUIT_BREAKER_ENABLED
    /// Reads an answer >= 400 into a Failure; `what` names the call ("GET http://..."). Empty:
    /// failureFromReply(). A service whose error bodies have a shape of their own gives its codec.
    std::function<Failure(const HttpReply& reply, const QString& what)> failureOf{};
    /// Says of which class a failure is and what that means; null: as it is built in.
    std::shared_ptr<const ErrorClassifier> classifier{};
    /// A profile as data in place of the numbers above, of which only the overall deadline holds,
    /// where the profile has none. Single attempts keep the deadline of their request.
    std::shared_ptr<const Profile> profile{};
    /// Of one attempt: with it the overall deadline grows with the attempts that a newer version of
    /// the profile allows. Zero: it stays as it is.
    Duration callTimeout{};
    SharedCalls shared{}; ///< with the other calls of the program
};

/// Room for every attempt of a profile and the longest waits between them.
Duration roomFor(const Profile& profile, Duration callTimeout);

/// One remote peer behind the engine: every call goes through a pipeline of retry with jitter and
/// circuit breaker, under a deadline, and its latency is recorded. Belongs to one thread.
class Endpoint {
public:
    Endpoint(Clock& clock, HttpClient& client, EndpointOptions options);
    ~Endpoint();
    Endpoint(const Endpoint&) = delete;
    Endpoint& operator=(const Endpoint&) = delete;

    /// Sends through the pipeline. Statuses >= 400 come back as Failure (failureFromReply), 304 and
    /// other < 400 as a reply. Network errors, time-outs, 5xx and 429 count for the breaker and are
    /// retried when request.safeToRepeat(); 4xx are neither.
    Task<Outcome<HttpReply>> call(HttpRequest request, std::stop_token stop);

    /// What the breaker looks like now; reading changes nothing.
    Breaker breaker() const;
    /// Latency of single attempts, successful or not, since the start.
    const Histogram& latency() const;
    quint64 retries() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace vigie
