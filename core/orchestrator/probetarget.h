#pragma once

#include "core/base/outcome.h"

#include <QHostAddress>

#include <optional>

namespace vigie {

/// Where the probes of one instance go.
struct ProbeTarget {
    QHostAddress address;
    quint16 healthPort = 8080;
    std::optional<quint16> modelPort;
};

/// The target behind the address that a provider reports: "host", "host:port" or "[v6]:port"; a
/// port told at register counts more than one in the address, and 8080 is the default. Invalid,
/// with the reason, for what must not be probed: anything but a plain IP address, loopback (unless
/// allowed), link-local, multicast, unspecified and cloud metadata addresses.
Outcome<ProbeTarget> probeTarget(const QString& address, std::optional<int> healthPort,
                                 std::optional<int> modelPort, bool loopbackAllowed);

} // namespace vigie
