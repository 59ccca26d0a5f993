#include "core/sources/orchestrator/orchestratorcodec.h"

#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"

namespace vigie {

namespace {

JsonNode parsed(const QByteArray& body) {
    return JsonNode::parse(body, QStringLiteral("the answer")).value_or(JsonNode());
}

} // namespace

QByteArray encodeLogin(const QString& email, const QString& password) {
    JsonWriter writer;
    writer.beginObject();
    writer.field("email", email);
    writer.field("password", password);
    return writer.endObject().take();
}

QString decodeLoginToken(const QByteArray& body) {
    const JsonNode answer = parsed(body);
    for (const JsonNode& place : {answer, answer["session"], answer["data"]}) {
        for (const char* name : {"token", "access_token", "session_token", "session"}) {
            const QString token = place[name].text();
            if (!token.isEmpty())
                return token;
        }
    }
    return {};
}

WhoAmI decodeWhoAmI(const QByteArray& body) {
    const JsonNode answer = parsed(body);
    WhoAmI me{answer["actor"].text(), answer["role"].text()};
    for (const JsonNode& word : answer["allowed_actions"].items()) {
        if (const auto action = actionFromString(word.text()))
            me.allowedActions.push_back(*action);
    }
    return me;
}

QString decodeActionAnswer(const QByteArray& body) {
    const JsonNode answer = parsed(body);
    const QString message = answer["message"].text();
    return message.isEmpty() ? answer["status"].text() : message;
}

double orchestratorLikeness(const QByteArray& body) {
    const JsonNode answer = parsed(body);
    if (answer.isArray()) {
        const auto items = answer.items();
        return !items.empty() && !items.front()["status"].text().isEmpty() ? 0.9 : 0.3;
    }
    if (!answer["instances"].isAbsent() && !answer["cursor"].isAbsent())
        return 1;
    if (!answer["version"].text().isEmpty() || !answer["api_version"].text().isEmpty())
        return 0.8;
    return answer["error"].text().isEmpty() ? 0 : 0.6;
}

} // namespace vigie
