#pragma once

#include "core/http/httpserver.h"
#include "tests/support/rawclient.h"

#include <QTest>

#include <deque>
#include <memory>
#include <vector>

namespace vigie {

inline const QByteArray plainGet = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

inline HttpServerOptions shortTimes() {
    HttpServerOptions options;
    options.headerTimeout = std::chrono::milliseconds(200);
    options.bodyTimeout = std::chrono::milliseconds(200);
    options.idleTimeout = std::chrono::milliseconds(200);
    options.writeTimeout = std::chrono::milliseconds(400);
    return options;
}

inline ServerResponse ok() {
    return ServerResponse::text(200, "ok");
}

/// A server whose requests wait until the test answers them.
class HeldServer {
public:
    explicit HeldServer(HttpServerOptions options = {})
        : m_server(std::make_unique<HttpServer>(
              std::move(options), [this](ServerRequest request, HttpServer::Respond respond) {
                  requests.push_back(std::move(request));
                  held.push_back(std::move(respond));
              })) {
        const auto port = m_server->listen(QStringLiteral("127.0.0.1"), 0);
        if (!port)
            qFatal("%s", qUtf8Printable(port.error().message));
        m_port = *port;
    }

    quint16 port() const { return m_port; }
    HttpServer& server() { return *m_server; }
    void destroy() { m_server.reset(); }
    bool waitFor(size_t count) {
        return QTest::qWaitFor([this, count] { return held.size() >= count; });
    }
    bool waitForConnections(int count) {
        return QTest::qWaitFor([this, count] { return m_server->connections() == count; }, 20000);
    }
    void answerFirst(ServerResponse response) {
        const auto respond = std::move(held.front());
        held.pop_front();
        respond(std::move(response));
    }

    std::vector<ServerRequest> requests;
    std::deque<HttpServer::Respond> held;

private:
    std::unique_ptr<HttpServer> m_server;
    quint16 m_port = 0;
};

} // namespace vigie
