#pragma once

#include "core/base/outcome.h"
#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"
#include "core/tasks/plan/taskresult.h"

namespace vigie {

/// One JSON object: {task, engine, model, status: "success"|"error", text | error_class + message,
/// started_at, duration_ms, attempts: [{after_ms, duration_ms, error_class?}]}.
QByteArray encodeTaskResult(const TaskResult& result);
void writeTaskResult(JsonWriter& json, const TaskResult& result);

/// Malformed when it is no such object.
Outcome<TaskResult> decodeTaskResult(const QByteArray& bytes);
Outcome<TaskResult> readTaskResult(const JsonNode& node);

} // namespace vigie
