#include "core/http/requesthead.h"

#include <QHostAddress>
#include <QString>
#include <QStringDecoder>

#include <algorithm>
#include <optional>

namespace vigie {

namespace {

bool isHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Host of "host", "host:port" or "[v6]:port", lower case without brackets, or empty when
/// malformed.
QByteArray hostOf(const QByteArray& authority) {
    if (authority.isEmpty() || authority.size() > 255)
        return {};
    const bool bracketed = authority.startsWith('[');
    const qsizetype hostEnd = bracketed ? authority.indexOf(']') : authority.indexOf(':');
    if (bracketed && hostEnd < 0)
        return {};
    QByteArray host = authority;
    QByteArray port;
    if (hostEnd >= 0) {
        host = authority.mid(bracketed ? 1 : 0, bracketed ? hostEnd - 1 : hostEnd);
        port = authority.mid(bracketed ? hostEnd + 1 : hostEnd);
    }
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (!port.isEmpty() &&
        (port[0] != ':' || port.size() > 6 || !std::all_of(port.begin() + 1, port.end(), isDigit)))
        return {};
    const bool clean = std::all_of(host.begin(), host.end(), [bracketed](char c) {
        return isHex(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
               c == '-' || c == '_' || (bracketed && (c == ':' || c == '%'));
    });
    if (host.endsWith('.'))
        host.chop(1); // "localhost." is the same name, fully qualified
    return clean ? host.toLower() : QByteArray();
}

/// Valid escapes only, valid UTF-8 only, and nothing that could fool a log or a C string.
std::optional<QByteArray> decodedPath(const QByteArray& path) {
    for (qsizetype i = 0; i < path.size(); ++i)
        if (path[i] == '%' && (i + 2 >= path.size() || !isHex(path[i + 1]) || !isHex(path[i + 2])))
            return std::nullopt;
    const QByteArray decoded = QByteArray::fromPercentEncoding(path);
    if (std::any_of(decoded.begin(), decoded.end(),
                    [](char c) { return uchar(c) < 0x20 || c == 0x7f; }))
        return std::nullopt;
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder(decoded);
    return decoder.hasError() ? std::nullopt : std::optional(decoded);
}

QByteArrayList valuesOf(const RequestHead& head, const char* name) {
    QByteArrayList values;
    for (const auto& [key, value] : head.headers)
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            values.append(value.trimmed());
    return values;
}

std::optional<Refusal> checkTransferEncoding(const RequestHead& head) {
    const QByteArrayList encodings = valuesOf(head, "Transfer-Encoding");
    if (encodings.isEmpty())
        return std::nullopt;
    if (head.version < 11)
        return Refusal{400, "bad_request", "HTTP/1.0 has no Transfer-Encoding"};
    if (encodings.size() > 1 || !valuesOf(head, "Content-Length").isEmpty())
        return Refusal{400, "bad_request", "the length of the body is given in two ways"};
    if (encodings.first().compare("chunked", Qt::CaseInsensitive) != 0)
        return Refusal{501, "unknown_transfer_encoding",
                       "the only Transfer-Encoding understood is chunked"};
    return std::nullopt;
}

} // namespace

qsizetype wireBytes(const RequestHead& head) {
    constexpr qsizetype aroundStartLine = 14; // "  HTTP/1.1\r\n", and "\r\n" after the fields
    qsizetype bytes = head.method.size() + head.target.size() + aroundStartLine;
    for (const auto& [name, value] : head.headers)
        bytes += name.size() + value.size() + 4; // ": " and "\r\n"
    return bytes;
}

bool HostRules::accepts(const QByteArray& authority) const {
    const QByteArray host = hostOf(authority);
    if (host == "127.0.0.1" || host == "localhost" || host == "::1")
        return true;
    if (host.isEmpty())
        return false;
    if (allowed.contains("*") || allowed.contains(host) || allowed.contains(authority.toLower()))
        return true;
    const QHostAddress address(QString::fromLatin1(host));
    return !address.isNull() &&
           (address.isLoopback() || address == QHostAddress(QString::fromLatin1(boundAddress)));
}

QByteArray Refusal::body() const {
    return QByteArray("{\"error\":\"") + code + "\",\"message\":\"" + message + "\"}";
}

tl::expected<AcceptedHead, Refusal> checkHead(const RequestHead& head, const HostRules& hosts) {
    if (const auto refusal = checkTransferEncoding(head))
        return tl::unexpected(*refusal);

    QByteArray target = head.target;
    const QByteArrayList hostHeaders = valuesOf(head, "Host");
    if (hostHeaders.size() > 1 || (hostHeaders.isEmpty() && head.version >= 11))
        return tl::unexpected(Refusal{400, "bad_host", "a request needs exactly one Host header"});
    QByteArray authority = hostHeaders.value(0);
    bool hasAuthority = !hostHeaders.isEmpty();
    const QByteArray scheme = "http://";
    if (target.left(scheme.size()).compare(scheme, Qt::CaseInsensitive) == 0) {
        // The absolute form; its host counts, whatever the header says (RFC 9112, 3.2.2).
        target.remove(0, scheme.size());
        const auto end = std::find_if(target.cbegin(), target.cend(),
                                      [](char c) { return c == '/' || c == '?'; });
        authority = target.left(end - target.cbegin());
        hasAuthority = true;
        target.remove(0, authority.size());
        if (!target.startsWith('/'))
            target.prepend('/');
    }
    if (hasAuthority && hostOf(authority).isEmpty())
        return tl::unexpected(Refusal{400, "bad_host", "the Host is malformed"});
    if (hasAuthority && !hosts.accepts(authority))
        return tl::unexpected(Refusal{421, "wrong_host",
                                      "this server does not answer under that host name; "
                                      "add it to the allowed hosts if it should"});
    AcceptedHead accepted;
    const qsizetype question = target.indexOf('?');
    const auto path = decodedPath(question < 0 ? target : target.left(question));
    if (!target.startsWith('/') || target.contains('#') || !path)
        return tl::unexpected(
            Refusal{400, "bad_target", "the request target must be a path in valid UTF-8"});
    accepted.path = *path;
    accepted.query = question < 0 ? QByteArray() : target.mid(question + 1);

    const QByteArrayList expectations = valuesOf(head, "Expect");
    if (!expectations.isEmpty() && head.version >= 11) {
        if (expectations.size() > 1 ||
            expectations.first().compare("100-continue", Qt::CaseInsensitive) != 0)
            return tl::unexpected(
                Refusal{417, "unknown_expectation", "the only Expect understood is 100-continue"});
        accepted.expectsContinue = true;
    }
    return accepted;
}

} // namespace vigie
