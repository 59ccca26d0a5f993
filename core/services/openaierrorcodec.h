#pragma once

#include "core/errors/classify.h"

#include <QByteArray>

namespace vigie {

/// Reads the error bodies of model servers, which all look like one another's:
/// - {"error": {"message", "type", "code"}}: OpenAI, llama.cpp, vLLM since 0.10
/// - {"object": "error", "message", "type", "code"}: vLLM before
/// - {"type": "error", "error": {"type", "message"}}: Anthropic
/// - {"error": "...", "error_type": "..."}: Ollama, whisper.cpp, text-generation-inference
/// - {"detail": "..."} or {"detail": [{"loc", "msg", "type"}]}: FastAPI (speaches and its like)
/// - {"message": "..."}: gateways
/// - plain text of one short line
/// A numeric code is the status once more and is left out. What is not found stays empty.
ErrorAnswer decodeOpenAiError(const QByteArray& body);

} // namespace vigie
