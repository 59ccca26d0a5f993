#pragma once

#include "core/base/outcome.h"
#include "core/model/instance.h"

#include <span>
#include <vector>

namespace vigie {

/// `[{id, instance_id, from_status, to_status, reason, metadata, created_at}]` of
/// GET /instances/{id}/history.
QByteArray encodeHistory(std::span<const StateChange> history);
/// In the order it came; rows without a time are left out. Malformed when `body` is no array.
Outcome<std::vector<StateChange>> decodeHistory(const QByteArray& body);

} // namespace vigie
