#pragma once

#include "core/base/outcome.h"
#include "core/model/action.h"

#include <optional>
#include <span>
#include <vector>

namespace vigie {

/// What surrounds the rows of GET /action_logs/search.
struct ActionLogCounts {
    int offset = 0;
    int limit = 0;
    int totalCount = 0;
    int filteredCount = 0;
    struct ByStatus {
        int success = 0;
        int failed = 0;
        int inProgress = 0;
    };
    std::optional<ByStatus> byStatus; ///< status_counts, when asked for
};

/// GET /action_logs
QByteArray encodeActionLogs(std::span<const ActionLog> logs);
/// GET /action_logs/search
QByteArray encodeActionLogPage(const ActionLogCounts& counts, std::span<const ActionLog> logs);

struct ActionLogList {
    std::vector<ActionLog> logs;           ///< in the order they came
    std::optional<ActionLogCounts> counts; ///< of a search page
};
/// Reads both. Rows without an id are left out; Malformed when it is neither form.
Outcome<ActionLogList> decodeActionLogs(const QByteArray& body);

} // namespace vigie
