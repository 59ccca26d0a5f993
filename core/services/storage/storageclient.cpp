#include "core/services/storage/storageclient.h"

#include "core/http/retryafter.h"
#include "core/services/servicesettings.h"

#include <algorithm>

namespace vigie {

namespace {

constexpr qsizetype maxKeyBytes = 1024;
constexpr qint64 maxListingBytes = 8 * 1024 * 1024;

QByteArray hostOf(const QUrl& url) {
    QString host = url.host(QUrl::FullyEncoded);
    if (host.contains(u':'))
        host = u'[' + host + u']';
    if (url.port() != -1)
        host += u':' + QString::number(url.port());
    return host.toLatin1();
}

Failure invalidKey(const QString& problem) {
    return {FailureKind::Invalid,
            QStringLiteral("The key of an object %1").arg(problem),
            0,
            {},
            {},
            {}};
}

Failure tooLong(qsizetype bytes, qint64 most) {
    return {FailureKind::TooLarge,
            QStringLiteral("The object has %1 bytes; at most %2 are stored").arg(bytes).arg(most),
            0,
            {},
            QStringLiteral("payload_too_large"),
            {}};
}

} // namespace

QString storageKeyProblem(const QString& key) {
    const qsizetype size = key.toUtf8().size();
    if (size < 1 || size > maxKeyBytes)
        return QStringLiteral("has %1 bytes, but must have 1 to %2").arg(size).arg(maxKeyBytes);
    if (std::ranges::any_of(key, [](QChar c) { return c.unicode() < 0x20 || c == QChar(0x7f); }))
        return QStringLiteral("holds a control character");
    for (const QString& part : key.split(u'/')) {
        if (part == QLatin1String(".") || part == QLatin1String(".."))
            return QStringLiteral("\"%1\" holds \"%2\" between its slashes").arg(key, part);
    }
    return {};
}

StorageClient::StorageClient(Clock& clock, HttpClient& client, StorageOptions options)
    : m_clock(clock),
      m_options(std::move(options)), m_calls{QStringLiteral("storage"), decodeStorageError,
                                             m_options.classifier,      m_options.resilienceEnabled,
                                             m_options.profiles,        m_options.breakerEnabled,
                                             m_options.shared},
      m_endpoint(clock, client,
                 m_calls.options("api", m_options.url, m_options.callTimeout, m_options.bucket)) {}

HttpRequest StorageClient::request(const QByteArray& method, const QString& key, const Query& query,
                                   QByteArray body, HttpHeaders headers) const {
    QByteArray path = '/' + uriEncoded(m_options.bucket.toUtf8());
    if (!key.isEmpty())
        path += '/' + uriEncoded(key.toUtf8(), true);
    HttpRequest made;
    made.method = method;
    made.url = below(m_options.url, path, canonicalQuery(query));
    made.deadline = m_options.callTimeout;
    made.maxBodyBytes = m_options.maxObjectBytes;
    made.maxRedirects = 0; // a signature is for one host
    made.body = std::move(body);
    if (m_options.credentials.accessKeyId.isEmpty()) {
        made.headers = std::move(headers);
        return made;
    }
    SigV4Request toSign;
    toSign.method = method;
    toSign.encodedPath = made.url.path(QUrl::FullyEncoded).toLatin1();
    toSign.query = query;
    toSign.payloadHash = sha256Hex(made.body);
    const WallTime now = m_clock.wallNow();
    headers.emplaceBack("x-amz-content-sha256", toSign.payloadHash);
    headers.emplaceBack("x-amz-date", amzDate(now));
    if (!m_options.credentials.sessionToken.isEmpty())
        headers.emplaceBack("x-amz-security-token", m_options.credentials.sessionToken);
    made.headers = headers;
    headers.emplaceBack("host", hostOf(made.url));
    toSign.headers = std::move(headers);
    made.headers.append(
        {"Authorization",
         sigV4Authorization(toSign, m_options.credentials, m_options.region.toUtf8(), "s3", now)});
    return made;
}

Task<Outcome<QString>> StorageClient::put(QString key, QByteArray bytes, PutCondition condition,
                                          std::stop_token stop) {
    if (const QString problem = storageKeyProblem(key); !problem.isEmpty())
        co_return fail(invalidKey(problem));
    if (bytes.size() > m_options.maxObjectBytes)
        co_return fail(tooLong(bytes.size(), m_options.maxObjectBytes));
    HttpHeaders headers{{"content-type", "application/octet-stream"}};
    if (condition == PutCondition::IfAbsent)
        headers.emplaceBack("if-none-match", "*");
    HttpRequest order = request("PUT", key, {}, std::move(bytes), std::move(headers));
    if (condition == PutCondition::Always)
        markRepeatable(order);
    const auto reply = co_await m_endpoint.call(std::move(order), std::move(stop));
    if (!reply)
        co_return fail(reply.error());
    co_return QString::fromLatin1(reply->header("ETag")).remove(u'"');
}

Task<Outcome<QByteArray>> StorageClient::get(QString key, std::stop_token stop) {
    if (const QString problem = storageKeyProblem(key); !problem.isEmpty())
        co_return fail(invalidKey(problem));
    HttpRequest asked = request("GET", key, {}, {});
    const auto reply = co_await m_endpoint.call(std::move(asked), std::move(stop));
    if (!reply)
        co_return fail(reply.error());
    co_return reply->body;
}

Task<Outcome<StorageObject>> StorageClient::head(QString key, std::stop_token stop) {
    if (const QString problem = storageKeyProblem(key); !problem.isEmpty())
        co_return fail(invalidKey(problem));
    HttpRequest asked = request("HEAD", key, {}, {});
    const auto reply = co_await m_endpoint.call(std::move(asked), std::move(stop));
    if (!reply)
        co_return fail(reply.error());
    StorageObject object;
    object.key = key;
    object.size = reply->header("Content-Length").toLongLong();
    object.etag = QString::fromLatin1(reply->header("ETag")).remove(u'"');
    object.modified = fromHttpDate(reply->header("Last-Modified"));
    co_return object;
}

Task<Outcome<void>> StorageClient::remove(QString key, std::stop_token stop) {
    if (const QString problem = storageKeyProblem(key); !problem.isEmpty())
        co_return fail(invalidKey(problem));
    HttpRequest order = request("DELETE", key, {}, {});
    markRepeatable(order);
    const auto reply = co_await m_endpoint.call(std::move(order), std::move(stop));
    // S3 answers 204 either way; some of its kind say 404 NoSuchKey.
    if (!reply && reply.error().message.contains(QLatin1String("NoSuchKey")))
        co_return Outcome<void>();
    if (!reply)
        co_return fail(reply.error());
    co_return Outcome<void>();
}

Task<Outcome<StorageListing>> StorageClient::list(QString prefix, QString continuation, int maxKeys,
                                                  std::stop_token stop) {
    Query query{{"list-type", "2"}, {"max-keys", QByteArray::number(std::clamp(maxKeys, 1, 1000))}};
    if (!prefix.isEmpty())
        query.append({"prefix", prefix.toUtf8()});
    if (!continuation.isEmpty())
        query.append({"continuation-token", continuation.toUtf8()});
    HttpRequest asked = request("GET", {}, query, {});
    asked.maxBodyBytes = maxListingBytes;
    const auto reply = co_await m_endpoint.call(std::move(asked), std::move(stop));
    if (!reply)
        co_return fail(reply.error());
    co_return decodeListing(reply->body);
}

} // namespace vigie
