#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"
#include "core/http/httpclient.h"
#include "core/http/responsebody.h"
#include "core/http/responsestream.h"
#include "core/http/servertls.h"

#include <QByteArray>
#include <QString>
#include <QUrlQuery>

#include <functional>
#include <memory>

namespace vigie {

/// A request as the handler sees it, whole, on the server's Qt thread.
struct ServerRequest {
    QByteArray method;
    QString path; ///< decoded, without query, starts with '/'
    QUrlQuery query;
    HttpHeaders headers;
    QByteArray body;
    QString peerAddress;
    quint16 localPort = 0;
    QByteArray header(const QByteArray& name) const; ///< first value, name without case; or empty
};

struct ServerResponse {
    int status = 200;
    QByteArray contentType = "application/json";
    std::shared_ptr<const ResponseBody> body; ///< shared, so that one /fleet body serves many
    HttpHeaders headers;
    /// In place of `body`: written as it comes, until the stream ends and with it the connection.
    std::shared_ptr<ResponseStream> stream{};

    static ServerResponse json(int status, QByteArray body);
    static ServerResponse text(int status, QByteArray body);
};

struct HttpServerOptions {
    qint64 maxBodyBytes = 1024 * 1024;
    qint64 maxHeaderBytes = 16 * 1024;
    qint64 maxPendingBodyBytes = 256 * 1024 * 1024;    ///< of all unanswered requests; else 503
    int maxConnections = 1024;                         ///< over it: 503 and close
    int maxStreams = 128;                              ///< answers with a stream; over it: 503
    Duration headerTimeout = std::chrono::seconds(10); ///< whole header, else 408
    Duration bodyTimeout = std::chrono::seconds(30);   ///< whole body, else 408
    Duration idleTimeout = std::chrono::seconds(60);   ///< between requests on a kept connection
    Duration writeTimeout = std::chrono::seconds(30);  ///< without progress of one write
    /// Accepted Host headers besides loopback names and the bound address; "*" accepts any.
    QStringList allowedHosts;
    QByteArray serverName = "vigie";
    /// Texts and JSON of at least this size are compressed (gzip) for clients that ask for it.
    qint64 compressFromBytes = 16 * 1024;
    /// Paths whose callers wait for nothing: such requests are handed over together, at most
    /// `gatherFor` after the first of them and before any other. It costs less than waking the
    /// handler's thread for each.
    QByteArrayList unhurriedPaths{};
    Duration gatherFor = std::chrono::milliseconds(2);
};

/// An HTTP/1.1 server: Boost.Beast on one I/O thread of its own that sees bytes only; handlers run
/// on the Qt thread that made the server and answer whenever they like.
class HttpServer {
public:
    /// Answers one request; callable once, on the server's Qt thread, also after the client left.
    using Respond = std::function<void(ServerResponse)>;
    using Handler = std::function<void(ServerRequest, Respond)>;

    HttpServer(HttpServerOptions options, Handler handler);
    /// Closes listeners and connections and joins the I/O thread; later answers go nowhere.
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Listens on an IP address and port (0 takes a free one) and returns the port. May be called
    /// several times. With `tls` it speaks HTTPS only. A failure names the address, the port and
    /// the reason.
    Outcome<quint16> listen(const QString& address, quint16 port,
                            std::shared_ptr<ServerTls> tls = nullptr);
    /// Another certificate for the connections to come, of a listener that has one.
    void replaceTls(quint16 port, std::shared_ptr<ServerTls> tls);
    /// Stops one listener; its open connections end after their current answer.
    void close(quint16 port);

    int connections() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace vigie
