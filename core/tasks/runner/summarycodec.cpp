#include "core/tasks/runner/summarycodec.h"

#include "core/model/jsonwriter.h"
#include "core/tasks/runner/runstanding.h"

namespace vigie {

namespace {

void writeNotes(JsonWriter& json, const QStringList& notes) {
    json.key("notes").beginArray();
    for (const QString& note : notes)
        json.value(note);
    json.endArray();
}

} // namespace

QByteArray encodeRunSummary(const RunSummary& summary) {
    JsonWriter json;
    json.beginObject()
        .field("run", summary.runId)
        .field("plan", summary.planName)
        .field("total", summary.total)
        .field("succeeded", summary.succeeded)
        .field("failed", summary.failed)
        .field("finished", summary.finished());
    writeNotes(json, summary.notes);
    json.endObject();
    return json.take();
}

QByteArray encodeReplaySummary(const ReplaySummary& summary) {
    JsonWriter json;
    json.beginObject()
        .field("replayed", summary.replayed)
        .field("succeeded", summary.succeeded)
        .field("failed", summary.failed)
        .field("resting", summary.resting);
    writeNotes(json, summary.notes);
    json.endObject();
    return json.take();
}

QByteArray encodeRunEntry(const RunState& state, int total) {
    const RunStanding standing = standingOf(state, total);
    JsonWriter json;
    json.beginObject()
        .field("id", state.header.id)
        .field("name", state.header.planName)
        .field("state", toString(standing))
        .field("started_at", state.header.startedAt)
        .fieldIfAny("finished_at", standing == RunStanding::Open ? std::nullopt : state.finishedAt)
        .field("total", total)
        .field("succeeded", state.succeeded())
        .field("failed", static_cast<int>(state.results.size()) - state.succeeded())
        .endObject();
    return json.take();
}

QByteArray encodeCheckpointInfo(const CheckpointInfo& info) {
    JsonWriter json;
    json.beginObject().field("key", info.key).field("bytes", info.bytes);
    if (info.checkpoint)
        json.field("run", info.checkpoint->owner)
            .field("sequence", static_cast<qint64>(info.checkpoint->sequence))
            .field("saved_at", info.checkpoint->savedAt);
    else
        json.field("error", info.checkpoint.error().message);
    json.endObject();
    return json.take();
}

} // namespace vigie
