#pragma once

#include "core/base/clock.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace vigie {

/// The two APIs that have volumes; neither knows those of the other.
enum class ScalewayVolumeApi { Block, Instance };

/// A volume as the server it belongs to tells of it: for those of the block API little is told.
struct ScalewayServerVolume {
    QString id, name, type;
    qint64 bytes = 0; ///< 0: not told
    bool boot = false;

    ScalewayVolumeApi api() const {
        return type.startsWith(QLatin1String("sbs")) ? ScalewayVolumeApi::Block
                                                     : ScalewayVolumeApi::Instance;
    }
};

/// A server as the instance API tells of it.
struct ScalewayServer {
    QString id, name, zone, project;
    QString state; ///< running, stopped, stopped in place, starting, stopping, locked
    QString stateDetail;
    QStringList allowedActions; ///< empty: not told
    QStringList tags;
    QString address; ///< the first public one, else the private one; may be empty
    std::optional<WallTime> createdAt;
    std::vector<ScalewayServerVolume> volumes;

    bool allows(const QString& action) const {
        return allowedActions.isEmpty() || allowedActions.contains(action);
    }
};

/// What POST /servers is told.
struct NewScalewayServer {
    QString name, commercialType, image, project, securityGroup;
    QStringList tags;
    QString volumeType; ///< of the boot volume; empty: as the type of server has it
    int volumeGb = 0;   ///< 0: as the image has it
    bool publicAddress = true;
};

/// A volume of either API.
struct ScalewayVolume {
    QString id, name, type, zone, project, status;
    qint64 bytes = 0;
    QString server; ///< id of the server it is attached to; empty: to none
    QStringList tags;
    std::optional<WallTime> createdAt;
};

/// One page of a list.
template <typename T>
struct ScalewayPage {
    std::vector<T> items;
    std::optional<qint64> total; ///< of all pages, where the body tells
};

/// What a zone sells.
struct ScalewayType {
    QString name;
    double hourlyPrice = 0; ///< EUR
    int cpus = 0, ramGb = 0, gpus = 0, gpuVramGb = 0;
};

} // namespace vigie
