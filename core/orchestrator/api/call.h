#pragma once

#include "core/base/outcome.h"
#include "core/http/httpserver.h"
#include "core/orchestrator/api/role.h"
#include "core/orchestrator/controlplane.h"

#include <QHash>

#include <stop_token>

namespace vigie {

/// Who calls: a token's name and role.
struct Caller {
    QString name;
    Role role = Role::Viewer;
};

/// One call of the API that was routed and admitted.
struct Call {
    ServerRequest request;
    QHash<QString, QString> parameters; ///< of the path template, by name
    Caller caller;
    QString correlationId;
    QByteArray idempotencyKey; ///< empty: none was sent
    std::stop_token stop;
    /// Our part of the caller's trace; nothing when it sent none that is valid.
    std::optional<TraceContext> trace;

    QString traceId() const; ///< empty without a trace
    /// The `{id}` of the path as a lower-case UUID; Invalid with a sentence when it is none.
    Outcome<InstanceId> instanceId() const;
};

/// Who asks for a manual action, with the reason of the X-Vigie-Reason header (percent-encoded
/// UTF-8) or of a JSON body's `reason`. Invalid when the reason can't be read.
Outcome<Asker> askerOf(const Call& call);

/// The same of a call whose body may hold a reason and nothing else.
Outcome<Asker> askerWithReason(const Call& call);

/// `text` when it can serve as a correlation id (1..128 letters, digits, '.', '_', ':', '-').
std::optional<QString> validCorrelationId(const QByteArray& text);

} // namespace vigie
