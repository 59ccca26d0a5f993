#include "core/providers/scaleway/scalewaysettings.h"

#include "core/providers/scaleway/scalewayid.h"
#include "core/providers/scaleway/secretkey.h"
#include "core/providers/scaleway/userdata.h"

#include <QFile>
#include <QHostAddress>

#include <algorithm>

namespace vigie {

namespace {

const QString section = QStringLiteral("providers.scaleway");

QString path(const char* key) {
    return section + QLatin1Char('.') + QLatin1String(key);
}

SettingSpec spec(const char* key, SettingType type, QVariant fallback, const char* help,
                 const char* variable = "") {
    SettingSpec s;
    s.section = section;
    s.key = QLatin1String(key);
    s.type = type;
    s.fallback = std::move(fallback);
    s.help = QString::fromUtf8(help);
    s.seedVariable = QLatin1String(variable);
    return s;
}

SettingSpec ranged(SettingSpec s, double minimum, double maximum) {
    s.minimum = minimum;
    s.maximum = maximum;
    return s;
}

/// Collects what is wrong, so that a newcomer sees all of it at once.
class Checker {
public:
    explicit Checker(const Settings& settings) : m_settings(settings) {}

    void complain(const QString& sentence) { m_mistakes.append(sentence); }

    QUrl url(const char* key, bool mayBeEmpty) {
        QString given = m_settings.text(path(key));
        while (given.endsWith(QLatin1Char('/')))
            given.chop(1);
        const QUrl url(given, QUrl::StrictMode);
        if (given.isEmpty() && mayBeEmpty)
            return {};
        const bool loopback =
            url.host() == QLatin1String("localhost") || QHostAddress(url.host()).isLoopback();
        const bool https = url.scheme() == QLatin1String("https");
        const bool http = url.scheme() == QLatin1String("http") && loopback;
        if (!url.isValid() || url.host().isEmpty() || !url.userInfo().isEmpty() || url.hasQuery() ||
            (!https && !http))
            complain(QStringLiteral("%1 is \"%2\"; expected an https URL without user and query "
                                    "(http only for loopback, for it carries secrets)")
                         .arg(path(key), url.toDisplayString()));
        return url;
    }

    QString uuid(const char* key) {
        const QString given = m_settings.text(path(key));
        if (!isUuid(given))
            complain(QStringLiteral("%1 is \"%2\"; expected a UUID").arg(path(key), given));
        return given;
    }

    /// "UUID" or "zone=UUID" each.
    QStringList uuids(const char* key, bool required) {
        const QStringList given = m_settings.textList(path(key));
        for (const QString& each : given) {
            const qsizetype sign = each.indexOf(QLatin1Char('='));
            if (!isUuid(each.mid(sign + 1)) || (sign >= 0 && !isScalewayZone(each.left(sign))))
                complain(QStringLiteral("%1 holds \"%2\"; expected a UUID, or zone=UUID")
                             .arg(path(key), each));
        }
        if (required && given.isEmpty())
            complain(QStringLiteral("%1 is empty; expected a UUID, or zone=UUID for each zone")
                         .arg(path(key)));
        return given;
    }

