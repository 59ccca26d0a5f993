#include "core/store/postgres/serveraccess.h"

#include "core/base/log.h"

namespace vigie::stores::postgres {

namespace {

using namespace std::chrono_literals;

CircuitOptions accessOptions() {
    CircuitOptions options;
    options.name = "store:postgresql";
    options.consecutiveFailures = 1;         // a connection that can't be made says it all
    options.waitDurationInOpenState = 100ms; // a server that starts anew is back within seconds
    options.waitDurationFactor = 2;
    options.maxWaitDurationInOpenState = 5s;
    options.maxWaitDurationInHalfOpenState = 30s;
    options.healthySpell = 10s;
    return options;
}

void tellTransition(const CircuitEvent& event) {
    if (!event.transition)
        return;
    const CircuitTransition& moved = *event.transition;
    const bool worse = moved.to == CircuitMode::Open || moved.to == CircuitMode::ForcedOpen;
    log(worse ? LogLevel::Warning : LogLevel::Debug, QStringLiteral("resilience"),
        QStringLiteral("store:postgresql: %1 to %2 (%3)")
            .arg(QLatin1String(toString(moved.from)), QLatin1String(toString(moved.to)),
                 QString::fromStdString(moved.cause)));
}

} // namespace

ServerAccess::ServerAccess()
    : m_circuit(accessOptions(), tellTransition),
      m_why{FailureKind::Storage,
            QStringLiteral("The database is not asked: a person holds its circuit breaker open."),
            0,
            {},
            QStringLiteral("database_away"),
            {}} {}

void ServerAccess::failed(const Failure& why) {
    const std::lock_guard lock(m_mutex);
    m_why = why;
}

Failure ServerAccess::why() const {
    const std::lock_guard lock(m_mutex);
    return m_why;
}

} // namespace vigie::stores::postgres
