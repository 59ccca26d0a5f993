#include "core/store/postgres/address.h"

#include <QRegularExpression>
#include <QUrl>
#include <QUrlQuery>

namespace vigie::stores::postgres {

namespace {

const QStringList& knownOptions() {
    static const QStringList names{QStringLiteral("sslmode"),  QStringLiteral("sslrootcert"),
                                   QStringLiteral("sslcert"),  QStringLiteral("sslkey"),
                                   QStringLiteral("passfile"), QStringLiteral("host")};
    return names;
}

tl::unexpected<Failure> wrong(const QString& what) {
    return fail(FailureKind::Invalid, QStringLiteral("[store] url (--store): %1; it must be like "
                                                     "postgresql://vigie@db.example.org:5432/fleet")
                                          .arg(what));
}

/// Why `value` can't be handed to libpq; nothing when it can.
std::optional<QString> unfit(const QString& name, const QString& value) {
    if (value.contains(u';') || value.contains(u'\0') || value.contains(u'\n'))
        return QStringLiteral("the %1 holds a semicolon, a line break or a NUL").arg(name);
    return std::nullopt;
}

QString quoted(QString value) {
    value.replace(u'\\', QLatin1String("\\\\")).replace(u'\'', QLatin1String("\\'"));
    return u'\'' + value + u'\'';
}

Outcome<void> takeOptions(const QUrl& url, Address& address) {
    const auto items = QUrlQuery(url).queryItems(QUrl::FullyDecoded);
    for (const auto& [name, value] : items) {
        if (!knownOptions().contains(name))
            return wrong(QStringLiteral("\"%1\" is none of the options %2")
                             .arg(name.left(40), knownOptions().join(QLatin1String(", "))));
        if (value.isEmpty())
            return wrong(QStringLiteral("the option %1 has no value").arg(name));
        if (const auto why = unfit(name, value))
            return wrong(*why);
        if (name == u"host")
            address.host = value;
        else
            address.options.append(name + u'=' + quoted(value));
    }
    return {};
}

} // namespace

Outcome<Address> Address::parse(const QString& text) {
    // QUrl takes no user without a host, which is how the folder of a socket is written.
    static const QRegularExpression hostless(QStringLiteral("^//([^/?#@]*@)?(?=[:/])"));
    QString whole = text;
    const auto socket = hostless.match(text);
    if (socket.hasMatch())
        whole.insert(socket.capturedEnd(), QLatin1String("socket"));
    const QUrl url(QStringLiteral("postgresql:") + whole, QUrl::StrictMode);
    if (!text.startsWith(QLatin1String("//")) || !url.isValid())
        return wrong(QStringLiteral("this is no URL of a database"));
    Address address;
    address.host = url.host(QUrl::FullyDecoded);
    if (socket.hasMatch())
        address.host.clear();
    address.port = url.port(5432);
    address.user = url.userName(QUrl::FullyDecoded);
    address.password = url.password(QUrl::FullyDecoded);
    address.database = url.path(QUrl::FullyDecoded).mid(1);
    if (address.user.isEmpty())
        return wrong(QStringLiteral("the user is missing"));
    if (address.database.isEmpty() || address.database.contains(u'/'))
        return wrong(QStringLiteral("the name of the database is missing or wrong"));
    if (address.port < 1)
        return wrong(QStringLiteral("the port %1 is none of 1..65535").arg(address.port));
    if (url.hasFragment())
        return wrong(QStringLiteral("it has a part after \"#\"; write that character as %23"));
    const std::pair<const char*, const QString*> parts[] = {{"host", &address.host},
                                                            {"user", &address.user},
                                                            {"password", &address.password},
                                                            {"database", &address.database}};
    for (const auto& [name, value] : parts) {
        if (const auto why = unfit(QLatin1String(name), *value))
            return wrong(*why);
    }
    if (const auto taken = takeOptions(url, address); !taken)
        return fail(taken.error());
    if (address.host.isEmpty())
        return wrong(QStringLiteral("the host is missing; a Unix socket is named by its folder, "
                                    "?host=/var/run/postgresql"));
    return address;
}

QString Address::display() const {
    if (host.startsWith(u'/'))
        return QStringLiteral("postgresql://%1@:%2/%3?host=%4")
            .arg(user, QString::number(port), database, host);
    QUrl url;
    url.setScheme(QStringLiteral("postgresql"));
    url.setUserName(user);
    url.setHost(host);
    url.setPort(port);
    url.setPath(u'/' + database);
    return url.toString();
}

} // namespace vigie::stores::postgres
