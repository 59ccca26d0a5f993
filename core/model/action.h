#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/model/instancestatus.h"

#include <QByteArray>
#include <QString>

#include <array>
#include <optional>

namespace vigie {

/// What may be done to an instance, or with DeleteVolume to one of its volumes.
enum class Action {
    Terminate,
    Reinstall,
    RestartWorker, ///< the provider reboots the machine
    Replace,       ///< a new one is created and awaited, then the old one drained and terminated
    Drain,
    Undrain,
    Hold, ///< automation leaves it alone
    Release,
    Archive,
    DeleteVolume,
};
inline constexpr std::array allActions{
    Action::RestartWorker, Action::Reinstall,    Action::Replace, Action::Drain,
    Action::Undrain,       Action::Hold,         Action::Release, Action::Terminate,
    Action::Archive,       Action::DeleteVolume,
};
QString toString(Action action);
std::optional<Action> actionFromString(QStringView word);
/// Whether an orchestrator that knows only part A of the contract can do it.
constexpr bool isPartA(Action action) {
    return action == Action::Terminate || action == Action::Reinstall || action == Action::Archive;
}

/// Nothing when `action` may be asked of an instance in `status` (the contract's table); otherwise
/// one sentence that says why not. Pure: the same answer in the daemon, the preview and the menu.
/// What else may stand against it (a hold, another work) is for the guards of the orchestrator.
std::optional<QString> whyNot(Action action, InstanceStatus status, bool hasProviderId);

/// Action types of the contract that the code writes; the word on the wire is the constant's text.
namespace actiontype {
inline constexpr auto requestCreate = u"REQUEST_CREATE";
inline constexpr auto executeCreate = u"EXECUTE_CREATE";
inline constexpr auto providerCreate = u"PROVIDER_CREATE";
inline constexpr auto persistProviderId = u"PERSIST_PROVIDER_ID";
inline constexpr auto providerStart = u"PROVIDER_START";
inline constexpr auto providerStartRetry = u"PROVIDER_START_RETRY";
inline constexpr auto providerGetIp = u"PROVIDER_GET_IP";
inline constexpr auto instanceCreated = u"INSTANCE_CREATED";
inline constexpr auto requeueProvision = u"REQUEUE_PROVISION";
inline constexpr auto workerVllmHttpOk = u"WORKER_VLLM_HTTP_OK";
inline constexpr auto workerModelLoaded = u"WORKER_MODEL_LOADED";
inline constexpr auto workerVllmWarmup = u"WORKER_VLLM_WARMUP";
inline constexpr auto healthCheck = u"HEALTH_CHECK";
inline constexpr auto instanceReady = u"INSTANCE_READY";
inline constexpr auto instanceStartupFailed = u"INSTANCE_STARTUP_FAILED";
inline constexpr auto requestTerminate = u"REQUEST_TERMINATE";
inline constexpr auto executeTerminate = u"EXECUTE_TERMINATE";
inline constexpr auto providerTerminate = u"PROVIDER_TERMINATE";
inline constexpr auto providerDeleteVolume = u"PROVIDER_DELETE_VOLUME";
inline constexpr auto terminationPending = u"TERMINATION_PENDING";
inline constexpr auto terminationConfirmed = u"TERMINATION_CONFIRMED";
inline constexpr auto terminatorRetry = u"TERMINATOR_RETRY";
inline constexpr auto instanceTerminated = u"INSTANCE_TERMINATED";
inline constexpr auto archiveInstance = u"ARCHIVE_INSTANCE";
inline constexpr auto requestReinstall = u"REQUEST_REINSTALL";
inline constexpr auto executeReinstall = u"EXECUTE_REINSTALL";
inline constexpr auto requestRestartWorker = u"REQUEST_RESTART_WORKER";
inline constexpr auto executeRestartWorker = u"EXECUTE_RESTART_WORKER";
inline constexpr auto requestReplace = u"REQUEST_REPLACE";
inline constexpr auto executeReplace = u"EXECUTE_REPLACE";
inline constexpr auto requestDrain = u"REQUEST_DRAIN";
inline constexpr auto requestUndrain = u"REQUEST_UNDRAIN";
inline constexpr auto hold = u"HOLD";
inline constexpr auto release = u"RELEASE";
inline constexpr auto requestDeleteVolume = u"REQUEST_DELETE_VOLUME";
inline constexpr auto operation = u"OPERATION";
inline constexpr auto operationItem = u"OPERATION_ITEM";
inline constexpr auto operationPaused = u"OPERATION_PAUSED";
inline constexpr auto operationAborted = u"OPERATION_ABORTED";
inline constexpr auto providerDeletedDetected = u"PROVIDER_DELETED_DETECTED";
inline constexpr auto workerDeadDetected = u"WORKER_DEAD_DETECTED";
inline constexpr auto workerRecovered = u"WORKER_RECOVERED";
inline constexpr auto wouldHaveDone = u"WOULD_HAVE_DONE";
inline constexpr auto stormBrake = u"STORM_BRAKE";
inline constexpr auto automationPaused = u"AUTOMATION_PAUSED";
inline constexpr auto automationReleased = u"AUTOMATION_RELEASED";
inline constexpr auto automationMode = u"AUTOMATION_MODE";
inline constexpr auto bootstrapSecretMade = u"BOOTSTRAP_SECRET_MADE";
inline constexpr auto breakerOverride = u"BREAKER_OVERRIDE";
inline constexpr auto silence = u"SILENCE";
inline constexpr auto mockSteered = u"MOCK_STEERED";
inline constexpr auto jobRun = u"JOB_RUN";
inline constexpr auto reconcile = u"RECONCILE";
inline constexpr auto syncCatalog = u"SYNC_CATALOG";
inline constexpr auto tasksStarted = u"TASKS_STARTED";
inline constexpr auto tasksResumed = u"TASKS_RESUMED";
inline constexpr auto deadLetterChanged = u"DEAD_LETTER_CHANGED";
inline constexpr auto deadLetterDropped = u"DEAD_LETTER_DROPPED";
inline constexpr auto deadLetterReplayed = u"DEAD_LETTER_REPLAYED";
inline constexpr auto volumeReconciliationRetryDelete = u"VOLUME_RECONCILIATION_RETRY_DELETE";
inline constexpr auto volumeOrphanMarked = u"VOLUME_ORPHAN_MARKED";
inline constexpr auto volumeLostDetected = u"VOLUME_LOST_DETECTED";
inline constexpr auto machineOrphanMarked = u"MACHINE_ORPHAN_MARKED";
inline constexpr auto recoveryTerminate = u"RECOVERY_TERMINATE";
inline constexpr auto recoveryStartupFailed = u"RECOVERY_STARTUP_FAILED";
} // namespace actiontype

/// Error codes of the contract that the code writes.
namespace errorcode {
inline constexpr auto startupTimeout = u"STARTUP_TIMEOUT";
inline constexpr auto waitingForWorkerHeartbeat = u"WAITING_FOR_WORKER_HEARTBEAT";
inline constexpr auto healthCheckFailed = u"HEALTH_CHECK_FAILED";
inline constexpr auto recoveryTimeout = u"RECOVERY_TIMEOUT";
inline constexpr auto providerCreateFailed = u"PROVIDER_CREATE_FAILED";
inline constexpr auto providerOutOfStock = u"PROVIDER_OUT_OF_STOCK";
inline constexpr auto providerStartFailed = u"PROVIDER_START_FAILED";
inline constexpr auto providerStartTimeout = u"PROVIDER_START_TIMEOUT";
inline constexpr auto volumesDeletePending = u"VOLUMES_DELETE_PENDING";
inline constexpr auto volumeLost = u"VOLUME_LOST";
inline constexpr auto terminatorCheckFailed = u"TERMINATOR_CHECK_FAILED";
inline constexpr auto terminatorRetryFailed = u"TERMINATOR_RETRY_FAILED";
inline constexpr auto missingZone = u"MISSING_ZONE";
inline constexpr auto heartbeatTimeout = u"HEARTBEAT_TIMEOUT";
inline constexpr auto probeFailed = u"PROBE_FAILED";
inline constexpr auto guardBlocked = u"GUARD_BLOCKED";
inline constexpr auto changed = u"CHANGED";
inline constexpr auto operationAborted = u"OPERATION_ABORTED";
inline constexpr auto operationFailed = u"OPERATION_FAILED";
inline constexpr auto stepNotAvailable = u"STEP_NOT_AVAILABLE";
inline constexpr auto calledOff = u"CALLED_OFF";
} // namespace errorcode

enum class ActionLogStatus { InProgress, Success, Failed };
QString toString(ActionLogStatus status);
std::optional<ActionLogStatus> actionLogStatusFromString(QStringView word);

/// One entry of the action log, in the contract's form. `payload` fields are compact JSON or empty.
struct ActionLog {
    ActionLogId id;
    QString actionType;
    QString component; ///< api, backend or orchestrator
    ActionLogStatus status = ActionLogStatus::InProgress;
    QString errorCode, errorMessage;
    InstanceId instanceId;
    QString userId; ///< the actor: a token's name, or "automation"
    QByteArray requestPayload, responsePayload;
    std::optional<qint64> durationMs;
    QString sourceIp;
    WallTime createdAt{};
    std::optional<WallTime> completedAt;
    QString parentLogId;
    QByteArray metadata; ///< holds reason, rule, evidence, correlation_id where they apply
    QString correlationId;
    QString instanceStatusBefore, instanceStatusAfter;
    bool operator==(const ActionLog&) const = default;
};

} // namespace vigie
