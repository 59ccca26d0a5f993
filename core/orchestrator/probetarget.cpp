#include "core/orchestrator/probetarget.h"

#include <algorithm>
#include <array>

namespace vigie {

namespace {

struct Split {
    QString host, port;
};

Split split(const QString& address) {
    if (address.startsWith(QLatin1Char('['))) {
        const qsizetype end = address.indexOf(QLatin1Char(']'));
        if (end < 0)
            return {address, {}}; // no address at all, which is found out below
        const QString rest = address.mid(end + 1);
        return {address.mid(1, end - 1),
                rest.startsWith(QLatin1Char(':')) ? rest.mid(1) : QString()};
    }
    if (address.count(QLatin1Char(':')) == 1) {
        const qsizetype colon = address.indexOf(QLatin1Char(':'));
        return {address.left(colon), address.mid(colon + 1)};
    }
    return {address, {}};
}

std::optional<quint16> validPort(std::optional<int> port) {
    if (!port || *port < 1 || *port > 65535)
        return std::nullopt;
    return static_cast<quint16>(*port);
}

/// Where clouds serve credentials to their machines, besides the link-local 169.254.169.254.
bool isMetadata(const QHostAddress& address) {
    static const std::array known{
        QHostAddress(QStringLiteral("100.100.100.200")),
        QHostAddress(QStringLiteral("192.0.0.192")),
        QHostAddress(QStringLiteral("fd00:ec2::254")),
    };
    return std::ranges::find(known, address) != known.end();
}

std::optional<QString> whyRefused(const QHostAddress& address, bool loopbackAllowed) {
    if (address.isLoopback())
        return loopbackAllowed ? std::nullopt : std::optional(QStringLiteral("a loopback address"));
    if (address.isLinkLocal())
        return QStringLiteral("a link-local address");
    if (isMetadata(address))
        return QStringLiteral("a metadata address");
    if (address.isMulticast() || address.isBroadcast())
        return QStringLiteral("a multicast or broadcast address");
    const bool thisNetwork = address.isInSubnet(QHostAddress(QStringLiteral("0.0.0.0")), 8);
    if (address == QHostAddress(QHostAddress::AnyIPv6) || thisNetwork)
        return QStringLiteral("an unspecified address");
    return std::nullopt;
}

} // namespace

Outcome<ProbeTarget> probeTarget(const QString& address, std::optional<int> healthPort,
                                 std::optional<int> modelPort, bool loopbackAllowed) {
    if (address.isEmpty())
        return fail(FailureKind::Invalid, QStringLiteral("the provider reports no address"));
    const Split parts = split(address);
    ProbeTarget target;
    target.address = QHostAddress(parts.host);
    bool mapped = false;
    const quint32 v4 = target.address.toIPv4Address(&mapped);
    if (mapped)
        target.address = QHostAddress(v4); // ::ffff:127.0.0.1 is loopback all the same
    if (target.address.isNull() || !target.address.scopeId().isEmpty())
        return fail(FailureKind::Invalid,
                    QStringLiteral("\"%1\" is not a plain IP address").arg(address));
    if (const auto why = whyRefused(target.address, loopbackAllowed))
        return fail(FailureKind::Invalid,
                    QStringLiteral("%1 is %2, which is never probed").arg(address, *why));
    if (const auto told = validPort(healthPort)) {
        target.healthPort = *told;
    } else if (!parts.port.isEmpty()) {
        bool number = false;
        const auto port = validPort(parts.port.toInt(&number));
        if (!number || !port)
            return fail(FailureKind::Invalid,
                        QStringLiteral("\"%1\" has no valid port").arg(address));
        target.healthPort = *port;
    }
    target.modelPort = validPort(modelPort);
    return target;
}

} // namespace vigie
