#pragma once

#include "core/model/fleetsnapshot.h"

#include <array>

class QPainter;
class QRectF;

namespace vigie {

class Theme;
using BeatTicks = std::array<BeatTick, 60>;

/// One tick per expected heartbeat, newest right: on time a full bar, late a half one, missed a
/// gap with a foot, unknown a dot. Each differs in shape, not only in colour. `stale` hatches the
/// whole strip: the ticks are what was last heard.
void paintHeartbeatStrip(QPainter& painter, const QRectF& box, const BeatTicks& beats,
                         const Theme& theme, bool stale);

/// "57 on time, 2 late, 1 missed of 60": the strip in words.
QString heartbeatStripText(const BeatTicks& beats);

} // namespace vigie
