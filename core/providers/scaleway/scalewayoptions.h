#pragma once

#include "core/base/clock.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QUrl>

namespace vigie {

/// Where Scaleway's APIs are and who calls them.
struct ScalewayApiOptions {
    QUrl instanceUrl, blockUrl; ///< without a trailing slash
    QByteArray secretKey;       ///< X-Auth-Token; in no message and no log
    QString project;
    Duration callTimeout = std::chrono::seconds(30); ///< of each call
    int pageSize = 100;                              ///< 1..100
};

/// What the worker's installation on a new machine needs to know.
struct UserDataOptions {
    QString templateText;  ///< with @NAME@ in place of what is filled in
    QUrl packageUrl;       ///< a .deb of vigie-worker; empty: the image has it
    QString packageSha256; ///< hexadecimal; with packageUrl
    QUrl modelUrl;         ///< of the model server, as seen on the machine
    int healthPort = 8080;
};

struct ScalewayOptions {
    ScalewayApiOptions api;
    QStringList zones;
    QStringList types;          ///< commercial types that are offered; empty: all
    QStringList images;         ///< an image's UUID, or "zone=UUID" for one zone
    QStringList securityGroups; ///< the same; empty: the project's default
    QString clusterTag;         ///< "vigie-cluster:<id>"; what lacks it is never touched
    QString volumeType;         ///< of the boot volume; empty: as the type has it
    int volumeGb = 0;           ///< 0: as the image has it
    bool publicAddress = true;
    UserDataOptions userData;
    QString journalFile; ///< creates under way
    /// How long a server that was just made may be missing from lists.
    Duration settle = std::chrono::seconds(120);
    Duration catalogueInterval = std::chrono::hours(1);
    Duration catalogueRetry = std::chrono::seconds(30); ///< while there is none yet
};

} // namespace vigie
