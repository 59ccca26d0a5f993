#include "core/http/tlsfailure.h"

#include <QSslCertificate>

#include <algorithm>
#include <array>

namespace vigie {

namespace {

using enum QSslError::SslError;

// What no --ca file can mend comes before what one can.
constexpr std::array order{CertificateExpired,
                           CertificateNotYetValid,
                           CertificateRevoked,
                           CertificateBlacklisted,
                           HostNameMismatch,
                           SelfSignedCertificate,
                           SelfSignedCertificateInChain,
                           UnableToGetLocalIssuerCertificate,
                           UnableToGetIssuerCertificate,
                           UnableToVerifyFirstCertificate,
                           CertificateUntrusted};

QString day(const QDateTime& time) {
    return time.toUTC().toString(QStringLiteral("yyyy-MM-dd"));
}

QString sentenceFor(const QSslError& error, const QString& host) {
    const QSslCertificate& certificate = error.certificate();
    switch (error.error()) {
    case CertificateExpired:
        return QStringLiteral("its certificate expired on %1; renew it on the server")
            .arg(day(certificate.expiryDate()));
    case CertificateNotYetValid:
        return QStringLiteral("its certificate is valid only from %1 on; check the clocks")
            .arg(day(certificate.effectiveDate()));
    case HostNameMismatch:
        return QStringLiteral("its certificate is not for %1; use the name it was made for")
            .arg(host);
    case SelfSignedCertificate:
        return QStringLiteral("its certificate is self-signed and not trusted here; give that "
                              "certificate with --ca FILE");
    case SelfSignedCertificateInChain:
    case UnableToGetLocalIssuerCertificate:
    case UnableToGetIssuerCertificate:
    case UnableToVerifyFirstCertificate:
    case CertificateUntrusted:
        return QStringLiteral("its certificate comes from an authority that is not trusted here; "
                              "give the authority's certificate with --ca FILE");
    default:
        return QStringLiteral("its certificate was refused: %1").arg(error.errorString());
    }
}

} // namespace

QString tlsSentence(const QList<QSslError>& errors, const QString& host, const QString& fallback) {
    for (const auto kind : order) {
        const auto found = std::ranges::find(errors, kind, &QSslError::error);
        if (found != errors.end())
            return sentenceFor(*found, host);
    }
    if (!errors.isEmpty())
        return sentenceFor(errors.first(), host);
    return QStringLiteral("the TLS handshake failed (%1); is it an https port?").arg(fallback);
}

} // namespace vigie
