#pragma once

#include "core/base/outcome.h"

namespace vigie::stores::postgres {

class Connection;

/// Makes this session the only one that writes: an advisory lock that the server ends with the
/// session, whatever becomes of us. It is held by the very session that writes, so nobody can have
/// lost it and write nevertheless. Waits for the session's lock_timeout at most; the failure (code
/// "store_in_use") names who holds it.
Outcome<void> takeOwnership(Connection& connection);

} // namespace vigie::stores::postgres
