#include "core/model/jsonwriter.h"
#include "core/orchestrator/api/apilog.h"

namespace vigie {

ActionLog completedLog(const char16_t* actionType, const Asker& asker) {
    ActionLog entry;
    entry.actionType = QString::fromUtf16(actionType);
    entry.component = asker.component;
    entry.status = ActionLogStatus::Success;
    entry.userId = asker.actor;
    entry.sourceIp = asker.sourceIp;
    entry.correlationId = asker.correlationId;
    entry.metadata = JsonWriter()
                         .beginObject()
                         .textIfAny("reason", asker.reason)
                         .textIfAny("correlation_id", asker.correlationId)
                         .endObject()
                         .take();
    return entry;
}

} // namespace vigie
