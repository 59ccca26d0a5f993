#include "core/store/store.h"

namespace vigie {

Task<Outcome<ActionLogTotals>> AuditStore::actionLogTotals(ActionLogQuery query) {
    ActionLogTotals totals;
    query.limit = 1000;
    for (query.offset = 0;; query.offset += query.limit) {
        const auto page = co_await actionLogs(query);
        if (!page)
            co_return fail(page.error());
        for (const ActionLog& entry : *page) {
            ++(entry.status == ActionLogStatus::Success  ? totals.success
               : entry.status == ActionLogStatus::Failed ? totals.failed
                                                         : totals.inProgress);
        }
        if (static_cast<int>(page->size()) < query.limit)
            co_return totals;
    }
}

} // namespace vigie
