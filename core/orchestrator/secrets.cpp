#include "core/orchestrator/secrets.h"

#include <QByteArray>

#include <array>
#include <sodium.h>

namespace vigie {

namespace {

void ensureSodium() {
    static const bool ready = sodium_init() >= 0;
    if (!ready)
        qFatal("libsodium could not be initialised: no source of random numbers");
}

} // namespace

Secret newSecret() {
    ensureSodium();
    QByteArray random(32, Qt::Uninitialized);
    randombytes_buf(random.data(), static_cast<std::size_t>(random.size()));
    Secret secret;
    secret.plain = QString::fromLatin1(
        random.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
    secret.hash = hashSecret(secret.plain);
    return secret;
}

QString hashSecret(const QString& plain) {
    ensureSodium();
    const QByteArray bytes = plain.toUtf8();
    std::array<unsigned char, crypto_generichash_BYTES> hash{};
    crypto_generichash(hash.data(), hash.size(),
                       reinterpret_cast<const unsigned char*>(bytes.constData()),
                       static_cast<unsigned long long>(bytes.size()), nullptr, 0);
    return QString::fromLatin1(
        QByteArray(reinterpret_cast<const char*>(hash.data()), static_cast<int>(hash.size()))
            .toHex());
}

bool secretMatches(const QString& plain, const QString& hash) {
    const QByteArray expected = hash.toLatin1();
    const QByteArray given = hashSecret(plain).toLatin1();
    return !expected.isEmpty() && expected.size() == given.size() &&
           sodium_memcmp(expected.constData(), given.constData(),
                         static_cast<std::size_t>(expected.size())) == 0;
}

} // namespace vigie
