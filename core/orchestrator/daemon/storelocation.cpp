#include "core/orchestrator/daemon/storelocation.h"

#include "core/store/postgres/address.h"

#include <QDir>
#include <QRegularExpression>
#include <QStandardPaths>

namespace vigie {

namespace {

const QString sqlite = QStringLiteral("sqlite:");
const QString postgresql = QStringLiteral("postgresql:");

/// Below the user's data directory; made when it is missing.
Outcome<QString> dataFolder(const QString& name) {
    const QString folder =
        QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + name;
    if (QDir().mkpath(folder))
        return folder;
    return fail(FailureKind::Storage,
                QStringLiteral("the data directory %1 can't be made; set XDG_DATA_HOME to a "
                               "folder that can be written")
                    .arg(folder));
}

/// Files of a daemon whose store is no file: named after the database, so that daemons on several
/// databases keep apart.
Outcome<QString> besideDatabase(const QString& url) {
    const auto address = stores::postgres::Address::parse(url.mid(postgresql.size()));
    if (!address)
        return fail(address.error());
    const auto folder = dataFolder(QStringLiteral("/vigie/postgresql"));
    if (!folder)
        return fail(folder.error());
    static const QRegularExpression unfit(QStringLiteral("[^A-Za-z0-9.-]"));
    QString name = QStringLiteral("%1_%2_%3")
                       .arg(address->host, QString::number(address->port), address->database);
    return *folder + u'/' + name.replace(unfit, QStringLiteral("_"));
}

} // namespace

Outcome<StoreLocation> storeLocation(const Settings& settings) {
    StoreLocation location;
    location.url = settings.text(QStringLiteral("store.url"));
    if (location.url.isEmpty()) {
        const auto folder = dataFolder(QStringLiteral("/vigie"));
        if (!folder)
            return fail(folder.error());
        location.url = sqlite + *folder + QStringLiteral("/fleet.db");
    }
    QString beside;
    if (location.url.startsWith(postgresql)) {
        const auto files = besideDatabase(location.url);
        if (!files)
            return fail(files.error());
        beside = *files;
    } else if (location.url.startsWith(sqlite) && location.url.size() > sqlite.size()) {
        beside = QDir::current().absoluteFilePath(location.url.mid(sqlite.size()));
    } else {
        return fail(FailureKind::Invalid,
                    QStringLiteral("[store] url (--store) is of no kind that is known; it must be "
                                   "sqlite: and a path, such as sqlite:/var/lib/vigie/fleet.db, or "
                                   "postgresql://user@host:port/database"));
    }
    location.stateDirectory = beside + QStringLiteral(".state");
    location.tokenFile = settings.text(QStringLiteral("access.token_file"));
    if (location.tokenFile.isEmpty())
        location.tokenFile = beside + QStringLiteral(".admin-token");
    return location;
}

} // namespace vigie
