#pragma once

#include "core/base/outcome.h"
#include "core/model/heartbeat.h"

namespace vigie {

/// What a worker's body may hold at most; beyond it is refused.
struct HeartbeatLimits {
    qsizetype bodyBytes = 256 * 1024;
    qsizetype metadataBytes = 64 * 1024;
    int gpus = 64;
    int idLength = 128;
};

/// Reads POST /internal/worker/heartbeat. Invalid, with a sentence for the worker's log, when the
/// body is no JSON object, has no instance_id, or is over a limit; a field of the wrong type is
/// absent. `metadataJson` is the whole `metadata` object.
Outcome<Heartbeat> decodeHeartbeat(const QByteArray& body, const HeartbeatLimits& limits = {});
/// What a worker sends. Members of `metadataJson` that the other fields do not tell are kept.
QByteArray encodeHeartbeat(const Heartbeat& heartbeat);

/// Reads POST /internal/worker/register, under the same rules.
Outcome<Registration> decodeRegistration(const QByteArray& body,
                                         const HeartbeatLimits& limits = {});
QByteArray encodeRegistration(const Registration& registration);

/// The control plane's answer to a register.
struct RegistrationAnswer {
    QString status;                               ///< "registered"
    QString bootstrapToken, bootstrapTokenPrefix; ///< empty: none handed out
};
QByteArray encodeRegistrationAnswer(const RegistrationAnswer& answer);
Outcome<RegistrationAnswer> decodeRegistrationAnswer(const QByteArray& body);

/// The figures inside an instance's `worker_metadata`.
struct WorkerFigures {
    std::vector<GpuSample> gpus;
    std::optional<SystemSample> system;
    std::optional<QueueSample> vllm;
};
/// Empty for anything that cannot be read.
WorkerFigures decodeWorkerFigures(const QByteArray& metadataJson);

} // namespace vigie
