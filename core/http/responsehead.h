#pragma once

#include "core/http/httpserver.h"

#include <QByteArray>

namespace vigie {

/// How one response goes onto the wire.
struct ResponseFraming {
    bool keepAlive = true;
    bool http10 = false;   ///< the request was HTTP/1.0
    bool toHead = false;   ///< the request was HEAD: the header of GET without its body
    QByteArray date;       ///< from httpDate()
    QByteArray serverName; ///< of the Server header; empty: none
};

/// Status line, header and blank line. Framing headers (Content-Length, Transfer-Encoding,
/// Connection, Date, Server) are the server's alone: those of the response are left out. Control
/// characters in names and values can't split the response.
QByteArray responseHead(const ServerResponse& response, const ResponseFraming& framing);

/// Whether a body follows the head.
bool responseHasBody(int status, bool toHead);

/// Whether a body is large enough, of a type that gets smaller, and not encoded yet.
bool shouldCompress(const ServerResponse& response, qint64 fromBytes);

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
QByteArray httpDate(WallTime time);

} // namespace vigie
