#pragma once

#include "core/base/outcome.h"

#include <QByteArray>
#include <QString>

namespace vigie {

/// The body of POST /v1/chat/completions: one message of the user.
QByteArray encodeChat(const QString& model, const QString& prompt, int maxTokens);

/// The text of the first choice. Malformed when there is none, or when the body is no JSON.
Outcome<QString> decodeChat(const QByteArray& body);

} // namespace vigie
