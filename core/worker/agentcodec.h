#pragma once

#include "core/base/outcome.h"
#include "core/model/heartbeat.h"
#include "core/worker/eventlog.h"

#include <QByteArray>

#include <optional>

namespace vigie {

/// Bodies that the agent sends to the control plane (orchestrator contract, part A, Worker).
/// Figures that are not known are left out.
QByteArray encodeRegistration(const Registration& registration);
QByteArray encodeHeartbeat(const Heartbeat& heartbeat);

/// The answer to a registration. `token` is empty when the control plane handed out none.
struct RegisterReply {
    QString status;
    QString token;
};
/// Malformed when it is not a JSON object with the right types.
Outcome<RegisterReply> decodeRegisterReply(const QByteArray& body);

/// What GET /info tells.
struct WorkerInfo {
    AgentInfo agent;
    QString workerId;
    InstanceId instanceId;
    QString modelId;
    bool modelReady = false;
};
QByteArray encodeInfo(const WorkerInfo& info);

/// The body of GET /logs; `log_file` is null, because the events live in memory.
QByteArray encodeEvents(const std::vector<WorkerEvent>& events, quint64 total,
                        const WorkerInfo& info);

/// {"status": word} with an optional sentence.
QByteArray encodeStatus(const QString& word, const QString& message = {});

/// The contract's error body: {"error": code, "message": sentence}.
QByteArray encodeError(const QString& code, const QString& message);

/// Whether a body is what an OpenAI-style GET /v1/models answers: an object with a `data` list.
bool isModelList(const QByteArray& body);

} // namespace vigie
