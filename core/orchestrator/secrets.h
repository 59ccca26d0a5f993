#pragma once

#include <QString>

namespace vigie {

/// A fresh random secret: shown once in `plain`, kept only as `hash`.
struct Secret {
    QString plain; ///< 256 random bits as URL-safe base64; never logged, never stored
    QString hash;  ///< see hashSecret()
};
Secret newSecret();

/// BLAKE2b-256 (libsodium's crypto_generichash) in lower-case hex. Meant for secrets of high
/// entropy such as newSecret() makes, not for passwords.
QString hashSecret(const QString& plain);

/// Whether `plain` is the secret behind `hash`, in time that depends only on the lengths. An empty
/// hash matches nothing.
bool secretMatches(const QString& plain, const QString& hash);

} // namespace vigie
