#pragma once

#include "core/tasks/health/healthmonitor.h"

#include <QByteArray>
#include <QHash>

namespace vigie {

/// {status, components: [{name, status, critical, error_rate, checks, consecutive_failures,
/// message, latency, breaker, last_check_at, changed_at}]}, the rest null until the first check.
/// `error_rate` is 0..1, `latency` seconds, `breaker` the state of the circuit breaker around the
/// component as `breakers` has it by the component's name.
QByteArray encodeHealth(const HealthReport& report, const QHash<QString, QString>& breakers = {});

} // namespace vigie
