#pragma once

#include <QByteArray>

#include <functional>
#include <mutex>
#include <optional>

namespace vigie {

/// The body of an answer that goes on while the connection stands, such as server-sent events. One
/// side writes on its own thread, the server takes on its I/O thread; what the client has not taken
/// is bounded, and who reads too slowly is dropped.
class ResponseStream {
public:
    /// `mostPending`: bytes, over which the client is dropped.
    explicit ResponseStream(qsizetype mostPending = 256 * 1024) : m_mostPending(mostPending) {}
    ResponseStream(const ResponseStream&) = delete;
    ResponseStream& operator=(const ResponseStream&) = delete;

    /// False once the client is gone, was dropped, or the stream was ended: nothing will be sent.
    bool write(const QByteArray& bytes);
    /// What was written is still sent, then the connection ends.
    void end();
    bool isOpen() const;
    bool isDropped() const; ///< the client was too slow

    /// The server's side. `wake` is called, on any thread, when there is something to take.
    void attach(std::function<void()> wake);
    struct Taken {
        QByteArray bytes;
        bool ended = false; ///< nothing comes after them
    };
    Taken take();
    void clientLeft();

private:
    void wakeUp(std::unique_lock<std::mutex> lock);

    mutable std::mutex m_mutex;
    const qsizetype m_mostPending;
    std::function<void()> m_wake;
    QByteArray m_pending;
    bool m_ended = false, m_dropped = false, m_left = false;
};

} // namespace vigie
