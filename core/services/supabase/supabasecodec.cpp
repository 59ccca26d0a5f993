#include "core/services/supabase/supabasecodec.h"

#include "core/services/openaierrorcodec.h"

namespace vigie {

namespace {

constexpr qsizetype maxBody = 64 * 1024 * 1024;
constexpr qsizetype maxErrorBody = 64 * 1024;

Failure notWhat(const QString& what) {
    return {FailureKind::Malformed, what, 0, {}, {}, {}};
}

bool isObjects(const JsonNode& root) {
    if (root.isObject())
        return true;
    if (!root.isArray())
        return false;
    for (const JsonNode& row : root.items()) {
        if (!row.isObject())
            return false;
    }
    return true;
}

} // namespace

Outcome<JsonNode> decodeRows(const QByteArray& body) {
    auto root = JsonNode::parse(body, QStringLiteral("The answer of PostgREST"), maxBody);
    if (root && !root->isArray())
        return fail(notWhat(QStringLiteral("The answer of PostgREST is not a list of rows.")));
    return root;
}

Outcome<PostgrestRoot> decodePostgrestRoot(const QByteArray& body) {
    const auto root = JsonNode::parse(body, QStringLiteral("The root of PostgREST"), maxBody);
    if (!root)
        return fail(root.error());
    const JsonNode info = (*root)["info"];
    if (!info.isObject() || !(*root)["paths"].isObject())
        return fail(notWhat(QStringLiteral("What answers there is JSON, but not PostgREST's "
                                           "description of itself (OpenAPI).")));
    return PostgrestRoot{info["version"].text(),
                         static_cast<int>((*root)["definitions"].members().size())};
}

QString rowsProblem(const QByteArray& rows) {
    const auto root = JsonNode::parse(rows, QStringLiteral("The rows"), maxBody);
    if (!root)
        return root.error().message;
    return isObjects(*root) ? QString()
                            : QStringLiteral("The rows must be one JSON object or a list of them.");
}

ErrorAnswer decodeSupabaseError(const QByteArray& body) {
    ErrorAnswer answer = decodeOpenAiError(body);
    const auto root = JsonNode::parse(body, QString(), maxErrorBody);
    answer.type.clear();
    if (!root)
        return answer;
    if (answer.code.startsWith(QLatin1String("PGRST")) || answer.code.size() != 5)
        return answer;
    answer.sqlState = answer.code;
    answer.code.clear();
    return answer;
}

} // namespace vigie
