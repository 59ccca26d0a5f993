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

} // namespace

GuardedProvider::GuardedProvider(Clock& clock, std::unique_ptr<Provider> inner,
                                 CircuitOptions options, bool enabled)
    : m_clock(clock), m_inner(std::move(inner)), m_view(clock),
      m_breaker(std::move(options), [this](const CircuitEvent& event) {
          if (event.transition)
              m_view.note(*event.transition);
      }) {
    if (!enabled)
        m_breaker.force(CircuitMode::Disabled, clock.now(), "switched off by configuration",
                        "configuration");
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
    return m_view.of(m_breaker.snapshot(m_clock.now()));
}

} // namespace vigie
