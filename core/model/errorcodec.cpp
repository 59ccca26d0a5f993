#include "core/model/errorcodec.h"

#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"

namespace vigie {

namespace {

constexpr qsizetype maxBody = 64 * 1024;
constexpr qsizetype maxMessage = 500; // a page of HTML in a message helps nobody

JsonNode lenient(const QByteArray& body) {
    return JsonNode::parse(body, QString(), maxBody).value_or(JsonNode());
}

} // namespace

QByteArray encodeError(const ErrorBody& error) {
    return JsonWriter()
        .beginObject()
        .field("error", error.code)
        .textIfAny("message", error.message)
        .textIfAny("correlation_id", error.correlationId)
        .endObject()
        .take();
}

ErrorBody decodeError(const QByteArray& body) {
    const JsonNode root = lenient(body);
    ErrorBody error{root["error"].text(), root["message"].text(), root["correlation_id"].text()};
    if (error.code.isEmpty())
        error.code = root["code"].text();
    if (error.message.isEmpty())
        error.message = root["detail"].text();
    error.message.truncate(maxMessage);
    error.code.truncate(maxMessage);
    return error;
}

QByteArray encodeVersion(const VersionInfo& info) {
    return JsonWriter()
        .beginObject()
        .field("name", info.name)
        .field("version", info.version)
        .endObject()
        .take();
}

VersionInfo decodeVersion(const QByteArray& body) {
    const JsonNode root = lenient(body);
    VersionInfo info{root["name"].text(), root["version"].text()};
    for (const std::string_view name : {"backend_version", "api_version", "build"}) {
        if (info.version.isEmpty())
            info.version = root[name].text();
    }
    return info;
}

} // namespace vigie
