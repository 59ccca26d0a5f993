#pragma once

#include <QByteArray>
#include <QTcpSocket>

#include <optional>

namespace vigie {

/// One HTTP response as it came off the wire.
struct RawResponse {
    int status = 0;
    QByteArray head; ///< with the status line and the blank line
    QByteArray body;
    QByteArray header(const QByteArray& name) const; ///< first value, or empty
    int count(const QByteArray& name) const;         ///< how often a header is there
};

/// A client that sends exactly the bytes it is told to, for servers that must survive any of them.
class RawClient {
public:
    /// Connects to the loopback address and waits for it.
    explicit RawClient(quint16 port);
    ~RawClient();

    bool isConnected() const;
    void send(const QByteArray& bytes);
    /// Runs the event loop until a whole response is there and takes it off the input; nothing when
    /// none comes. `toHead`: it has no body, whatever its Content-Length says.
    std::optional<RawResponse> response(bool toHead = false);
    /// Runs the event loop until the server closes (or resets) the connection.
    bool waitClosed(int milliseconds = 10000);
    /// What was received and not yet taken.
    QByteArray unread();

    QTcpSocket& socket() { return m_socket; }

private:
    void collect();

    QTcpSocket m_socket;
    QByteArray m_input;
};

} // namespace vigie
