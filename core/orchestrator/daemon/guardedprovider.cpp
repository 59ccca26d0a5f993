#include "core/orchestrator/daemon/guardedprovider.h"

#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/errors/classify.h"
#include "core/orchestrator/backoff.h"

namespace vigie {

namespace {

const QString providerLog = QStringLiteral("provider");

// A provider that answers "no" is well; one that cannot answer is not, whatever keeps it from it.
ErrorClass classOf(const Failure& failure, const ErrorClassifier& classifier) {
    if (isOutOfStock(failure))
        return ErrorClass::Conflict; // also where it comes as a 503
    switch (failure.kind) {
    case FailureKind::Overloaded:
        return ErrorClass::Overloaded;
    case FailureKind::Internal:
    case FailureKind::Unauthorized: // as good as away: nothing at all can be done there
    case FailureKind::Forbidden:
        return ErrorClass::Unknown;
    default:
        return classify(failure, classifier);
    }
}

Failure refusal(const std::string& name, std::optional<Duration> retryAfter) {
    Failure failure{FailureKind::BreakerOpen, {}, 0, retryAfter, {}, {}};
    failure.message =
        QStringLiteral("the circuit breaker %1 is open; %2")
            .arg(QString::fromStdString(name),
                 retryAfter ? QStringLiteral("it tries again in ") + humanDuration(*retryAfter)
                            : QStringLiteral("a person holds it open"));
    return failure;
}

/// A look that is part of an order; the many that are not would drown it.
void tellLook(const QString& what, const CallToken& token) {
    if (!token.correlationId().isEmpty())
        logDebug(providerLog, what, token.correlationId());
}

} // namespace

GuardedProvider::GuardedProvider(Clock& clock, std::unique_ptr<Provider> inner, DaemonCalls& calls)
    : m_inner(std::move(inner)), m_calls(calls),
      m_runner(clock, calls.provider(m_inner->code()),
               [&calls](const Failure& failure) { return classOf(failure, calls.classifier()); }) {
    // Asked again there: a process that was stopped on the way goes on as if no time had passed.
    m_inner->askBeforeEachOrder([this] { return refusalNow(); });
}

template <typename T>
Task<Outcome<T>> GuardedProvider::through(std::function<Task<Outcome<T>>(std::stop_token)> call,
                                          CallToken token, bool idempotent) {
    CallOptions options;
    options.correlationId = token.correlationId().toStdString();
    options.stop = token.stop();
    options.idempotent = idempotent;
    CallFunction<T> once = [call = std::move(call)](CallContext context) {
        return call(std::move(context.stop));
    };
    Task<Outcome<T>> running = m_runner.run<T>(std::move(once), std::move(options));
    Outcome<T> outcome = co_await running;
    if (!outcome && outcome.error().kind == FailureKind::BreakerOpen)
        co_return fail(refusal(m_runner.pipeline().key(), outcome.error().retryAfter));
    co_return outcome;
}

std::optional<Failure> GuardedProvider::refusalNow() const {
    if (const QString why = m_untouched ? m_untouched() : QString(); !why.isEmpty())
        return Failure{FailureKind::Conflict, why, 0, {}, QStringLiteral("store_restored"), {}};
    if (!m_allowed || m_allowed())
        return std::nullopt;
    return Failure{FailureKind::Cancelled,
                   QStringLiteral("our lease at the store has ended; others may be doing this"),
                   0,
                   {},
                   QStringLiteral("lease_lost"),
                   {}};
}

Task<Outcome<Machine>> GuardedProvider::create(CreateMachine request, std::stop_token stop) {
    if (const auto refused = refusalNow())
        return [](Failure failure) -> Task<Outcome<Machine>> {
            co_return fail(std::move(failure));
        }(*refused);
    const QString work = request.boot.correlationId;
    logInfo(providerLog, QStringLiteral("creating the machine %1").arg(request.tag), work);
    return through<Machine>([inner = m_inner.get(), request = std::move(request)](
                                std::stop_token s) { return inner->create(request, std::move(s)); },
                            CallToken(std::move(stop), work), false);
}

Task<Outcome<void>> GuardedProvider::command(MachineCommand command, std::stop_token stop) {
    if (const auto refused = refusalNow())
        return [](Failure failure) -> Task<Outcome<void>> {
            co_return fail(std::move(failure));
        }(*refused);
    const QString work = command.correlationId;
    logInfo(providerLog,
            QStringLiteral("%1 of machine %2").arg(toString(command.kind), command.machine.value()),
            work);
    return through<void>([inner = m_inner.get(), command = std::move(command)](
                             std::stop_token s) { return inner->command(command, std::move(s)); },
                         CallToken(std::move(stop), work), false);
}

Task<Outcome<Machine>> GuardedProvider::describe(MachineId id, CallToken stop) {
    tellLook(QStringLiteral("asking about the machine ") + id.value(), stop);
    return through<Machine>(
        [inner = m_inner.get(), id, work = stop.correlationId()](std::stop_token s) {
            return inner->describe(id, CallToken(std::move(s), work));
        },
        stop, true);
}

Task<Outcome<std::vector<Machine>>> GuardedProvider::machines(QString tag, CallToken stop) {
    tellLook(QStringLiteral("listing the machines with ") + tag, stop);
    return through<std::vector<Machine>>(
        [inner = m_inner.get(), tag, work = stop.correlationId()](std::stop_token s) {
            return inner->machines(tag, CallToken(std::move(s), work));
        },
        stop, true);
}

Task<Outcome<std::vector<MachineVolume>>> GuardedProvider::volumes(QString clusterTag,
                                                                   CallToken stop) {
    tellLook(QStringLiteral("listing the volumes with ") + clusterTag, stop);
    return through<std::vector<MachineVolume>>(
        [inner = m_inner.get(), clusterTag, work = stop.correlationId()](std::stop_token s) {
            return inner->volumes(clusterTag, CallToken(std::move(s), work));
        },
        stop, true);
}

Task<Outcome<bool>> GuardedProvider::hasVolume(QString volumeId, CallToken stop) {
    tellLook(QStringLiteral("asking for the volume ") + volumeId, stop);
    return through<bool>(
        [inner = m_inner.get(), volumeId, work = stop.correlationId()](std::stop_token s) {
            return inner->hasVolume(volumeId, CallToken(std::move(s), work));
        },
        stop, true);
}

Task<Outcome<void>> GuardedProvider::deleteVolume(QString volumeId, CallToken stop) {
    if (const auto refused = refusalNow())
        return [](Failure failure) -> Task<Outcome<void>> {
            co_return fail(std::move(failure));
        }(*refused);
    logInfo(providerLog, QStringLiteral("deleting the volume %1").arg(volumeId),
            stop.correlationId());
    return through<void>(
        [inner = m_inner.get(), volumeId, work = stop.correlationId()](std::stop_token s) {
            return inner->deleteVolume(volumeId, CallToken(std::move(s), work));
        },
        stop, true);
}

Task<Outcome<void>> GuardedProvider::syncCatalog(CallToken stop) {
    tellLook(QStringLiteral("reading the catalogue"), stop);
    return through<void>(
        [inner = m_inner.get(), work = stop.correlationId()](std::stop_token s) {
            return inner->syncCatalog(CallToken(std::move(s), work));
        },
        stop, true);
}

Breaker GuardedProvider::breaker() const {
    return m_calls.breaker(m_runner.pipeline());
}

} // namespace vigie
