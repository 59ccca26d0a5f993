#pragma once

#include "core/http/httpclient.h"
#include "core/model/action.h"

namespace vigie {

/// The request of part A that asks for `action`, its URL a path below the orchestrator's address.
/// The reason travels percent-encoded in X-Vigie-Reason. With an `idempotencyKey` the request may
/// be sent again when its outcome is unknown; an empty one is not sent.
HttpRequest actionRequest(Action action, const InstanceId& id, const QString& reason,
                          const QByteArray& idempotencyKey);

} // namespace vigie
