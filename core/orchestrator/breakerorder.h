#pragma once

#include "core/model/action.h"
#include "core/model/breaker.h"

namespace vigie {

/// A mode that a person imposed on a circuit breaker. Each is a row of the action log that is in
/// progress as long as the order stands, so that it survives a restart and holds on every replica.
struct BreakerOrder {
    QString breaker;
    BreakerMode state = BreakerMode::ForcedOpen; ///< one that can be imposed
    QString reason;
    std::optional<WallTime> until;
};

/// ForcedOpen, ForcedClosed, Disabled or MetricsOnly.
bool canBeImposed(BreakerMode mode);

/// Whether this row is one; such rows stay in progress on purpose.
bool isBreakerOrder(const ActionLog& row);
/// What goes into the row's request_payload.
QByteArray encodeBreakerOrder(const BreakerOrder& order);
/// The same of a row that ends an override.
QByteArray encodeBreakerRelease(const QString& breaker, const QString& reason);
/// Nothing for a row that is none, or that this version can't read.
std::optional<BreakerOrder> decodeBreakerOrder(const ActionLog& row);

} // namespace vigie
