#include "core/http/httpserver.h"

#include "core/base/door.h"
#include "core/http/httpserverio.h"
#include "core/http/mailbox.h"

#include <utility>

namespace vigie {

namespace {

/// The right to answer one request. A handler that drops it unanswered has a bug, and the client
/// hears of it instead of waiting for ever.
class Ticket {
public:
    explicit Ticket(HttpServerIo::Answer answer) : m_answer(std::move(answer)) {}
    ~Ticket() {
        respond(ServerResponse::json(
            500, R"({"error":"internal","message":"the request was dropped without an answer"})"));
    }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

    void respond(ServerResponse response) {
        if (const auto answer = std::exchange(m_answer, nullptr))
            answer(std::move(response));
    }

private:
    HttpServerIo::Answer m_answer;
};

struct Admitted {
    std::shared_ptr<WireRequest> wire;
    std::shared_ptr<Ticket> ticket;
};

ServerRequest requestFrom(WireRequest& wire) {
    ServerRequest request;
    request.method = std::move(wire.method);
    request.path = QString::fromUtf8(wire.path);
    request.query = QUrlQuery(QString::fromUtf8(wire.query));
    request.headers = std::move(wire.headers);
    request.body = std::move(wire.body);
    request.peerAddress = QString::fromLatin1(wire.peerAddress);
    request.localPort = wire.localPort;
    return request;
}

} // namespace

QByteArray ServerRequest::header(const QByteArray& name) const {
    for (const auto& [key, value] : headers)
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    return {};
}

ServerResponse ServerResponse::json(int status, QByteArray body) {
    ServerResponse response;
    response.status = status;
    response.body = std::make_shared<const ResponseBody>(std::move(body));
    return response;
}

ServerResponse ServerResponse::text(int status, QByteArray body) {
    ServerResponse response = json(status, std::move(body));
    response.contentType = "text/plain; charset=utf-8";
    return response;
}

class HttpServer::Private {
public:
    Private(const HttpServerOptions& options, Handler h)
        : handler(std::make_shared<const Handler>(std::move(h))),
          io(options, [this, handle = door.handle()](std::vector<HttpServerIo::Incoming> arrived) {
              std::vector<Admitted> requests;
              requests.reserve(arrived.size());
              for (HttpServerIo::Incoming& each : arrived)
                  requests.push_back(
                      {std::move(each.request), std::make_shared<Ticket>(std::move(each.answer))});
              handle.post([this, requests = std::move(requests)] { serve(requests); });
          }) {}

    /// A handler may be the end of the server, and of all that is touched here but what is kept.
    void serve(const std::vector<Admitted>& requests) {
        const std::shared_ptr<Mailbox> answers = io.answers();
        const std::weak_ptr<const Handler> alive = handler;
        if (requests.size() > 1)
            answers->hold();
        for (const Admitted& each : requests) {
            const std::shared_ptr<const Handler> kept = alive.lock();
            if (!kept)
                break;
            (*kept)(requestFrom(*each.wire), [ticket = each.ticket](ServerResponse response) {
                ticket->respond(std::move(response));
            });
        }
        answers->release();
    }

    std::shared_ptr<const Handler> handler;
    Door door;
    HttpServerIo io; // last: its thread ends before the door closes
};

HttpServer::HttpServer(HttpServerOptions options, Handler handler)
    : d(std::make_unique<Private>(options, std::move(handler))) {}

HttpServer::~HttpServer() = default;

Outcome<quint16> HttpServer::listen(const QString& address, quint16 port,
                                    std::shared_ptr<ServerTls> tls) {
    return d->io.listen(address, port, std::move(tls));
}

void HttpServer::replaceTls(quint16 port, std::shared_ptr<ServerTls> tls) {
    d->io.replaceTls(port, std::move(tls));
}

void HttpServer::close(quint16 port) {
    d->io.close(port);
}

int HttpServer::connections() const {
    return d->io.connections();
}

} // namespace vigie
