#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"
#include "core/model/tokencount.h"

#include <cmath>

namespace vigie {

namespace {

constexpr double mostTokens = 1e12; // sums of a lifetime of them still fit

} // namespace

QByteArray encodeTokenCount(const TokenCount& count) {
    return JsonWriter()
        .beginObject()
        .key("tokens")
        .beginObject()
        .field("requests_total", count.requests)
        .field("prompt_tokens_total", count.input)
        .field("generation_tokens_total", count.output)
        .endObject()
        .endObject()
        .take();
}

std::optional<TokenCount> decodeTokenCount(const QByteArray& metadataJson) {
    if (!metadataJson.contains("\"tokens\""))
        return std::nullopt; // spares most workers the reading
    const auto root = JsonNode::parse(metadataJson, QStringLiteral("The metadata"));
    if (!root)
        return std::nullopt;
    const JsonNode tokens = (*root)["tokens"];
    TokenCount count;
    const auto take = [&tokens](const char* name, qint64& into) {
        const auto number = tokens[name].number();
        if (!number || !(*number >= 0 && *number <= mostTokens) || std::floor(*number) != *number)
            return false;
        into = static_cast<qint64>(*number);
        return true;
    };
    if (!take("requests_total", count.requests) || !take("prompt_tokens_total", count.input) ||
        !take("generation_tokens_total", count.output))
        return std::nullopt;
    return count;
}

} // namespace vigie
