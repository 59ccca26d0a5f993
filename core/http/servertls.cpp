#include "core/http/servertls.h"

#include "core/http/servertlscontext.h"

#include <QFile>

#include <openssl/ssl.h>

namespace vigie {

namespace ssl = boost::asio::ssl;
using Error = boost::system::error_code;

namespace {

Outcome<std::string> pemOf(const QString& path, const char* what) {
    QFile file(path);
    constexpr qint64 longestPem = 1024 * 1024;
    if (!file.open(QIODevice::ReadOnly))
        return fail(FailureKind::Invalid, QStringLiteral("the TLS %1 %2 can't be read: %3")
                                              .arg(QLatin1String(what), path, file.errorString()));
    return file.read(longestPem).toStdString();
}

Failure unusable(const QString& path, const char* what, const Error& error) {
    return {FailureKind::Invalid,
            QStringLiteral("the TLS %1 %2 can't be used: %3; a PEM file is expected")
                .arg(QLatin1String(what), path, QString::fromStdString(error.message())),
            0,
            {},
            {},
            {}};
}

} // namespace

Outcome<std::shared_ptr<ServerTls>> readServerTls(const ServerTlsFiles& files) {
    const auto certificate = pemOf(files.certificate, "certificate");
    if (!certificate)
        return fail(certificate.error());
    const auto key = pemOf(files.key, "key");
    if (!key)
        return fail(key.error());
    auto tls = std::make_shared<ServerTls>();
    ssl::context& context = tls->context;
    Error error;
    context.set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 |
                            ssl::context::no_tlsv1_1 | ssl::context::no_compression,
                        error);
    SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_RENEGOTIATION);
    context.use_certificate_chain(boost::asio::buffer(*certificate), error);
    if (error)
        return fail(unusable(files.certificate, "certificate", error));
    // Without this OpenSSL would ask the terminal for the pass phrase of an encrypted key.
    context.set_password_callback([](auto, auto) { return std::string(); }, error);
    context.use_private_key(boost::asio::buffer(*key), ssl::context::pem, error);
    if (error)
        return fail(
            unusable(files.key, "key (without a pass phrase, the certificate's own)", error));
    if (SSL_CTX_check_private_key(context.native_handle()) != 1)
        return fail(FailureKind::Invalid,
                    QStringLiteral("the TLS key %1 is not that of the certificate %2")
                        .arg(files.key, files.certificate));
    if (files.clientAuthority.isEmpty())
        return tls;
    const auto authority = pemOf(files.clientAuthority, "client CA");
    if (!authority)
        return fail(authority.error());
    context.add_certificate_authority(boost::asio::buffer(*authority), error);
    if (error)
        return fail(unusable(files.clientAuthority, "client CA", error));
    context.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, error);
    // Sessions are resumed only where their client was verified: here.
    static constexpr unsigned char sessions[] = "vigie";
    SSL_CTX_set_session_id_context(context.native_handle(), sessions, sizeof sessions - 1);
    return tls;
}

} // namespace vigie
