#include "core/orchestrator/daemon/storelocation.h"

#include <QDir>
#include <QStandardPaths>

namespace vigie {

Outcome<StoreLocation> storeLocation(const Settings& settings) {
    const QString scheme = QStringLiteral("sqlite:");
    StoreLocation location;
    location.url = settings.text(QStringLiteral("store.url"));
    if (location.url.isEmpty()) {
        const QString folder =
            QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
            QStringLiteral("/vigie");
        if (!QDir().mkpath(folder)) {
            return fail(FailureKind::Storage,
                        QStringLiteral("the data directory %1 can't be made; name a store with "
                                       "--store sqlite:/path/fleet.db")
                            .arg(folder));
        }
        location.url = scheme + folder + QStringLiteral("/fleet.db");
    }
    if (!location.url.startsWith(scheme) || location.url.size() == scheme.size()) {
        return fail(FailureKind::Invalid,
                    QStringLiteral("[store] url (--store) is \"%1\"; it must be sqlite: and a "
                                   "path, such as sqlite:/var/lib/vigie/fleet.db")
                        .arg(location.url));
    }
    const QString file = QDir::current().absoluteFilePath(location.url.mid(scheme.size()));
    location.stateDirectory = file + QStringLiteral(".state");
    location.tokenFile = settings.text(QStringLiteral("access.token_file"));
    if (location.tokenFile.isEmpty())
        location.tokenFile = file + QStringLiteral(".admin-token");
    return location;
}

} // namespace vigie
