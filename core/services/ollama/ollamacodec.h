#pragma once

#include "core/base/outcome.h"
#include "core/errors/classify.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace vigie {

struct OllamaModel {
    QString name; ///< "llama3:8b"
    qint64 sizeBytes = 0;
    QString parameterSize; ///< "8.0B"
    QString quantization;  ///< "Q4_0"
};

/// What every order to a model may say.
struct OllamaCommon {
    QString model;
    std::optional<int> maxTokens;
    std::optional<double> temperature;
    QString keepAlive; ///< "5m"; how long the model stays in memory; empty: the server's own
    QByteArray idempotencyKey;
    std::optional<Duration> timeout; ///< of one attempt; absent: the client's
};

struct OllamaGenerate {
    OllamaCommon common;
    QString prompt, system;
};

struct OllamaMessage {
    QString role; ///< "system", "user", "assistant"
    QString content;
};

struct OllamaChat {
    OllamaCommon common;
    std::vector<OllamaMessage> messages;
};

struct OllamaAnswer {
    QString model;
    QString text;
    QString doneReason; ///< "stop", "length"; may be empty
    qint64 promptTokens = 0, answerTokens = 0;
    Duration total{}, load{}; ///< as the server measured
    int attempts = 1;
};

QByteArray encodeOllamaGenerate(const OllamaGenerate& order);
QByteArray encodeOllamaChat(const OllamaChat& order);

/// Malformed unless it is a whole answer ("done": true) to either of the two.
Outcome<OllamaAnswer> decodeOllamaAnswer(const QByteArray& body);
Outcome<QString> decodeOllamaVersion(const QByteArray& body);
Outcome<std::vector<OllamaModel>> decodeOllamaTags(const QByteArray& body);

/// {"error": "..."}, {"error": {"message", "type", "code"}} of its OpenAI-like API, or nothing.
ErrorAnswer decodeOllamaError(const QByteArray& body);

} // namespace vigie
