#pragma once

#include "core/orchestrator/actions/operations.h"

#include <QByteArray>

namespace vigie {

/// POST /actions/plan.
QByteArray encodePlan(const OperationDesk::Plan& plan);

/// GET /actions/{operation_id}; without items as GET /actions lists it.
QByteArray encodeOperation(const ActionOperation& operation, bool withItems);

/// 202 of POST /actions.
QByteArray encodeStarted(const ActionOperation& operation);

/// {error: "guard_blocked", guard, message}.
QByteArray encodeGuardBlocked(const QString& guard, const QString& message);

} // namespace vigie
