#include "core/services/storage/sigv4.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QMessageAuthenticationCode>

#include <algorithm>

namespace vigie {

namespace {

QByteArray hmac(const QByteArray& key, const QByteArray& message) {
    return QMessageAuthenticationCode::hash(message, key, QCryptographicHash::Sha256);
}

/// Sorted, names in lower case, values without doubled spaces: as they are signed.
HttpHeaders canonicalHeaders(const HttpHeaders& headers) {
    HttpHeaders canonical;
    for (const auto& [name, value] : headers)
        canonical.append({name.trimmed().toLower(), value.simplified()});
    std::ranges::stable_sort(canonical, {}, [](const auto& header) { return header.first; });
    return canonical;
}

} // namespace

QByteArray amzDate(WallTime time) {
    const qint64 milliseconds = time.time_since_epoch().count();
    return QDateTime::fromMSecsSinceEpoch(milliseconds, Qt::UTC)
        .toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'"))
        .toLatin1();
}

QByteArray sha256Hex(const QByteArray& bytes) {
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QByteArray uriEncoded(const QByteArray& text, bool keepSlashes) {
    return text.toPercentEncoding(keepSlashes ? QByteArray("/") : QByteArray());
}

QByteArray canonicalQuery(const QList<QPair<QByteArray, QByteArray>>& query) {
    QByteArrayList parts;
    for (const auto& [name, value] : query)
        parts.append(uriEncoded(name) + '=' + uriEncoded(value));
    std::ranges::sort(parts);
    return parts.join('&');
}

QByteArray sigV4Authorization(const SigV4Request& request, const SigV4Credentials& credentials,
                              const QByteArray& region, const QByteArray& service, WallTime at) {
    const HttpHeaders headers = canonicalHeaders(request.headers);
    QByteArray lines;
    QByteArrayList names;
    for (const auto& [name, value] : headers) {
        lines += name + ':' + value + '\n';
        names.append(name);
    }
    const QByteArray signedHeaders = names.join(';');
    const QByteArray canonical = request.method + '\n' + request.encodedPath + '\n' +
                                 canonicalQuery(request.query) + '\n' + lines + '\n' +
                                 signedHeaders + '\n' + request.payloadHash;

    const QByteArray stamp = amzDate(at);
    const QByteArray day = stamp.left(8);
    const QByteArray scope = day + '/' + region + '/' + service + "/aws4_request";
    const QByteArray toSign =
        "AWS4-HMAC-SHA256\n" + stamp + '\n' + scope + '\n' + sha256Hex(canonical);
    const QByteArray dayKey = hmac("AWS4" + credentials.secretAccessKey, day);
    const QByteArray key = hmac(hmac(hmac(dayKey, region), service), "aws4_request");
    return "AWS4-HMAC-SHA256 Credential=" + credentials.accessKeyId + '/' + scope +
           ",SignedHeaders=" + signedHeaders + ",Signature=" + hmac(key, toSign).toHex();
}

} // namespace vigie
