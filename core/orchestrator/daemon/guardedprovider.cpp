#include "core/orchestrator/daemon/guardedprovider.h"

#include "core/base/timeformat.h"

namespace vigie {

namespace {

// A provider that answers "no" is well; one that cannot answer is not.
bool countsAsFailure(FailureKind kind) {
    switch (kind) {
    case FailureKind::Timeout:
    case FailureKind::Network:
    case FailureKind::Tls:
    case FailureKind::OutcomeUnknown:
    case FailureKind::Overloaded:
    case FailureKind::RateLimited:
    case FailureKind::ServerError:
    case FailureKind::Malformed:
    case FailureKind::TooLarge:
    case FailureKind::Storage:
    case FailureKind::Internal:
        return true;
    default:
        return false;
    }
}

Failure refusal(const QString& name, const CircuitPermit& permit) {
    Failure failure{FailureKind::BreakerOpen, {}, 0, permit.retryAfter(), {}, {}};
    failure.message = QStringLiteral("the circuit breaker %1 is open; %2")
                          .arg(name, failure.retryAfter ? QStringLiteral("it tries again in ") +
                                                              humanDuration(*failure.retryAfter)
                                                        : QStringLiteral("a person holds it open"));
    return failure;
}

BreakerMode modeOf(CircuitMode mode) {
    switch (mode) {
    case CircuitMode::Closed:
        return BreakerMode::Closed;
    case CircuitMode::HalfOpen:
        return BreakerMode::HalfOpen;
    case CircuitMode::Open:
        return BreakerMode::Open;
    case CircuitMode::ForcedOpen:
        return BreakerMode::ForcedOpen;
    case CircuitMode::ForcedClosed:
        return BreakerMode::ForcedClosed;
    case CircuitMode::Disabled:
        return BreakerMode::Disabled;
    case CircuitMode::MetricsOnly:
        break;
    }
    return BreakerMode::MetricsOnly;
}

} // namespace

GuardedProvider::GuardedProvider(Clock& clock, std::unique_ptr<Provider> inner,
                                 CircuitOptions options, bool enabled)
    : m_clock(clock), m_inner(std::move(inner)), m_breaker(std::move(options)) {
    if (!enabled)
        m_breaker.force(CircuitMode::Disabled, clock.now(), "switched off by configuration");
}

template <typename T, typename Call>
Task<Outcome<T>> GuardedProvider::through(Call call) {
    CircuitPermit permit = m_breaker.acquire(m_clock.now());
    if (!permit)
        co_return fail(refusal(QString::fromStdString(m_breaker.name()), permit));
    Outcome<T> result = co_await call();
    if (result ||
        (!countsAsFailure(result.error().kind) && result.error().kind != FailureKind::Cancelled))
        permit.succeed(m_clock.now());
    else if (result.error().kind == FailureKind::Cancelled)
        permit.drop(m_clock.now());
    else
        permit.fail(m_clock.now(), result.error().message.toStdString());
    co_return result;
}

Task<Outcome<Machine>> GuardedProvider::create(CreateMachine request, std::stop_token stop) {
    return through<Machine>([inner = m_inner.get(), request = std::move(request), stop] {
        return inner->create(request, stop);
    });
}

Task<Outcome<void>> GuardedProvider::command(MachineCommand command, std::stop_token stop) {
    return through<void>([inner = m_inner.get(), command = std::move(command), stop] {
        return inner->command(command, stop);
    });
}

Task<Outcome<Machine>> GuardedProvider::describe(MachineId id, std::stop_token stop) {
    return through<Machine>(
        [inner = m_inner.get(), id, stop] { return inner->describe(id, stop); });
}

Task<Outcome<std::vector<Machine>>> GuardedProvider::machines(QString tag, std::stop_token stop) {
    return through<std::vector<Machine>>(
        [inner = m_inner.get(), tag, stop] { return inner->machines(tag, stop); });
}

Task<Outcome<std::vector<MachineVolume>>> GuardedProvider::volumes(QString clusterTag,
                                                                   std::stop_token stop) {
    return through<std::vector<MachineVolume>>(
        [inner = m_inner.get(), clusterTag, stop] { return inner->volumes(clusterTag, stop); });
}

Task<Outcome<void>> GuardedProvider::deleteVolume(QString volumeId, std::stop_token stop) {
    return through<void>(
        [inner = m_inner.get(), volumeId, stop] { return inner->deleteVolume(volumeId, stop); });
}

Breaker GuardedProvider::breaker() const {
    const MonotonicTime now = m_clock.now();
    const WallTime wallNow = m_clock.wallNow();
    const CircuitSnapshot snapshot = m_breaker.snapshot(now);
    const auto wall = [&](MonotonicTime at) {
        return wallNow + std::chrono::round<std::chrono::milliseconds>(at - now);
    };
    Breaker breaker;
    breaker.name = QString::fromStdString(snapshot.options.name);
    breaker.computed = modeOf(snapshot.computed);
    breaker.effective = modeOf(snapshot.effective);
    breaker.failureThreshold = snapshot.options.consecutiveFailures;
    breaker.waitDurationInOpenState = snapshot.options.waitDurationInOpenState;
    breaker.permittedCallsInHalfOpen = snapshot.options.permittedNumberOfCallsInHalfOpenState;
    breaker.calls = snapshot.calls;
    breaker.failures = snapshot.failures;
    breaker.slow = snapshot.slow;
    breaker.consecutiveFailures = snapshot.consecutiveFailures;
    breaker.failureRate = snapshot.failureRate;
    breaker.slowRate = snapshot.slowRate;
    breaker.notPermitted = static_cast<qint64>(snapshot.notPermitted);
    if (snapshot.openedAt)
        breaker.openedAt = wall(*snapshot.openedAt);
    if (snapshot.nextAttemptAt)
        breaker.nextAttemptAt = wall(*snapshot.nextAttemptAt);
    for (const CircuitTransition& transition : snapshot.transitions) {
        breaker.transitions.push_back({wall(transition.at), modeOf(transition.from),
                                       modeOf(transition.to),
                                       QString::fromStdString(transition.cause)});
    }
    return breaker;
}

} // namespace vigie
