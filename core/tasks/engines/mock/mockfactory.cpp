#include "core/tasks/engines/mock/mockfactory.h"

#include "core/resilience/errorclass.h"

namespace vigie {

namespace {

Failure failureOf(FailureKind kind, ErrorClass errorClass, QString message) {
    Failure failure;
    failure.kind = kind;
    failure.message = std::move(message);
    failure.code = QString::fromLatin1(toString(errorClass));
    return failure;
}

} // namespace

Task<Outcome<QString>> MockFactory::generate(EngineRequest request, std::stop_token stop) {
    const quint64 number = ++m_requests;
    const auto every = [number](int count) {
        return count > 0 && number % static_cast<quint64>(count) == 0;
    };
    // One throw for each request, whatever the plan says: equal seeds give equal runs.
    const bool unlucky = std::uniform_real_distribution<>(0, 1)(m_die) < m_options.failRate;
    const bool fails = every(m_options.failEvery) || unlucky;
    const bool slow = !fails && every(m_options.slowEvery);
    const Duration work = fails ? m_options.failAfter : slow ? m_options.slow : m_options.normal;
    const bool finished = co_await sleepFor(m_clock, work, std::move(stop));
    if (!finished) {
        ++m_cancelled;
        co_return fail(failureOf(FailureKind::Cancelled, ErrorClass::Cancelled,
                                 QStringLiteral("request %1 was cancelled").arg(number)));
    }
    if (fails) {
        co_return fail(failureOf(FailureKind::ServerError, ErrorClass::Overloaded,
                                 QStringLiteral("request %1: GPU kernel overload").arg(number)));
    }
    co_return QStringLiteral("simulated answer %1 to: %2").arg(number).arg(request.prompt);
}

} // namespace vigie
