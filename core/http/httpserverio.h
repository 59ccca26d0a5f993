#pragma once

#include "core/http/httpserver.h"

#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace vigie {

class Mailbox;

/// One request as the I/O thread took it off the wire: bytes only, checked, and handed over whole.
struct WireRequest {
    QByteArray method;
    QByteArray path;  ///< percent-decoded UTF-8
    QByteArray query; ///< as it was sent
    HttpHeaders headers;
    QByteArray body;
    QByteArray peerAddress;
    quint16 localPort = 0;
};

/// The network half of HttpServer: listeners and connections on one thread of its own, which sees
/// bytes only and knows neither handlers nor QObjects.
class HttpServerIo {
public:
    /// Takes the answer to one request; on the thread that owns the server, once. Does nothing
    /// when the client or the server is gone.
    using Answer = std::function<void(ServerResponse)>;
    struct Incoming {
        std::shared_ptr<WireRequest> request;
        Answer answer;
    };
    /// Called on the I/O thread with requests in the order in which they came.
    using Deliver = std::function<void(std::vector<Incoming>)>;

    HttpServerIo(const HttpServerOptions& options, Deliver deliver);
    /// Closes everything and joins the thread.
    ~HttpServerIo();
    HttpServerIo(const HttpServerIo&) = delete;
    HttpServerIo& operator=(const HttpServerIo&) = delete;

    /// As HttpServer says.
    Outcome<quint16> listen(const QString& address, quint16 port, std::shared_ptr<ServerTls> tls);
    void replaceTls(quint16 port, std::shared_ptr<ServerTls> tls);
    void close(quint16 port);
    int connections() const;
    /// Where answers go; good for longer than the server.
    std::shared_ptr<Mailbox> answers() const;

private:
    class Core;
    std::shared_ptr<Core> m_core;
    std::thread m_thread;
};

} // namespace vigie
