#pragma once

#include "core/base/outcome.h"

#include <QString>

#include <memory>

namespace vigie {

/// PEM files of a server that speaks TLS.
struct ServerTlsFiles {
    QString certificate; ///< with the intermediates after it
    QString key;
    /// Authorities whose certificates clients must show; empty: clients need none.
    QString clientAuthority;
};

/// What a TLS listener works with; made of Asio's parts, which only httpserver's own files see.
class ServerTls;

/// TLS 1.2 and newer. Invalid, with the file and the reason, when one can't be read, is no PEM, or
/// the key is not the certificate's.
Outcome<std::shared_ptr<ServerTls>> readServerTls(const ServerTlsFiles& files);

} // namespace vigie
