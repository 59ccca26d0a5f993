#include "core/orchestrator/requestrow.h"

namespace vigie {

Task<QString> requestRow(ControlPlane& plane, InstanceId id, QString actionType) {
    const InstanceRecord* record = plane.find(id);
    if (!record || record->instance.correlationId.isEmpty())
        co_return QString();
    ActionLogQuery query;
    query.instanceId = id;
    query.actionType = std::move(actionType);
    query.correlationId = record->instance.correlationId;
    query.limit = 1;
    const auto rows = co_await plane.store().actionLogs(std::move(query));
    if (!rows || rows->empty())
        co_return QString();
    QString asked = rows->front().id.value();
    co_return asked;
}

} // namespace vigie
