#include "core/tasks/health/healthcodec.h"

#include "core/model/jsonwriter.h"

namespace vigie {

QByteArray encodeHealth(const HealthReport& report, const QHash<QString, QString>& breakers) {
    JsonWriter json(1024);
    json.beginObject().field("status", toString(report.overall));
    json.key("components").beginArray();
    for (const ComponentHealth& each : report.components) {
        const bool known = each.checks > 0;
        json.beginObject()
            .field("name", each.name)
            .field("status", toString(each.status))
            .field("critical", each.critical)
            .field("error_rate", known ? std::optional(1 - each.successRate()) : std::nullopt)
            .field("checks", each.checks)
            .field("consecutive_failures", each.consecutiveFailures)
            .textOrNull("message", each.message)
            .field("latency", known ? std::optional(static_cast<double>(each.latency.count()) / 1e9)
                                    : std::nullopt)
            .textOrNull("breaker", breakers.value(each.name))
            .field("last_check_at", each.checkedAt)
            .field("changed_at", each.changedAt)
            .endObject();
    }
    json.endArray().endObject();
    return json.take();
}

} // namespace vigie
