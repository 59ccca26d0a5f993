#pragma once

#include "core/base/outcome.h"

#include <QUrl>

namespace vigie {

/// Where a daemon listens.
struct ListenAddress {
    QString host; ///< an IP address
    quint16 port = 0;

    bool loopback() const;
    QUrl url(quint16 boundPort, bool tls = false) const;
};

/// Reads "127.0.0.1:8003", "[::1]:0" or "localhost:8003".
Outcome<ListenAddress> listenAddressFrom(const QString& text);

} // namespace vigie
