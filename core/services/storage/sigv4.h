#pragma once

#include "core/base/clock.h"
#include "core/http/httpclient.h"

#include <QByteArray>
#include <QList>
#include <QPair>
#include <QString>

namespace vigie {

/// Who signs.
struct SigV4Credentials {
    QByteArray accessKeyId;
    QByteArray secretAccessKey;
    QByteArray sessionToken; ///< of temporary credentials; empty: none
};

/// A request as far as its signature goes. Values are as they are meant, not encoded.
struct SigV4Request {
    QByteArray method;
    QByteArray encodedPath; ///< "/bucket/a%20key": encoded once, as S3 wants it
    QList<QPair<QByteArray, QByteArray>> query;
    HttpHeaders headers;    ///< all are signed; `host` and `x-amz-date` must be among them
    QByteArray payloadHash; ///< hex SHA-256 of the body, or "UNSIGNED-PAYLOAD"
};

/// AWS Signature Version 4: the value of the Authorization header. `region` and `service` are the
/// scope ("us-east-1", "s3").
QByteArray sigV4Authorization(const SigV4Request& request, const SigV4Credentials& credentials,
                              const QByteArray& region, const QByteArray& service, WallTime at);

/// "20260108T093000Z", the value of x-amz-date.
QByteArray amzDate(WallTime time);
/// Hex SHA-256.
QByteArray sha256Hex(const QByteArray& bytes);
/// RFC 3986: everything but letters, digits and "-._~" becomes %XX; '/' too unless it is kept.
QByteArray uriEncoded(const QByteArray& text, bool keepSlashes = false);
/// "a=1&b=two%20words", sorted by the encoded names and values, as it is signed and sent.
QByteArray canonicalQuery(const QList<QPair<QByteArray, QByteArray>>& query);

} // namespace vigie
