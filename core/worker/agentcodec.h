#pragma once

#include "core/model/heartbeat.h"
#include "core/worker/eventlog.h"

#include <QByteArray>

#include <vector>

namespace vigie {

/// What GET /info tells.
struct WorkerInfo {
    AgentInfo agent;
    QString workerId;
    InstanceId instanceId;
    QString modelId;
    bool modelReady = false;
    QString correlationId; ///< of the order that started it; only its log tells
};
QByteArray encodeInfo(const WorkerInfo& info);

/// The body of GET /logs; `log_file` is null, because the events live in memory.
QByteArray encodeEvents(const std::vector<WorkerEvent>& events, quint64 total,
                        const WorkerInfo& info);

/// {"status": word} with an optional sentence.
QByteArray encodeStatus(const QString& word, const QString& message = {});

/// Whether a body is what an OpenAI-style GET /v1/models answers: an object with a `data` list.
bool isModelList(const QByteArray& body);

} // namespace vigie
