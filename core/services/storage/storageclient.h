#pragma once

#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/services/servicecalls.h"
#include "core/services/storage/sigv4.h"
#include "core/services/storage/storagecodec.h"

namespace vigie {

struct StorageOptions {
    QUrl url; ///< of the server, without the bucket: "http://127.0.0.1:9000"
    QString bucket;
    QString region = QStringLiteral("us-east-1");
    SigV4Credentials credentials; ///< without a key id requests are not signed
    Duration callTimeout = std::chrono::seconds(30);
    qint64 maxObjectBytes = 64 * 1024 * 1024; ///< of what is read or written
    std::shared_ptr<const ErrorClassifier> classifier = std::make_shared<ErrorClassifier>();
    bool resilienceEnabled = true, breakerEnabled = true;
    std::shared_ptr<const ProfileSet> profiles{}; ///< null: those that are built in
    SharedCalls shared{};                         ///< with the other calls of the program
};

/// Reads and writes the objects of one S3-style bucket (AWS S3, MinIO, Ceph, Garage), addressed by
/// path and signed with AWS Signature Version 4. Belongs to one thread, and outlives the tasks it
/// returned.
///
/// An object is replaced as a whole: a reader gets the old bytes or the new ones, and a put that
/// failed with a time-out may or may not have replaced it. There is no rename, and two writers of
/// one key do not see each other, except with PutCondition::IfAbsent.
class StorageClient {
public:
    enum class PutCondition {
        Always,
        IfAbsent, ///< PreconditionFailed ("precondition_failed") when there is one already
    };

    StorageClient(Clock& clock, HttpClient& client, StorageOptions options);

    /// Stores `bytes` and returns their ETag. Retried, for twice the same is once; with IfAbsent
    /// only when nothing was done yet, as a second try would meet the first one's object.
    Task<Outcome<QString>> put(QString key, QByteArray bytes, PutCondition condition,
                               std::stop_token stop);
    Task<Outcome<QByteArray>> get(QString key, std::stop_token stop);
    Task<Outcome<StorageObject>> head(QString key, std::stop_token stop);
    /// Succeeds as well when there is no such object.
    Task<Outcome<void>> remove(QString key, std::stop_token stop);
    /// One page of at most `maxKeys` (1 .. 1000) objects whose keys begin with `prefix`;
    /// `continuation` is that of the page before, or empty.
    Task<Outcome<StorageListing>> list(QString prefix, QString continuation, int maxKeys,
                                       std::stop_token stop);

    const Endpoint& endpoint() const { return m_endpoint; }

private:
    using Query = QList<QPair<QByteArray, QByteArray>>;

    /// A signed request; an empty key is the bucket itself.
    HttpRequest request(const QByteArray& method, const QString& key, const Query& query,
                        QByteArray body, HttpHeaders headers = {}) const;

    Clock& m_clock;
    StorageOptions m_options;
    ServiceCalls m_calls;
    Endpoint m_endpoint;
};

/// Nothing when it can be an object's key: 1 to 1024 bytes of UTF-8 without control characters, and
/// no "." or ".." between its slashes, which some servers and proxies would resolve. Else a
/// sentence.
QString storageKeyProblem(const QString& key);

} // namespace vigie
