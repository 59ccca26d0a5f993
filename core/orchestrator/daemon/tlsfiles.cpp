#include "core/orchestrator/daemon/tlsfiles.h"

namespace vigie {

Outcome<ServerTlsFiles> tlsFilesOf(const Settings& settings) {
    ServerTlsFiles files{settings.text(QStringLiteral("server.tls_certificate")),
                         settings.text(QStringLiteral("server.tls_key")),
                         settings.text(QStringLiteral("server.tls_client_ca"))};
    const bool whole = files.certificate.isEmpty() == files.key.isEmpty() &&
                       (files.clientAuthority.isEmpty() || !files.certificate.isEmpty());
    if (!whole)
        return fail(FailureKind::Invalid,
                    QStringLiteral("TLS needs both --tls-certificate and --tls-key; "
                                   "--tls-client-ca goes with them only"));
    return files;
}

} // namespace vigie
