#pragma once

#include <mutex>

class QSqlDatabase;

namespace vigie::stores::postgres {

/// The socket of a connection, for the one thing that libpq can't do from another thread: end a
/// call that waits for a server that stands still.
class Socket {
public:
    Socket() = default;
    ~Socket() { release(); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    /// Takes a handle of its own, because libpq may close its one at any time and the number would
    /// then name something else.
    void take(const QSqlDatabase& database);
    void release();
    /// Any thread: whoever reads from the socket finds it closed.
    void cut();

private:
    std::mutex m_mutex;
    int m_descriptor = -1;
};

} // namespace vigie::stores::postgres
