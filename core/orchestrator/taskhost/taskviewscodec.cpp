#include "core/model/jsonwriter.h"
#include "core/orchestrator/taskhost/taskviews.h"
#include "core/tasks/deadletters/deadlettercodec.h"
#include "core/tasks/plan/taskresultcodec.h"
#include "core/tasks/runner/runstanding.h"
#include "core/tasks/runner/runstatecodec.h"

namespace vigie {

namespace {

void writeHead(JsonWriter& json, const RunState& state, const HostedRun& hosted) {
    const int total = tasksOf(state);
    // Over is over: how many failed stands beside it.
    const bool over = standingOf(state, total) != RunStanding::Open;
    json.field("id", state.header.id).field("name", state.header.planName);
    json.field("status", hosted.active ? QStringLiteral("running")
                         : over        ? QStringLiteral("finished")
                                       : QStringLiteral("stopped"));
    json.field("started_at", state.header.startedAt);
    json.field("finished_at", over ? state.finishedAt : std::nullopt);
    json.field("total", total).field("succeeded", state.succeeded());
    json.field("failed", static_cast<int>(state.results.size()) - state.succeeded());
}

} // namespace

QByteArray encodeBegun(const QString& id, const QString& status, std::optional<int> total) {
    JsonWriter json;
    json.beginObject().field("id", id).field("status", status).fieldIfAny("total", total);
    return json.endObject().take();
}

QByteArray encodeRuns(const std::vector<RunState>& runs, const QHash<QString, HostedRun>& hosted,
                      const QStringList& problems) {
    JsonWriter json(1024);
    json.beginArray();
    for (const RunState& state : runs) {
        json.beginObject();
        writeHead(json, state, hosted.value(state.header.id));
        json.endObject();
    }
    for (const QString& problem : problems)
        json.beginObject().key("id").null().field("error", problem).endObject();
    return json.endArray().take();
}

QByteArray encodeRun(const RunState& state, const HostedRun& hosted, const QStringList& notes) {
    JsonWriter json(4096);
    json.beginObject();
    writeHead(json, state, hosted);
    json.textIfAny("error", hosted.error);
    json.key("notes").beginArray();
    for (const QString& note : notes + hosted.notes)
        json.value(note);
    json.endArray().key("tasks").beginArray();
    for (const auto& [id, result] : state.results)
        writeTaskResult(json, result);
    return json.endArray().endObject().take();
}

QByteArray encodeLetters(const std::vector<DeadLetter>& letters, const QStringList& replaying) {
    QByteArray list = "[";
    for (const DeadLetter& letter : letters) {
        if (list.size() > 1)
            list += ',';
        QByteArray one = encodeDeadLetter(letter);
        one.chop(1);
        list += one +
                (replaying.contains(letter.id) ? ",\"replaying\":true}" : ",\"replaying\":false}");
    }
    return list + ']';
}

QByteArray encodeCheckpoints(const std::vector<CheckpointInfo>& checkpoints) {
    JsonWriter json(1024);
    json.beginArray();
    for (const CheckpointInfo& info : checkpoints) {
        json.beginObject().field("key", info.key).field("bytes", info.bytes);
        if (info.checkpoint) {
            json.field("workflow_id", info.checkpoint->owner);
            json.field("taken_at", info.checkpoint->savedAt);
            json.field("sequence", static_cast<qint64>(info.checkpoint->sequence));
            if (const auto state = decodeRunState(info.checkpoint->state))
                json.field("step", static_cast<int>(state->results.size()));
        } else {
            json.field("workflow_id", info.key.section(u'/', 0, 0));
            json.field("error", info.checkpoint.error().message);
        }
        json.endObject();
    }
    return json.endArray().take();
}

} // namespace vigie
