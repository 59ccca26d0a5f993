#pragma once

#include "core/sources/operationsource.h"

namespace vigie {

/// The body of POST /actions and, without a reason, of POST /actions/plan.
QByteArray encodeRemoteAction(Action action, const std::vector<InstanceId>& ids,
                              const QString& reason);

/// Malformed for a body that is no plan, no answer of a start, no operation.
Outcome<ActionPreview> decodeRemotePlan(const QByteArray& body);
Outcome<QString> decodeOperationId(const QByteArray& body);
Outcome<RemoteOperation> decodeRemoteOperation(const QByteArray& body);

} // namespace vigie
