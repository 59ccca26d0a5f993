#pragma once

#include "core/tasks/health/healthmonitor.h"

#include <QByteArray>

namespace vigie {

/// {status, components: [{name, status, critical, success_rate, checks, consecutive_failures,
/// message, latency_ms, checked_at, changed_at}]}, the rest null until the first check.
QByteArray encodeHealth(const HealthReport& report);

} // namespace vigie
