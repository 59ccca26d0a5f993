#include "core/tasks/plan/taskresultcodec.h"

#include <cmath>

namespace vigie {

namespace {

double milliseconds(Duration span) {
    return static_cast<double>(span.count()) / 1e6;
}

Duration fromMilliseconds(const JsonNode& node) {
    const double count = node.number().value_or(0);
    // Beyond a thousand years it is no duration but damage.
    return std::abs(count) < 3.2e13 ? Duration(std::llround(count * 1e6)) : Duration();
}

void writeError(JsonWriter& json, ErrorClass errorClass) {
    json.field("error_class", QString::fromLatin1(toString(errorClass)));
}

ErrorClass readError(const JsonNode& node) {
    return errorClassFromString(node.text().toStdString()).value_or(ErrorClass::Unknown);
}

} // namespace

void writeTaskResult(JsonWriter& json, const TaskResult& result) {
    json.beginObject()
        .field("task", result.taskId)
        .field("engine", result.engine)
        .field("model", result.model)
        .field("status", result.succeeded ? QStringLiteral("success") : QStringLiteral("error"));
    if (result.succeeded) {
        json.field("text", result.text);
    } else {
        writeError(json, result.errorClass);
        json.field("message", result.message);
    }
    json.field("started_at", result.startedAt).field("duration_ms", milliseconds(result.took));
    json.key("attempts").beginArray();
    for (const TaskAttempt& attempt : result.attempts) {
        json.beginObject()
            .field("after_ms", milliseconds(attempt.after))
            .field("duration_ms", milliseconds(attempt.took));
        if (!attempt.succeeded)
            writeError(json, attempt.errorClass);
        json.endObject();
    }
    json.endArray().endObject();
}

QByteArray encodeTaskResult(const TaskResult& result) {
    JsonWriter json(512);
    writeTaskResult(json, result);
    return json.take();
}

Outcome<TaskResult> readTaskResult(const JsonNode& node) {
    TaskResult result;
    result.taskId = node["task"].text();
    const QString status = node["status"].text();
    if (result.taskId.isEmpty() ||
        (status != QLatin1String("success") && status != QLatin1String("error")))
        return fail(FailureKind::Malformed,
                    QStringLiteral("the result of a task has no task or no status"));
    result.engine = node["engine"].text();
    result.model = node["model"].text();
    result.succeeded = status == QLatin1String("success");
    if (result.succeeded) {
        result.text = node["text"].text();
    } else {
        result.errorClass = readError(node["error_class"]);
        result.message = node["message"].text();
    }
    result.startedAt = node["started_at"].time().value_or(WallTime());
    result.took = fromMilliseconds(node["duration_ms"]);
    for (const JsonNode& each : node["attempts"].items()) {
        TaskAttempt attempt;
        attempt.after = fromMilliseconds(each["after_ms"]);
        attempt.took = fromMilliseconds(each["duration_ms"]);
        attempt.succeeded = each["error_class"].isAbsent();
        if (!attempt.succeeded)
            attempt.errorClass = readError(each["error_class"]);
        result.attempts.push_back(attempt);
    }
    return result;
}

Outcome<TaskResult> decodeTaskResult(const QByteArray& bytes) {
    const auto node = JsonNode::parse(bytes, QStringLiteral("the result of a task"));
    if (!node)
        return fail(node.error());
    return readTaskResult(*node);
}

} // namespace vigie
