#include "core/tasks/deadletters/deadlettercodec.h"

#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"

#include <cmath>

namespace vigie {

namespace {

void writeLetter(JsonWriter& json, const DeadLetter& letter) {
    json.beginObject()
        .field("id", letter.id)
        .field("run", letter.runId)
        .textIfAny("plan", letter.planName)
        .field("task", letter.task.id)
        .field("model", letter.task.model)
        .field("prompt", letter.task.prompt)
        .textIfAny("file", letter.task.file);
    if (letter.task.timeout)
        json.field("timeout_seconds", static_cast<double>(letter.task.timeout->count()) / 1e9);
    json.key("engine").beginObject();
    json.field("name", letter.engine.name).field("kind", letter.engine.kind);
    json.key("options").beginObject();
    for (const auto& [name, text] : letter.engine.options)
        json.keyText(name).value(text);
    json.endObject().endObject();
    json.field("profile", letter.profile)
        .field("idempotency_key", letter.idempotencyKey)
        .field("error_class", QString::fromLatin1(toString(letter.errorClass)))
        .field("message", letter.message)
        .field("attempts", letter.attempts)
        .field("tries", letter.tries)
        .field("died_at", letter.diedAt)
        .field("last_tried_at", letter.lastTriedAt)
        .field("expires_at", letter.expiresAt)
        .endObject();
}

DeadLetter readLetter(const JsonNode& node) {
    DeadLetter letter;
    letter.id = node["id"].text();
    letter.runId = node["run"].text();
    letter.planName = node["plan"].text();
    letter.task.id = node["task"].text();
    letter.task.model = node["model"].text();
    letter.task.prompt = node["prompt"].text();
    letter.task.file = node["file"].text();
    if (const auto seconds = node["timeout_seconds"].number();
        seconds && *seconds > 0 && *seconds <= 86'400)
        letter.task.timeout = Duration(std::llround(*seconds * 1e9));
    const JsonNode engine = node["engine"];
    letter.engine.name = engine["name"].text();
    letter.engine.kind = engine["kind"].text();
    for (const auto& [name, option] : engine["options"].members())
        letter.engine.options.emplace(name, option.text());
    letter.task.engine = letter.engine.name;
    letter.profile = node["profile"].text();
    letter.idempotencyKey = node["idempotency_key"].text();
    letter.errorClass = errorClassFromString(node["error_class"].text().toStdString())
                            .value_or(ErrorClass::Unknown);
    letter.message = node["message"].text();
    letter.attempts = node["attempts"].smallInteger().value_or(0);
    letter.tries = node["tries"].smallInteger().value_or(0);
    letter.diedAt = node["died_at"].time().value_or(WallTime());
    letter.lastTriedAt = node["last_tried_at"].time().value_or(letter.diedAt);
    letter.expiresAt = node["expires_at"].time().value_or(WallTime());
    return letter;
}

} // namespace

QByteArray encodeDeadLetter(const DeadLetter& letter) {
    JsonWriter json(512);
    writeLetter(json, letter);
    return json.take();
}

QByteArray encodeDeadLetterEvent(const DeadLetterEvent& event) {
    JsonWriter json(512);
    json.beginObject();
    if (const auto* letter = std::get_if<DeadLetter>(&event)) {
        json.key("letter");
        writeLetter(json, *letter);
    } else {
        const auto& gone = std::get<DeadLetterGone>(event);
        json.key("gone").beginObject().field("id", gone.id).field("why", gone.why).endObject();
    }
    json.endObject();
    return json.take();
}

Outcome<DeadLetterEvent> decodeDeadLetterEvent(const QByteArray& bytes) {
    const auto node = JsonNode::parse(bytes, QStringLiteral("a record of the dead-letter queue"));
    if (!node)
        return fail(node.error());
    if (const JsonNode letter = (*node)["letter"]; !letter["id"].text().isEmpty())
        return DeadLetterEvent(readLetter(letter));
    const JsonNode gone = (*node)["gone"];
    if (gone["id"].text().isEmpty())
        return fail(FailureKind::Malformed,
                    QStringLiteral("a record of the dead-letter queue is neither a letter nor the "
                                   "end of one"));
    return DeadLetterEvent(DeadLetterGone{gone["id"].text(), gone["why"].text()});
}

} // namespace vigie
