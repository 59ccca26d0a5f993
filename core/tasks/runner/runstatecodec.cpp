#include "core/tasks/runner/runstatecodec.h"

#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"
#include "core/tasks/checkpoints/checkpointcodec.h"
#include "core/tasks/plan/taskresultcodec.h"

#include <algorithm>

namespace vigie {

namespace {

void writeHeader(JsonWriter& json, const RunHeader& header) {
    json.beginObject()
        .field("id", header.id)
        .field("name", header.planName)
        .field("plan", QString::fromUtf8(header.planSource))
        .field("folder", header.folder)
        .field("started_at", header.startedAt)
        .endObject();
}

Outcome<RunHeader> readHeader(const JsonNode& node) {
    RunHeader header;
    header.id = node["id"].text();
    header.planName = node["name"].text();
    header.planSource = node["plan"].text().toUtf8();
    header.folder = node["folder"].text();
    header.startedAt = node["started_at"].time().value_or(WallTime());
    if (header.id.isEmpty() || header.planSource.isEmpty())
        return fail(FailureKind::Malformed, QStringLiteral("a run has no id or no plan"));
    return header;
}

} // namespace

int RunState::succeeded() const {
    return static_cast<int>(
        std::ranges::count_if(results, [](const auto& entry) { return entry.second.succeeded; }));
}

QByteArray encodeRunRecord(const RunRecord& record) {
    JsonWriter json(512);
    json.beginObject();
    if (const auto* header = std::get_if<RunHeader>(&record)) {
        json.key("run");
        writeHeader(json, *header);
    } else if (const auto* result = std::get_if<TaskResult>(&record)) {
        json.key("result");
        writeTaskResult(json, *result);
    } else {
        json.field("finished_at", std::get<RunFinished>(record).at);
    }
    json.endObject();
    return json.take();
}

Outcome<RunRecord> decodeRunRecord(const QByteArray& bytes) {
    const auto node = JsonNode::parse(bytes, QStringLiteral("a record of a run"));
    if (!node)
        return fail(node.error());
    if (const JsonNode run = (*node)["run"]; run.isObject()) {
        auto header = readHeader(run);
        return header ? Outcome<RunRecord>(std::move(*header))
                      : Outcome<RunRecord>(fail(header.error()));
    }
    if (const JsonNode result = (*node)["result"]; result.isObject()) {
        auto read = readTaskResult(result);
        return read ? Outcome<RunRecord>(std::move(*read)) : Outcome<RunRecord>(fail(read.error()));
    }
    if (const auto at = (*node)["finished_at"].time())
        return RunRecord(RunFinished{*at});
    return fail(FailureKind::Malformed,
                QStringLiteral("a record of a run is neither its beginning, a result nor its end"));
}

QByteArray encodeRunState(const RunState& state) {
    JsonWriter json(64 * 1024);
    json.beginObject().key("run");
    writeHeader(json, state.header);
    json.key("results").beginArray();
    for (const auto& [id, result] : state.results)
        writeTaskResult(json, result);
    json.endArray().fieldIfAny("finished_at", state.finishedAt).endObject();
    return json.take();
}

Outcome<RunState> decodeRunState(const QByteArray& bytes) {
    const auto node =
        JsonNode::parse(bytes, QStringLiteral("the state of a run"), maxCheckpointBytes);
    if (!node)
        return fail(node.error());
    RunState state;
    auto header = readHeader((*node)["run"]);
    if (!header)
        return fail(header.error());
    state.header = std::move(*header);
    for (const JsonNode& each : (*node)["results"].items()) {
        const auto result = readTaskResult(each);
        if (!result)
            return fail(result.error());
        state.take(*result);
    }
    state.finishedAt = (*node)["finished_at"].time();
    return state;
}

} // namespace vigie
