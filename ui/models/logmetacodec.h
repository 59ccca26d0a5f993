#pragma once

#include "core/model/action.h"

namespace vigie {

/// What a log entry's metadata and request tell people.
struct LogMeta {
    QString reason;
    QString rule;
};

/// Reads `metadata`, then `requestPayload`; anything unreadable is simply not known.
LogMeta logMeta(const ActionLog& entry);

} // namespace vigie
