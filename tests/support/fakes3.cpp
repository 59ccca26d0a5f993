#include "tests/support/fakeservice.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>

#include <algorithm>

namespace vigie {

namespace {

Fault s3Error(int status, const QByteArray& code, const QByteArray& message) {
    return faults::answer(status,
                          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code +
                              "</Code><Message>" + message +
                              "</Message><RequestId>R1</RequestId></Error>",
                          {{"Content-Type", "application/xml"}});
}

QByteArray digest(const QByteArray& bytes) {
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QByteArray keyed(const QByteArray& key, const QByteArray& message) {
    return QMessageAuthenticationCode::hash(message, key, QCryptographicHash::Sha256);
}

QByteArray part(const QByteArray& authorization, const QByteArray& name) {
    const qsizetype at = authorization.indexOf(name + '=');
    return at < 0 ? QByteArray() : authorization.mid(at + name.size() + 1).split(',').first();
}

QByteArray parameter(const FaultyRequest& request, const QByteArray& name) {
    for (const QByteArray& pair : request.target.split('?').value(1).split('&')) {
        if (pair.startsWith(name + '='))
            return QByteArray::fromPercentEncoding(pair.mid(name.size() + 1));
    }
    return {};
}

QByteArray escaped(const QByteArray& text) {
    return QString::fromUtf8(text).toHtmlEscaped().toUtf8();
}

} // namespace

QByteArray FakeS3::signatureProblem(const FaultyRequest& request) {
    const QByteArray authorization = request.header("Authorization");
    const QByteArrayList credential = part(authorization, "Credential").split('/');
    if (!authorization.startsWith("AWS4-HMAC-SHA256 ") || credential.size() != 5)
        return "it is no Signature Version 4";
    const QByteArray payload = request.header("x-amz-content-sha256");
    if (payload != digest(request.body))
        return "the hash of the body is another";
    QByteArray lines;
    const QByteArray names = part(authorization, "SignedHeaders");
    for (const QByteArray& name : names.split(';'))
        lines += name + ':' + request.header(name).trimmed() + '\n';
    if (!names.split(';').contains("host") || !names.split(';').contains("x-amz-date"))
        return "host or x-amz-date is not signed";
    const QByteArrayList target = request.target.split('?');
    QByteArrayList pairs = target.value(1).isEmpty() ? QByteArrayList() : target[1].split('&');
    std::ranges::sort(pairs);
    const QByteArray canonical = request.method + '\n' + target.first() + '\n' + pairs.join('&') +
                                 '\n' + lines + '\n' + names + '\n' + payload;
    const QByteArray stamp = request.header("x-amz-date");
    const QByteArray scope = credential.mid(1).join('/');
    const QByteArray toSign =
        "AWS4-HMAC-SHA256\n" + stamp + '\n' + scope + '\n' + digest(canonical);
    QByteArray key = QByteArray("AWS4") + secret;
    for (const QByteArray& step : credential.mid(1))
        key = keyed(key, step);
    return part(authorization, "Signature") == keyed(key, toSign).toHex() ? QByteArray()
                                                                          : "it does not match";
}

Fault FakeS3::answer(const FaultyRequest& request) {
    const QByteArray who = part(request.header("Authorization"), "Credential").split('/').first();
    if (who.isEmpty())
        return s3Error(403, "AccessDenied", "Access Denied.");
    if (who != accessKeyId)
        return s3Error(403, "InvalidAccessKeyId", "The key id does not exist.");
    if (const QByteArray problem = signatureProblem(request); !problem.isEmpty())
        return s3Error(403, "SignatureDoesNotMatch", problem);
    const QByteArray path = request.target.split('?').first();
    const QByteArray root = QByteArray("/") + bucket;
    if (path != root && !path.startsWith(root + '/'))
        return s3Error(404, "NoSuchBucket", "The specified bucket does not exist");
    const QByteArray key = QByteArray::fromPercentEncoding(path.mid(root.size() + 1));
    return key.isEmpty() ? list(request) : object(request, key);
}

Fault FakeS3::list(const FaultyRequest& request) const {
    const QByteArray prefix = parameter(request, "prefix");
    const QByteArray after = parameter(request, "continuation-token");
    const int most = parameter(request, "max-keys").toInt();
    QByteArray contents;
    QByteArray next;
    int count = 0;
    for (auto it = objects.begin(); it != objects.end(); ++it) {
        if (!it.key().startsWith(prefix) || (!after.isEmpty() && it.key() <= after))
            continue;
        if (count == most) {
            next = std::prev(it).key();
            break;
        }
        ++count;
        contents += "<Contents><Key>" + escaped(it.key()) +
                    "</Key><LastModified>2026-11-22T08:00:00.000Z</LastModified><ETag>&quot;" +
                    digest(it.value()).left(32) + "&quot;</ETag><Size>" +
                    QByteArray::number(it.value().size()) + "</Size></Contents>";
    }
    const QByteArray token =
        next.isEmpty() ? QByteArray()
                       : "<NextContinuationToken>" + escaped(next) + "</NextContinuationToken>";
    return faults::answer(200,
                          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult>"
                          "<Name>checkpoints</Name><IsTruncated>" +
                              QByteArray(next.isEmpty() ? "false" : "true") + "</IsTruncated>" +
                              token + contents + "</ListBucketResult>",
                          {{"Content-Type", "application/xml"}});
}

Fault FakeS3::object(const FaultyRequest& request, const QByteArray& key) {
    const bool isThere = objects.contains(key);
    if (request.method == "PUT") {
        if (isThere && request.header("If-None-Match") == "*")
            return s3Error(412, "PreconditionFailed", "At least one pre-condition did not hold");
        objects[key] = request.body;
        return faults::answer(200, {}, {{"ETag", '"' + digest(request.body).left(32) + '"'}});
    }
    if (request.method == "DELETE") {
        objects.remove(key);
        return faults::answer(204);
    }
    const bool isHead = request.method == "HEAD";
    if (!isThere)
        return isHead ? faults::raw("HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n"
                                    "Connection: close\r\n\r\n")
                      : s3Error(404, "NoSuchKey", "The specified key does not exist.");
    const QByteArray tag = '"' + digest(objects[key]).left(32) + '"';
    if (isHead)
        return faults::raw("HTTP/1.1 200 OK\r\nContent-Length: " +
                           QByteArray::number(objects[key].size()) + "\r\nETag: " + tag +
                           "\r\nLast-Modified: Sun, 22 Nov 2026 08:00:00 GMT\r\n"
                           "Connection: close\r\n\r\n");
    return faults::answer(200, objects[key], {{"ETag", tag}});
}

} // namespace vigie
