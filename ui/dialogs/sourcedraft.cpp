#include "ui/dialogs/sourcedraft.h"

#include "core/base/timeformat.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace vigie {

namespace {

struct D {
    Q_DECLARE_TR_FUNCTIONS(Sources)
};

/// "host:8003" is what people type; it means http.
QUrl urlOf(const QString& text) {
    const QString trimmed = text.trimmed();
    return QUrl(trimmed.contains(QLatin1String("://")) ? trimmed
                                                       : QStringLiteral("http://") + trimmed,
                QUrl::StrictMode);
}

bool isLoopback(const QString& host) {
    return host == QLatin1String("localhost") || host.startsWith(QLatin1String("127.")) ||
           host == QLatin1String("::1");
}

} // namespace

SourceId sourceIdOf(const QUrl& url) {
    QUrl plain = url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveFragment |
                              QUrl::NormalizePathSegments | QUrl::StripTrailingSlash);
    if (plain.path() == QLatin1String("/"))
        plain.setPath({});
    return SourceId(plain.toString(QUrl::FullyEncoded));
}

SourceDraft SourceDraft::of(const SourceConfig& config) {
    SourceDraft draft;
    draft.id = config.id;
    draft.name = config.name;
    draft.kind = config.kind;
    draft.url = config.url.toString();
    draft.email = config.email;
    draft.tokenFile = config.tokenFile;
    draft.caFile = config.caFile;
    draft.intervalSeconds = toSeconds(config.interval);
    if (!config.email.isEmpty()) {
        draft.access = Access::Password;
        draft.password = config.secret;
    } else if (!config.tokenFile.isEmpty()) {
        draft.access = Access::TokenFile;
    } else if (!config.secret.isEmpty()) {
        draft.access = Access::Token;
        draft.token = config.secret;
    }
    return draft;
}

std::vector<SourceDraft::Mistake>
SourceDraft::mistakes(const std::vector<SourceConfig>& others) const {
    std::vector<Mistake> found;
    const auto readable = [](const QString& path) {
        const QFileInfo file(path);
        return file.isFile() && file.isReadable();
    };
    const QUrl parsed = urlOf(url);
    if (url.trimmed().isEmpty())
        found.push_back({Field::Url, D::tr("An address is needed, e.g. https://host:8003")});
    else if (!parsed.isValid() || parsed.host().isEmpty())
        found.push_back({Field::Url, D::tr("'%1' is not an address").arg(url)});
    else if (parsed.scheme() != QLatin1String("http") && parsed.scheme() != QLatin1String("https"))
        found.push_back({Field::Url, D::tr("The address must begin with http:// or https://")});
    else if (!parsed.userInfo().isEmpty())
        found.push_back({Field::Url, D::tr("Leave name and password out of the address; use the "
                                           "fields below")});
    else if (id.isEmpty())
        for (const SourceConfig& other : others)
            if (sourceIdOf(other.url) == sourceIdOf(parsed))
                found.push_back({Field::Url, D::tr("This address is watched already")});
    if (access == Access::Token && token.trimmed().isEmpty())
        found.push_back({Field::Token, D::tr("A token is needed, or choose another access")});
    if (access == Access::Token && token.trimmed().contains(QLatin1Char(' ')))
        found.push_back({Field::Token, D::tr("A token holds no spaces")});
    if (access == Access::TokenFile && !readable(tokenFile))
        found.push_back({Field::TokenFile, D::tr("This file can't be read: %1").arg(tokenFile)});
    if (access == Access::Password && !email.contains(QLatin1Char('@')))
        found.push_back({Field::Email, D::tr("An e-mail address is needed")});
    if (access == Access::Password && password.isEmpty())
        found.push_back({Field::Password, D::tr("A password is needed")});
    if (!caFile.isEmpty() && !readable(caFile))
        found.push_back({Field::CaFile, D::tr("This file can't be read: %1").arg(caFile)});
    if (intervalSeconds < 0.2 || intervalSeconds > 3600)
        found.push_back({Field::Interval, D::tr("0.2 to 3600 seconds")});
    return found;
}

QString SourceDraft::warning() const {
    const QUrl parsed = urlOf(url);
    if (access != Access::None && parsed.scheme() == QLatin1String("http") &&
        !parsed.host().isEmpty() && !isLoopback(parsed.host()))
        return D::tr("Over plain http, everybody on the way can read the secret.");
    return {};
}

SourceConfig SourceDraft::config() const {
    SourceConfig config;
    config.url = urlOf(url);
    config.id = id.isEmpty() ? sourceIdOf(config.url) : id;
    config.name = name.trimmed();
    config.kind = kind;
    config.caFile = caFile;
    config.interval = fromSeconds(intervalSeconds);
    if (access == Access::Token)
        config.secret = token.trimmed();
    if (access == Access::TokenFile)
        config.tokenFile = tokenFile;
    if (access == Access::Password) {
        config.email = email.trimmed();
        config.secret = password;
    }
    return config;
}

} // namespace vigie
