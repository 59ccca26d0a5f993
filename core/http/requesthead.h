#pragma once

#include "core/http/httpclient.h"

#include <QByteArray>
#include <QByteArrayList>

#include <tl/expected.hpp>

namespace vigie {

/// Start line and header of a request as they came off the wire, already free of syntax errors.
struct RequestHead {
    QByteArray method;
    QByteArray target; ///< "/path?query" or "http://host/path?query"
    int version = 11;  ///< 10 or 11
    HttpHeaders headers;
};

/// What the start line and the header fields take on the wire, in bytes, with the empty line after
/// them; blanks around values are not counted.
qsizetype wireBytes(const RequestHead& head);

/// Which Host headers name this server. DNS rebinding makes a browser call loopback services under
/// foreign names, so anything else is refused.
struct HostRules {
    QByteArrayList allowed;  ///< lower case, with or without a port; "*" accepts any
    QByteArray boundAddress; ///< the connection's own local address; loopback is always accepted
    bool accepts(const QByteArray& authority) const;
};

/// An answer that the server gives by itself, and after which it closes the connection.
struct Refusal {
    int status = 400;
    const char* code = "";    ///< snake_case
    const char* message = ""; ///< one sentence; never holds anything the client sent
    QByteArray body() const;  ///< {"error": code, "message": message}
};

/// What a valid head asks for.
struct AcceptedHead {
    QByteArray path;              ///< percent-decoded UTF-8, starts with '/', no control characters
    QByteArray query;             ///< as it was sent, without '?'
    bool expectsContinue = false; ///< the client waits for "100 Continue"
};

/// What HTTP/1.1 (RFC 9110, 9112) asks of a server beyond syntax and framing: Host, the form of the
/// target, Transfer-Encoding and Expect.
tl::expected<AcceptedHead, Refusal> checkHead(const RequestHead& head, const HostRules& hosts);

} // namespace vigie
