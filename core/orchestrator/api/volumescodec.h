#pragma once

#include "core/orchestrator/volumesurvey.h"

#include <QByteArray>

namespace vigie {

/// GET /volumes: each with who says what.
QByteArray encodeVolumeFindings(const std::vector<VolumeFinding>& findings,
                                const std::optional<WallTime>& listedAt, const ControlPlane& plane);

} // namespace vigie
