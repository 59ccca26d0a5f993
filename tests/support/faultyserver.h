#pragma once

#include "core/base/systemclock.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QPair>
#include <QSslCertificate>
#include <QSslKey>
#include <QTcpServer>
#include <QUrl>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace vigie {

/// What a FaultyServer does with one request: bytes to send, how, and what becomes of the
/// connection. The functions below build the usual ones; the fields can be set by hand too.
struct Fault {
    enum class Then {
        KeepOpen, ///< the next request on this connection gets its own fault
        Hang,     ///< stays connected and says nothing more
        Close,    ///< closes in order
        Reset,    ///< closes with a TCP reset
    };
    QByteArray bytes;    ///< sent first; may be anything
    Duration perByte{};  ///< when not zero: one byte of `bytes` each such time
    QByteArray repeated; ///< when not empty: sent for ever after `bytes`
    Then then = Then::KeepOpen;
};

/// One request as it came in over the wire, whole. What is not HTTP comes as a body without method.
struct FaultyRequest {
    QByteArray method;
    QByteArray target; ///< path and query as sent
    QList<QPair<QByteArray, QByteArray>> headers;
    QByteArray body;
    int connection = 0; ///< number of the connection, from 1
    QByteArray header(const QByteArray& name) const;
};

namespace faults {

using Headers = QList<QPair<QByteArray, QByteArray>>;

/// An honest answer with Content-Length; the connection stays open.
Fault answer(int status, const QByteArray& body = {}, const Headers& headers = {});
Fault json(int status, const QByteArray& body);
/// Reads the request whole, then closes or resets without a byte.
Fault closeWithoutAnswer();
Fault reset();
/// Never answers.
Fault silence();
/// These bytes and nothing else, then a close.
Fault raw(const QByteArray& bytes);
/// `answer`, but one byte each `perByte`: a slow header, then a slow body.
Fault drip(const Fault& whole, Duration perByte);
/// A header that announces `announced` bytes, then only `body`, then a close.
Fault truncated(const QByteArray& body, qint64 announced);
/// A header that announces `announced` bytes and then silence.
Fault hugeContentLength(qint64 announced);
/// A body without end: chunked, or up to the close when `chunked` is false.
Fault endlessBody(bool chunked = true);
/// Each element one chunk.
Fault chunked(const QList<QByteArray>& chunks);
Fault redirect(const QByteArray& location, int status = 302);
/// A gzip body that grows to `size` bytes of blanks.
Fault gzipBomb(qint64 size);
/// 429, 503 ... with Retry-After as given: seconds or an HTTP date.
Fault retryAfter(int status, const QByteArray& value);
/// A status line, bytes that are not HTTP at all, and a close.
Fault garbage();

} // namespace faults

/// A loopback HTTP server that misbehaves as told, request by request, and counts what it got. It
/// lives on the thread that made it; that thread needs to run its event loop.
class FaultyServer final : public QTcpServer {
    Q_OBJECT

public:
    /// Decides what to do with one request.
    using Script = std::function<Fault(const FaultyRequest&)>;

    /// Listens on a free port of 127.0.0.1 (`port` 0) and answers every request with 200.
    explicit FaultyServer(quint16 port = 0);
    ~FaultyServer() override;

    /// The n-th request gets the n-th fault, later ones the last.
    void play(std::vector<Fault> faults);
    void setScript(Script script);
    /// Serves TLS from the next connection on.
    void setTls(const QSslCertificate& certificate, const QSslKey& key);
    /// New connections are reset (true) or served.
    void resetConnections(bool on) { m_resetConnections = on; }
    /// Stops listening and drops all connections: "the server died". start() takes the same port.
    void stop();
    bool start();

    /// `path` may carry a query.
    QUrl url(const QString& path = QStringLiteral("/")) const;
    /// Requests received whole, in order.
    const QList<FaultyRequest>& requests() const { return m_requests; }
    int connections() const { return m_connections; }
    int openConnections() const { return static_cast<int>(m_open.size()); }
    /// Bytes handed to the sockets so far; shows whether an endless body was ended by the client.
    qint64 bytesSent() const { return m_bytesSent; }

Q_SIGNALS:
    void received();

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    class Connection;

    SystemClock m_clock;
    Script m_script;
    QList<FaultyRequest> m_requests;
    std::optional<QPair<QSslCertificate, QSslKey>> m_tls;
    QHash<int, std::shared_ptr<Connection>> m_open; ///< by number
    quint16 m_port = 0;
    int m_connections = 0;
    qint64 m_bytesSent = 0;
    bool m_resetConnections = false;
};

} // namespace vigie