    Outcome<void> result() const {
        if (m_mistakes.isEmpty())
            return {};
        return fail(FailureKind::Invalid, m_mistakes.join(QLatin1Char('\n')));
    }

private:
    const Settings& m_settings;
    QStringList m_mistakes;
};

QStringList checkedZones(const Settings& settings, Checker& check) {
    const QStringList zones = settings.textList(path("zones"));
    for (const QString& zone : zones) {
        if (!isScalewayZone(zone) || zone.count(QLatin1Char('-')) < 2)
            check.complain(QStringLiteral("%1 holds \"%2\"; expected zones such as fr-par-2")
                               .arg(path("zones"), zone));
    }
    if (zones.isEmpty())
        check.complain(QStringLiteral("%1 (SCW_DEFAULT_ZONE) is empty; expected zones such as "
                                      "fr-par-2")
                           .arg(path("zones")));
    return zones;
}

QString checkedCluster(const Settings& settings, Checker& check) {
    const QString id = settings.text(path("cluster_id"));
    const auto plain = [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'-';
    };
    if (id.isEmpty() || id.size() > 64 || !std::ranges::all_of(id, plain))
        check.complain(QStringLiteral("%1 is \"%2\"; expected a name of this fleet in a-z, 0-9 and "
                                      "-, unlike that of any other in the project: machines with "
                                      "it that the store does not know are taken for left over")
                           .arg(path("cluster_id"), id.left(100)));
    return QStringLiteral("vigie-cluster:") + id;
}

UserDataOptions checkedUserData(const Settings& settings, Checker& check) {
    UserDataOptions o;
    o.healthPort = settings.integer(path("worker_health_port"));
    o.modelUrl = QUrl(settings.text(path("worker_model_url")), QUrl::StrictMode);
    if (!o.modelUrl.isValid() || o.modelUrl.host().isEmpty())
        check.complain(QStringLiteral("%1 is \"%2\"; expected a URL such as http://127.0.0.1:8000")
                           .arg(path("worker_model_url"), settings.text(path("worker_model_url"))));
    o.packageUrl = check.url("worker_package_url", true);
    o.packageSha256 = settings.text(path("worker_package_sha256")).toLower();
    const auto hex = [](QChar c) { return (c >= u'a' && c <= u'f') || (c >= u'0' && c <= u'9'); };
    if (!o.packageUrl.isEmpty() &&
        (o.packageSha256.size() != 64 || !std::ranges::all_of(o.packageSha256, hex)))
        check.complain(QStringLiteral("%1 is \"%2\"; expected the 64 hexadecimal digits that "
                                      "sha256sum tells of the package")
                           .arg(path("worker_package_sha256"), o.packageSha256.left(100)));
    o.templateText = builtInUserData();
    const QString file = settings.text(path("user_data_file"));
    if (file.isEmpty())
        return o;
    QFile own(file);
    if (own.open(QIODevice::ReadOnly))
        o.templateText = QString::fromUtf8(own.read(64 * 1024 + 1));
    else
        check.complain(QStringLiteral("%1: %2 can't be read: %3")
                           .arg(path("user_data_file"), file, own.errorString()));
    return o;
}

} // namespace

std::vector<SettingSpec> scalewaySettings() {
    using enum SettingType;
    SettingSpec key = spec("secret_key", Text, QString(),
                           "Secret key of the API; best in the variable", "SCW_SECRET_KEY");
    key.secret = true;
    SettingSpec volumeType =
        spec("volume_type", Text, QString(),
             "Type of the boot volume: sbs_volume, l_ssd, or empty for what the type has");
    volumeType.allowed = {QString(), QStringLiteral("sbs_volume"), QStringLiteral("l_ssd")};
    return {
        spec("api_url", Text, QStringLiteral("https://api.scaleway.com"),
             "Where the instance API is", "SCW_API_URL"),
        spec("block_api_url", Text, QString(), "Where the block API is; empty: where api_url says"),
        key,
        spec("secret_key_file", Text, QString(), "File of mode 0600 that holds the secret key"),
        spec("project_id", Text, QString(), "UUID of the project whose servers these are",
             "SCW_DEFAULT_PROJECT_ID"),
        spec("cluster_id", Text, QString(),
             "Name of this fleet; what is not tagged with it is never touched"),
        spec("zones", TextList, QStringList(), "Zones to use, such as fr-par-2",
             "SCW_DEFAULT_ZONE"),
        spec("types", TextList, QStringList(),
             "Commercial types to offer; empty: all that the zones sell"),
        spec("images", TextList, QStringList(),
             "Image to start: a UUID, or zone=UUID for each zone"),
        spec("security_groups", TextList, QStringList(),
             "Security group: a UUID, or zone=UUID; empty: the project's default"),
        volumeType,
        ranged(spec("volume_gb", Integer, 0, "GB of the boot volume; 0: as the image has it"), 0,
               10'000),
        spec("public_address", Boolean, true, "Whether servers get a public address"),
        spec("worker_package_url", Text, QString(),
             "A .deb of vigie-worker that new machines install; empty: the image has it"),
        spec("worker_package_sha256", Text, QString(), "SHA-256 of that package"),
        spec("worker_model_url", Text, QStringLiteral("http://127.0.0.1:8000"),
             "Where the model server is, seen from the machine"),
        ranged(spec("worker_health_port", Integer, 8080, "Port that the worker serves on"), 1,
               65535),
        spec("user_data_file", Text, QString(),
             "An own cloud-init template in place of the one that is built in"),
        ranged(spec("call_timeout_seconds", Seconds, 30.0, "Seconds an API call may take"), 0.1,
               600),
        ranged(spec("page_size", Integer, 100, "Entries asked for in one page of a list"), 1, 100),
        ranged(spec("settle_seconds", Seconds, 120.0,
                    "Seconds a server that was just ordered may be missing from lists"),
               0, 3600),
        ranged(spec("catalogue_interval_seconds", Seconds, 3600.0,
                    "Seconds between two looks at types, prices and stock"),
               1, 86400),
    };
}

Outcome<ScalewayOptions> scalewayOptions(const Settings& settings) {
    Checker check(settings);
    ScalewayOptions o;
    o.api.instanceUrl = check.url("api_url", false);
    o.api.blockUrl = check.url("block_api_url", true);
    if (o.api.blockUrl.isEmpty())
        o.api.blockUrl = o.api.instanceUrl;
    const auto key =
        readSecretKey(settings.text(path("secret_key")), settings.text(path("secret_key_file")));
    if (key)
        o.api.secretKey = *key;
    else
        check.complain(key.error().message);
    o.api.project = check.uuid("project_id");
    o.api.callTimeout = settings.seconds(path("call_timeout_seconds"));
    o.api.pageSize = settings.integer(path("page_size"));
    o.clusterTag = checkedCluster(settings, check);
    o.zones = checkedZones(settings, check);
    o.types = settings.textList(path("types"));
    o.images = check.uuids("images", true);
    o.securityGroups = check.uuids("security_groups", false);
    o.volumeType = settings.text(path("volume_type"));
    o.volumeGb = settings.integer(path("volume_gb"));
    o.publicAddress = settings.boolean(path("public_address"));
    o.userData = checkedUserData(settings, check);
    o.settle = settings.seconds(path("settle_seconds"));
    o.catalogueInterval = settings.seconds(path("catalogue_interval_seconds"));
    if (const auto checked = check.result(); !checked)
        return fail(checked.error());
    return o;
}

} // namespace vigie
