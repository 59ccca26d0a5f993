#include "core/services/storage/storagesettings.h"

#include "core/services/servicesettings.h"

#include <algorithm>

namespace vigie {

namespace {

const QString& name() {
    static const QString word = QStringLiteral("storage");
    return word;
}

bool isBucketName(const QString& bucket) {
    return bucket.size() >= 3 && bucket.size() <= 63 && std::ranges::all_of(bucket, [](QChar c) {
               return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'-' ||
                      c == u'.';
           });
}

} // namespace

std::vector<SettingSpec> storageSettings() {
    std::vector<SettingSpec> all = commonServiceSettings(
        name(), {}, QStringLiteral("the secret access key, or the key's id and the secret"), 30);
    for (SettingSpec& spec : all) {
        if (spec.key == QLatin1String("key"))
            spec.seedVariable = QStringLiteral("AWS_SECRET_ACCESS_KEY");
    }
    SettingSpec id = serviceText(name(), QStringLiteral("access_key_id"), {},
                                 QStringLiteral("Id of the access key; empty: calls are not "
                                                "signed"));
    id.seedVariable = QStringLiteral("AWS_ACCESS_KEY_ID");
    all.push_back(id);
    SettingSpec token = serviceText(name(), QStringLiteral("session_token"), {},
                                    QStringLiteral("Session token of temporary credentials"));
    token.flag.clear();
    token.secret = true;
    token.seedVariable = QStringLiteral("AWS_SESSION_TOKEN");
    all.push_back(token);
    all.push_back(serviceText(name(), QStringLiteral("bucket"), {},
                              QStringLiteral("Name of the bucket, which must exist")));
    all.push_back(serviceText(name(), QStringLiteral("region"), QStringLiteral("us-east-1"),
                              QStringLiteral("Region that signatures are for")));
    return all;
}

Outcome<StorageOptions> storageOptionsFrom(const Settings& settings) {
    const auto url = serviceUrl(name(), settings);
    if (!url)
        return fail(url.error());
    const auto key = serviceKey(name(), settings);
    if (!key)
        return fail(key.error());
    StorageOptions options;
    options.url = *url;
    options.bucket = settings.text(servicePath(name(), "bucket"));
    if (!isBucketName(options.bucket))
        return fail(FailureKind::Invalid,
                    QStringLiteral("%1 is \"%2\", but must be a bucket's name: 3 to 63 lower-case "
                                   "letters, digits, '-' and '.'")
                        .arg(servicePath(name(), "bucket"), options.bucket));
    options.region = settings.text(servicePath(name(), "region"));
    options.callTimeout = settings.seconds(servicePath(name(), "timeout_seconds"));
    SigV4Credentials& credentials = options.credentials;
    credentials.accessKeyId =
        settings.text(servicePath(name(), "access_key_id")).toUtf8().trimmed();
    credentials.sessionToken =
        settings.text(servicePath(name(), "session_token")).toUtf8().trimmed();
    const QByteArrayList words = key->simplified().split(' ');
    if (words.size() > 2)
        return fail(FailureKind::Invalid,
                    QStringLiteral("%1 must hold the secret access key, or the key's id and the "
                                   "secret")
                        .arg(servicePath(name(), "key_file")));
    if (words.size() == 2)
        credentials.accessKeyId = words.first();
    credentials.secretAccessKey = words.last();
    if (credentials.accessKeyId.isEmpty() != credentials.secretAccessKey.isEmpty())
        return fail(
            FailureKind::Invalid,
            QStringLiteral("%1 and the secret access key (%2) belong together: give both, "
                           "or neither for calls that are not signed")
                .arg(servicePath(name(), "access_key_id"), servicePath(name(), "key_file")));
    return options;
}

} // namespace vigie
