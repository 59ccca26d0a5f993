#include "core/worker/openaicodec.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QJsonParseError>

namespace vigie {

namespace {

QByteArray compact(const QJsonObject& object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

tl::unexpected<Failure> refuse(const QString& field, const QString& message) {
    return fail({FailureKind::Invalid, message, 400, {}, field, {}});
}

Outcome<QJsonObject> object(const QByteArray& body) {
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(body, &error);
    if (error.error != QJsonParseError::NoError)
        return refuse({}, QStringLiteral("the body is not JSON: %1 at byte %2")
                              .arg(error.errorString())
                              .arg(error.offset));
    if (!document.isObject())
        return refuse({}, QStringLiteral("the body is not a JSON object"));
    return document.object();
}

int words(const QString& text) {
    return static_cast<int>(text.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts).size());
}

/// A message's content is a text, or a list of parts of which only the texts count here.
QString contentText(const QJsonValue& content) {
    if (content.isString())
        return content.toString();
    QString text;
    for (const QJsonValue& part : content.toArray())
        text += part[QLatin1String("text")].toString() + QLatin1Char(' ');
    return text;
}

QJsonObject completionHead(const ChatCompletion& c, const QString& kind) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(c.created).time_since_epoch();
    return {{QStringLiteral("id"), c.id},
            {QStringLiteral("object"), kind},
            {QStringLiteral("created"), static_cast<qint64>(seconds.count())},
            {QStringLiteral("model"), c.model}};
}

QJsonObject chunk(const ChatCompletion& c, const QJsonObject& delta, const QJsonValue& reason) {
    QJsonObject out = completionHead(c, QStringLiteral("chat.completion.chunk"));
    out.insert(QStringLiteral("choices"),
               QJsonArray{QJsonObject{{QStringLiteral("index"), 0},
                                      {QStringLiteral("delta"), delta},
                                      {QStringLiteral("finish_reason"), reason}}});
    return out;
}

QString finishReason(const ChatCompletion& c) {
    return c.cut ? QStringLiteral("length") : QStringLiteral("stop");
}

} // namespace

Outcome<ChatRequest> decodeChatRequest(const QByteArray& body) {
    const Outcome<QJsonObject> root = object(body);
    if (!root)
        return fail(root.error());
    ChatRequest request;
    const QJsonValue model = root->value(QLatin1String("model"));
    if (!model.isString() || model.toString().isEmpty())
        return refuse(QStringLiteral("model"),
                      QStringLiteral("'model' must be the name of a model"));
    request.model = model.toString();

    const QJsonArray messages = root->value(QLatin1String("messages")).toArray();
    if (messages.isEmpty())
        return refuse(QStringLiteral("messages"),
                      QStringLiteral("'messages' must be a list of at least one message"));
    for (const QJsonValue& message : messages) {
        const QJsonValue content = message[QLatin1String("content")];
        if (!message[QLatin1String("role")].isString() ||
            !(content.isString() || content.isArray() || content.isNull()))
            return refuse(QStringLiteral("messages"),
                          QStringLiteral("each of 'messages' must be an object with a 'role' and "
                                         "a 'content'"));
        request.lastMessage = contentText(content);
        request.promptTokens += words(request.lastMessage);
    }

    const QJsonValue limit = root->value(QLatin1String("max_tokens"));
    if (!limit.isUndefined() && !limit.isNull()) {
        if (limit.toInt(0) < 1)
            return refuse(QStringLiteral("max_tokens"),
                          QStringLiteral("'max_tokens' must be a whole number of at least 1"));
        request.maxTokens = limit.toInt();
    }
    const QJsonValue stream = root->value(QLatin1String("stream"));
    if (!stream.isUndefined() && !stream.isNull() && !stream.isBool())
        return refuse(QStringLiteral("stream"), QStringLiteral("'stream' must be true or false"));
    request.stream = stream.toBool();
    return request;
}

