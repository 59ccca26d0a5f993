#pragma once

#include <QByteArray>
#include <QSslCertificate>
#include <QSslKey>
#include <QString>

namespace vigie {

/// A certificate and its key, made by the openssl program while the test runs.
struct TestCertificate {
    QSslCertificate certificate;
    QSslKey key;
    QByteArray pem; ///< the certificate as PEM, for a --ca file
    QByteArray keyPem;
};

/// What kind of certificate a test wants.
struct TestCertificateOptions {
    QByteArray commonName = "127.0.0.1";
    QByteArray subjectAltName = "IP:127.0.0.1,DNS:localhost";
    int days = 2; ///< negative: expired already
    bool authority = false;
    const TestCertificate* issuer = nullptr; ///< none: signed by itself
};

/// Fails the test (qFatal) when openssl isn't there or refuses.
TestCertificate makeTestCertificate(const TestCertificateOptions& options = {});

} // namespace vigie
