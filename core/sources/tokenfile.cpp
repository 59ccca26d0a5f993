#include "core/sources/tokenfile.h"

#include <QFile>

#include <algorithm>

namespace vigie {

namespace {

constexpr qint64 maxTokenBytes = 64 * 1024;

} // namespace

Outcome<QByteArray> readTokenFile(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(
            FailureKind::Invalid,
            QStringLiteral("The token file %1 can't be read: %2.").arg(path, file.errorString()));
    const QByteArray token = file.read(maxTokenBytes).trimmed();
    const bool oneWord = std::ranges::all_of(token, [](char c) { return c > ' ' && c != 127; });
    if (token.isEmpty() || !oneWord)
        return fail(FailureKind::Invalid,
                    QStringLiteral("The token file %1 does not hold one token.").arg(path));
    return token;
}

} // namespace vigie
