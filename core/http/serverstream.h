#pragma once

#include "core/http/servertlscontext.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <optional>

namespace vigie {

/// A client's socket, with TLS around it or without; what the connection and Beast read and write.
class ServerStream {
public:
    using Socket = boost::asio::ip::tcp::socket;
    using Error = boost::system::error_code;
    using executor_type = Socket::executor_type;

    ServerStream(Socket socket, std::shared_ptr<ServerTls> tls)
        : m_socket(std::move(socket)), m_tls(std::move(tls)) {
        if (m_tls)
            m_secure.emplace(m_socket, m_tls->context);
    }

    bool isSecure() const { return m_secure.has_value(); }
    Socket& socket() { return m_socket; }
    executor_type get_executor() { return m_socket.get_executor(); }

    template <typename Handler>
    void async_handshake(Handler&& handler) {
        m_secure->async_handshake(boost::asio::ssl::stream_base::server,
                                  std::forward<Handler>(handler));
    }
    template <typename Buffers, typename Handler>
    void async_read_some(const Buffers& buffers, Handler&& handler) {
        if (m_secure)
            m_secure->async_read_some(buffers, std::forward<Handler>(handler));
        else
            m_socket.async_read_some(buffers, std::forward<Handler>(handler));
    }
    template <typename Buffers, typename Handler>
    void async_write_some(const Buffers& buffers, Handler&& handler) {
        if (m_secure)
            m_secure->async_write_some(buffers, std::forward<Handler>(handler));
        else
            m_socket.async_write_some(buffers, std::forward<Handler>(handler));
    }
    /// Never waits: would_block when nothing is there.
    template <typename Buffers>
    std::size_t read_some(const Buffers& buffers, Error& error) {
        return m_secure ? m_secure->read_some(buffers, error) : m_socket.read_some(buffers, error);
    }
    /// Tells the client that nothing more will come.
    void endSending() {
        Error ignored;
        if (m_secure)
            m_secure->shutdown(ignored); // the socket never blocks: only our half is waited for
        m_socket.shutdown(Socket::shutdown_send, ignored);
    }

private:
    Socket m_socket;
    const std::shared_ptr<ServerTls> m_tls; ///< keeps the context of those that are open
    std::optional<boost::asio::ssl::stream<Socket&>> m_secure;
};

} // namespace vigie
