#include "core/http/requesthead.h"

#include <QStringDecoder>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <utility>

using namespace vigie;
namespace http = boost::beast::http;

namespace {

QByteArray bytes(boost::beast::string_view text) {
    return QByteArray(text.data(), qsizetype(text.size()));
}

void require(bool condition) {
    if (!condition)
        std::abort();
}

} // namespace

/// A request off the wire through Beast's parser and our own checks: what is accepted has a path
/// that a handler can trust.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(16 * 1024);
    parser.body_limit(64 * 1024);
    boost::system::error_code error;
    parser.put(boost::asio::const_buffer(data, size), error);
    if (!parser.is_header_done())
        return 0;
    const auto& message = parser.get();
    RequestHead head;
    head.method = bytes(message.method_string());
    head.target = bytes(message.target());
    head.version = int(message.version());
    for (const auto& field : message)
        head.headers.emplaceBack(bytes(field.name_string()), bytes(field.value()));

    const HostRules hosts{{"fleet.example"}, "10.0.0.1"};
    const auto accepted = checkHead(head, hosts);
    if (!accepted) {
        require(accepted.error().status >= 400 && accepted.error().status < 600);
        return 0;
    }
    require(accepted->path.startsWith('/'));
    require(std::none_of(accepted->path.begin(), accepted->path.end(),
                         [](char c) { return uchar(c) < 0x20 || c == 0x7f; }));
    QStringDecoder utf8(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString path = utf8(accepted->path);
    require(!utf8.hasError() && path.toUtf8() == accepted->path);
    return 0;
}
