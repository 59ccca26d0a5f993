#pragma once

#include "core/base/outcome.h"
#include "core/errors/classify.h"

#include <QByteArray>
#include <QString>

namespace vigie {

/// The body of POST /v1/chat/completions: one message of the user.
QByteArray encodeChat(const QString& model, const QString& prompt, int maxTokens);

/// The text of the first choice. Malformed when there is none, or when the body is no JSON.
Outcome<QString> decodeChat(const QByteArray& body);

/// What an error body says: {"error": {message, type, code}} of OpenAI and vLLM, {"error": "text"}
/// of Ollama, {"detail"|"message": "text"} of gateways; anything else is its first line.
ErrorAnswer decodeChatError(const QByteArray& body, int httpStatus);

} // namespace vigie
