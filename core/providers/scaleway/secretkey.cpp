#include "core/providers/scaleway/secretkey.h"

#include <QFile>

#include <algorithm>

namespace vigie {

namespace {

constexpr qint64 maxKeyBytes = 4096;

/// A header's value: anything else would be a mistake, or somebody's second header.
bool isKey(const QByteArray& key) {
    return !key.isEmpty() && std::ranges::all_of(key, [](char c) { return c > ' ' && c < 127; });
}

} // namespace

Outcome<QByteArray> readSecretKey(const QString& given, const QString& path) {
    const auto invalid = [](const QString& why) { return fail(FailureKind::Invalid, why); };
    if (!given.isEmpty()) {
        const QByteArray key = given.trimmed().toUtf8();
        if (!isKey(key))
            return invalid(QStringLiteral("providers.scaleway.secret_key (SCW_SECRET_KEY) is no "
                                          "secret key: it holds blanks or other characters"));
        return key;
    }
    if (path.isEmpty())
        return invalid(QStringLiteral("Scaleway needs a secret key: put it into SCW_SECRET_KEY, or "
                                      "into a file of mode 0600 that "
                                      "providers.scaleway.secret_key_file names"));
    const QString where = QStringLiteral("providers.scaleway.secret_key_file: %1 ").arg(path);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return invalid(where + QStringLiteral("can't be read: %1").arg(file.errorString()));
    constexpr auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup |
                            QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    if (file.permissions() & others)
        return invalid(where + QStringLiteral("can be read by others; expected mode 0600: chmod "
                                              "600 %1")
                                   .arg(path));
    const QByteArray key = file.read(maxKeyBytes).trimmed();
    if (!isKey(key))
        return invalid(where + QStringLiteral("holds no secret key; expected one line with it"));
    return key;
}

} // namespace vigie
