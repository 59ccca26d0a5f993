#pragma once

#include "core/base/outcome.h"
#include "core/errors/classify.h"
#include "core/model/jsonreader.h"

#include <QByteArray>
#include <QString>

namespace vigie {

/// What the root of a PostgREST says about itself (OpenAPI 2).
struct PostgrestRoot {
    QString version; ///< "12.2.3"
    int tables = 0;  ///< that this key may see
};

/// Malformed unless the body is a JSON list.
Outcome<JsonNode> decodeRows(const QByteArray& body);
/// Malformed unless the body is PostgREST's own description.
Outcome<PostgrestRoot> decodePostgrestRoot(const QByteArray& body);
/// Nothing when `rows` is one JSON object or a list of objects, as an insert takes; else a
/// sentence.
QString rowsProblem(const QByteArray& rows);

/// {"code", "message", "details", "hint"} of PostgREST, where `code` is a SQLSTATE or PGRSTnnn; or
/// what the gateway in front of it says.
ErrorAnswer decodeSupabaseError(const QByteArray& body);

} // namespace vigie
