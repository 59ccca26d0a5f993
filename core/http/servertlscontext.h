#pragma once

#include <boost/asio/ssl/context.hpp>

#include <utility> // Boost.Asio 1.74 forgets it, and GCC 12 minds

namespace vigie {

/// See servertls.h; for the server's own files only.
class ServerTls {
public:
    boost::asio::ssl::context context{boost::asio::ssl::context::tls_server};
};

} // namespace vigie