QByteArray encodeCompletion(const ChatCompletion& c) {
    QJsonObject out = completionHead(c, QStringLiteral("chat.completion"));
    out.insert(QStringLiteral("choices"),
               QJsonArray{QJsonObject{
                   {QStringLiteral("index"), 0},
                   {QStringLiteral("message"),
                    QJsonObject{{QStringLiteral("role"), QStringLiteral("assistant")},
                                {QStringLiteral("content"), c.text}}},
                   {QStringLiteral("finish_reason"), finishReason(c)},
               }});
    out.insert(QStringLiteral("usage"),
               QJsonObject{{QStringLiteral("prompt_tokens"), c.promptTokens},
                           {QStringLiteral("completion_tokens"), c.completionTokens},
                           {QStringLiteral("total_tokens"), c.promptTokens + c.completionTokens}});
    return compact(out);
}

QByteArray encodeCompletionStream(const ChatCompletion& c) {
    QByteArray out;
    const auto add = [&out](const QByteArray& data) { out += "data: " + data + "\n\n"; };
    bool first = true;
    for (const QString& word : c.text.split(QLatin1Char(' '))) {
        QJsonObject delta{{QStringLiteral("content"), first ? word : QLatin1Char(' ') + word}};
        if (first)
            delta.insert(QStringLiteral("role"), QStringLiteral("assistant"));
        first = false;
        add(compact(chunk(c, delta, QJsonValue::Null)));
    }
    add(compact(chunk(c, {}, finishReason(c))));
    add("[DONE]");
    return out;
}

QByteArray encodeModels(const QString& model, WallTime created) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(created).time_since_epoch();
    return compact(
        {{QStringLiteral("object"), QStringLiteral("list")},
         {QStringLiteral("data"),
          QJsonArray{QJsonObject{{QStringLiteral("id"), model},
                                 {QStringLiteral("object"), QStringLiteral("model")},
                                 {QStringLiteral("created"), static_cast<qint64>(seconds.count())},
                                 {QStringLiteral("owned_by"), QStringLiteral("vigie")}}}}});
}

QByteArray encodeOpenAiError(const QString& type, const QString& message, const QString& param,
                             const QString& code) {
    const auto orNull = [](const QString& text) {
        return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text);
    };
    return compact(
        {{QStringLiteral("error"), QJsonObject{{QStringLiteral("message"), message},
                                               {QStringLiteral("type"), type},
                                               {QStringLiteral("param"), orNull(param)},
                                               {QStringLiteral("code"), orNull(code)}}}});
}

Outcome<FaultOrder> decodeFaultOrder(const QByteArray& body) {
    const Outcome<QJsonObject> root = object(body);
    if (!root)
        return fail(root.error());
    FaultOrder order;
    for (auto field = root->begin(); field != root->end(); ++field) {
        const QString key = field.key();
        const QJsonValue value = field.value();
        if (key == QLatin1String("hang") || key == QLatin1String("ready")) {
            if (!value.isBool())
                return refuse(key, QStringLiteral("'%1' must be true or false").arg(key));
            (key == QLatin1String("hang") ? order.hang : order.ready) = value.toBool();
        } else if (key == QLatin1String("fail_every") || key == QLatin1String("slow_every")) {
            if (value.toInt(-1) < 0)
                return refuse(key, QStringLiteral("'%1' must be 0 (never) or more").arg(key));
            (key == QLatin1String("fail_every") ? order.failEvery : order.slowEvery) =
                value.toInt();
        } else {
            return refuse(key, QStringLiteral("unknown field '%1'; known are hang, ready, "
                                              "fail_every and slow_every")
                                   .arg(key));
        }
    }
    return order;
}

QByteArray encodeFaults(bool hang, bool ready, int failEvery, int slowEvery) {
    return compact({{QStringLiteral("hang"), hang},
                    {QStringLiteral("ready"), ready},
                    {QStringLiteral("fail_every"), failEvery},
                    {QStringLiteral("slow_every"), slowEvery}});
}

} // namespace vigie
