#include "core/services/servicesettings.h"

#include <QFile>
#include <QSslCertificate>

#include <algorithm>

namespace vigie {

namespace {

constexpr qint64 maxKeyBytes = 64 * 1024;

QString section(const QString& service) {
    return QStringLiteral("services.") + service;
}

/// A key becomes a header: a line break in it would become another header.
bool isPrintable(const QByteArray& key) {
    return std::ranges::all_of(key, [](char c) { return (c >= ' ' && c != 127) || c == '\n'; });
}

} // namespace

SettingSpec serviceText(const QString& service, const QString& key, const QString& fallback,
                        const QString& help) {
    SettingSpec spec;
    spec.section = section(service);
    spec.key = key;
    spec.fallback = fallback;
    spec.help = help;
    spec.flag = QString(key).replace(u'_', u'-');
    return spec;
}

std::vector<SettingSpec> commonServiceSettings(const QString& service, const QString& defaultUrl,
                                               const QString& keyHelp, double timeoutSeconds) {
    SettingSpec key = serviceText(service, QStringLiteral("key"), {},
                                  keyHelp + QStringLiteral("; better in key_file"));
    key.flag.clear(); // a command line can be read by everybody on the machine
    key.secret = true;
    SettingSpec timeout = serviceText(service, QStringLiteral("timeout_seconds"), {},
                                      QStringLiteral("Seconds one call may take"));
    timeout.type = SettingType::Seconds;
    timeout.fallback = timeoutSeconds;
    timeout.minimum = 0.1;
    timeout.maximum = 3600;
    timeout.flag = QStringLiteral("timeout");
    SettingSpec authority =
        serviceText(service, QStringLiteral("ca_file"), {},
                    QStringLiteral("PEM file of an own certificate authority, for https"));
    authority.flag = QStringLiteral("ca");
    return {serviceText(service, QStringLiteral("url"), defaultUrl,
                        QStringLiteral("Address of the service, such as %1")
                            .arg(defaultUrl.isEmpty() ? QStringLiteral("https://example.org")
                                                      : defaultUrl)),
            serviceText(service, QStringLiteral("key_file"), {},
                        QStringLiteral("File that holds ") + keyHelp),
            key, timeout, authority};
}

QString servicePath(const QString& service, const char* key) {
    return section(service) + u'.' + QString::fromLatin1(key);
}

Outcome<QUrl> serviceUrl(const QString& service, const Settings& settings) {
    const QString path = servicePath(service, "url");
    const QString text = settings.text(path);
    if (text.isEmpty())
        return fail(FailureKind::Invalid, QStringLiteral("%1 is needed: the address of the service "
                                                         "(--url, or in the configuration)")
                                              .arg(path));
    QUrl url(text, QUrl::StrictMode);
    const bool isWeb =
        url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    if (!url.isValid() || !isWeb || url.host().isEmpty() || !url.userInfo().isEmpty() ||
        url.hasQuery() || url.hasFragment())
        return fail(FailureKind::Invalid,
                    QStringLiteral("%1 must be an http or https address with a host and without "
                                   "user, query and fragment, such as http://127.0.0.1:8000")
                        .arg(path));
    const bool isDefaultPort = url.port() == (url.scheme() == QLatin1String("https") ? 443 : 80);
    if (isDefaultPort)
        url.setPort(-1);
    while (url.path().endsWith(u'/'))
        url.setPath(url.path().chopped(1));
    return url;
}

Outcome<QByteArray> serviceKey(const QString& service, const Settings& settings) {
    const QString path = servicePath(service, "key_file");
    const QString name = settings.text(path);
    QByteArray key = settings.text(servicePath(service, "key")).toUtf8().trimmed();
    if (!name.isEmpty()) {
        QFile file(name);
        if (!file.open(QIODevice::ReadOnly))
            return fail(
                FailureKind::Invalid,
                QStringLiteral("%1: %2 can't be read: %3").arg(path, name, file.errorString()));
        key = file.read(maxKeyBytes + 1).trimmed();
        if (key.isEmpty() || key.size() > maxKeyBytes)
            return fail(FailureKind::Invalid,
                        QStringLiteral("%1: %2 is empty or longer than %3 bytes; it must hold the "
                                       "key and nothing else")
                            .arg(path, name)
                            .arg(maxKeyBytes));
    }
    if (!isPrintable(key))
        return fail(FailureKind::Invalid,
                    QStringLiteral("%1: the key holds control characters").arg(path));
    return key;
}

Outcome<std::unique_ptr<HttpClient>> serviceHttpClient(const QString& service, Clock& clock,
                                                       const Settings& settings) {
    auto client = std::make_unique<HttpClient>(clock);
    const QString path = servicePath(service, "ca_file");
    const QString name = settings.text(path);
    if (name.isEmpty())
        return client;
    const auto certificates = QSslCertificate::fromPath(name);
    if (certificates.isEmpty())
        return fail(FailureKind::Invalid,
                    QStringLiteral("%1: %2 holds no certificate in PEM").arg(path, name));
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.addCaCertificates(certificates);
    client->setTls(tls);
    return client;
}

QUrl below(const QUrl& base, const QByteArray& encodedPath, const QByteArray& encodedQuery) {
    QByteArray text = base.toEncoded(QUrl::StripTrailingSlash) + encodedPath;
    if (!encodedQuery.isEmpty())
        text += '?' + encodedQuery;
    return QUrl::fromEncoded(text, QUrl::StrictMode);
}

} // namespace vigie
