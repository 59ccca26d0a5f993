#pragma once

#include "core/base/outcome.h"
#include "core/providers/scaleway/scalewayserver.h"

#include <QByteArray>

namespace vigie {

/// The bodies of both APIs about volumes; Malformed without an id or the list.
Outcome<ScalewayVolume> decodeScalewayVolume(ScalewayVolumeApi api, const QByteArray& body);
Outcome<ScalewayPage<ScalewayVolume>> decodeScalewayVolumes(ScalewayVolumeApi api,
                                                            const QByteArray& body);

} // namespace vigie
