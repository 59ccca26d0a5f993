#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace vigie {

/// What the mock engine takes from POST /v1/chat/completions; all else is ignored.
struct ChatRequest {
    QString model;
    QString lastMessage;  ///< text of the newest message
    int promptTokens = 0; ///< words, as good a measure as any for an engine without a tokenizer
    std::optional<int> maxTokens;
    bool stream = false;
};

/// Invalid, with a sentence that names the field, for anything that OpenAI's API would refuse;
/// Failure::code is the name of that field.
Outcome<ChatRequest> decodeChatRequest(const QByteArray& body);

/// One finished completion.
struct ChatCompletion {
    QString id;
    QString model;
    QString text;
    int promptTokens = 0;
    int completionTokens = 0;
    bool cut = false; ///< ended by max_tokens
    WallTime created{};
};
QByteArray encodeCompletion(const ChatCompletion& completion);
/// The same as server-sent events: a chunk a word, then [DONE].
QByteArray encodeCompletionStream(const ChatCompletion& completion);

QByteArray encodeModels(const QString& model, WallTime created);

/// {"error": {message, type, param, code}}; empty param and code become null.
QByteArray encodeOpenAiError(const QString& type, const QString& message, const QString& param = {},
                             const QString& code = {});

/// A change of the mock engine's behaviour, POST /mock/faults. Absent fields stay as they are.
struct FaultOrder {
    std::optional<bool> hang;  ///< /v1/* never answers
    std::optional<bool> ready; ///< false: /v1/* answers 503
    std::optional<int> failEvery, slowEvery;
};
/// Invalid, naming the field, when there is an unknown field or a wrong type.
Outcome<FaultOrder> decodeFaultOrder(const QByteArray& body);
QByteArray encodeFaults(bool hang, bool ready, int failEvery, int slowEvery);

} // namespace vigie
