#include "core/orchestrator/daemon/listenaddress.h"

#include <QHostAddress>

namespace vigie {

bool ListenAddress::loopback() const {
    return QHostAddress(host).isLoopback();
}

QUrl ListenAddress::url(quint16 boundPort, bool tls) const {
    QUrl url;
    url.setScheme(tls ? QStringLiteral("https") : QStringLiteral("http"));
    // Who listens everywhere is reached at loopback from here.
    const QHostAddress address(host);
    url.setHost(address == QHostAddress::AnyIPv4   ? QStringLiteral("127.0.0.1")
                : address == QHostAddress::AnyIPv6 ? QStringLiteral("::1")
                                                   : host);
    url.setPort(boundPort);
    return url;
}

Outcome<ListenAddress> listenAddressFrom(const QString& text) {
    const qsizetype colon = text.lastIndexOf(QLatin1Char(':'));
    QString host = text.left(colon);
    bool portOk = false;
    const int port = text.mid(colon + 1).toInt(&portOk);
    const bool bracketed = host.startsWith(QLatin1Char('[')) && host.endsWith(QLatin1Char(']'));
    if (bracketed)
        host = host.mid(1, host.size() - 2);
    if (host == QLatin1String("localhost"))
        host = QStringLiteral("127.0.0.1");
    const bool hostOk =
        !QHostAddress(host).isNull() && host.contains(QLatin1Char(':')) == bracketed;
    if (colon < 0 || !portOk || port < 0 || port > 65535 || !hostOk) {
        return fail(FailureKind::Invalid,
                    QStringLiteral("[server] listen (--listen) is \"%1\"; it must be ADDRESS:PORT "
                                   "with an IP address and a port from 0 (any free one) to 65535, "
                                   "such as 127.0.0.1:8003 or [::1]:8003")
                        .arg(text));
    }
    return ListenAddress{host, static_cast<quint16>(port)};
}

} // namespace vigie
