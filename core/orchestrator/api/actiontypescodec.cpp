#include "core/model/jsonwriter.h"
#include "core/orchestrator/api/answercodec.h"

#include <algorithm>
#include <iterator>

namespace vigie {

namespace {

// The contract's words in its order, part A first.
constexpr QStringView actionTypes[] = {
    u"REQUEST_CREATE",
    u"EXECUTE_CREATE",
    u"PROVIDER_CREATE",
    u"PERSIST_PROVIDER_ID",
    u"PROVIDER_CREATE_VOLUME",
    u"PROVIDER_ATTACH_VOLUME",
    u"PROVIDER_VOLUME_RESIZE",
    u"PROVIDER_START",
    u"PROVIDER_START_RETRY",
    u"PROVIDER_GET_IP",
    u"PROVIDER_SECURITY_GROUP",
    u"INSTANCE_CREATED",
    u"REQUEUE_PROVISION",
    u"WORKER_SSH_ACCESSIBLE",
    u"WORKER_SSH_INSTALL",
    u"WORKER_VLLM_HTTP_OK",
    u"WORKER_MODEL_LOADED",
    u"WORKER_VLLM_WARMUP",
    u"HEALTH_CHECK",
    u"INSTANCE_READY",
    u"INSTANCE_STARTUP_FAILED",
    u"REQUEST_TERMINATE",
    u"EXECUTE_TERMINATE",
    u"PROVIDER_TERMINATE",
    u"PROVIDER_DELETE_VOLUME",
    u"TERMINATION_PENDING",
    u"TERMINATION_CONFIRMED",
    u"TERMINATOR_RETRY",
    u"INSTANCE_TERMINATED",
    u"ARCHIVE_INSTANCE",
    u"REQUEST_REINSTALL",
    u"EXECUTE_REINSTALL",
    u"PROVIDER_DELETED_DETECTED",
    u"RECOVERY_TERMINATE",
    u"RECOVERY_STARTUP_FAILED",
    u"VOLUME_RECONCILIATION_RETRY_DELETE",
    u"WORKER_DEAD_DETECTED",
    u"WORKER_RECOVERED",
    u"REQUEST_RESTART_WORKER",
    u"EXECUTE_RESTART_WORKER",
    u"REQUEST_REPLACE",
    u"EXECUTE_REPLACE",
    u"REQUEST_DRAIN",
    u"REQUEST_UNDRAIN",
    u"HOLD",
    u"RELEASE",
    u"REQUEST_DELETE_VOLUME",
    u"OPERATION",
    u"OPERATION_ITEM",
    u"OPERATION_PAUSED",
    u"OPERATION_ABORTED",
    u"POLICY_CHANGED",
    u"BREAKER_OVERRIDE",
    u"SILENCE",
    u"CHAOS_CHANGED",
    u"MOCK_STEERED",
    u"JOB_RUN",
    u"RECONCILE",
    u"SYNC_CATALOG",
    u"TASKS_STARTED",
    u"TASKS_RESUMED",
    u"DEAD_LETTER_CHANGED",
    u"DEAD_LETTER_DROPPED",
    u"DEAD_LETTER_REPLAYED",
    u"AUTOMATION_PAUSED",
    u"AUTOMATION_RELEASED",
    u"AUTOMATION_MODE",
    u"BOOTSTRAP_SECRET_MADE",
    u"STORM_BRAKE",
    u"WOULD_HAVE_DONE",
    u"VOLUME_ORPHAN_MARKED",
    u"VOLUME_LOST_DETECTED",
    u"MACHINE_ORPHAN_MARKED",
};

// "PROVIDER_GET_IP" for people: "Provider get ip".
QString labelOf(QStringView code) {
    QString label = code.toString().toLower().replace(QLatin1Char('_'), QLatin1Char(' '));
    label[0] = label.at(0).toUpper();
    return label;
}

} // namespace

QByteArray encodeActionTypes() {
    JsonWriter json(4096);
    json.beginArray();
    for (const QStringView code : actionTypes) {
        json.beginObject();
        json.field("code", code.toString());
        json.field("label", labelOf(code));
        json.endObject();
    }
    return json.endArray().take();
}

bool isActionType(QStringView code) {
    return std::ranges::find(actionTypes, code) != std::end(actionTypes);
}

} // namespace vigie
