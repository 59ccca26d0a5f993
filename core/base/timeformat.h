#pragma once

#include "core/base/clock.h"

#include <QString>

#include <optional>

namespace vigie {

/// RFC 3339 in UTC with milliseconds: 2026-11-22T04:23:54.120Z.
QString toRfc3339(WallTime time);

/// Reads RFC 3339 with any offset and any number of fractional digits; also the form without an
/// offset that some orchestrators send (taken as UTC). Nothing for anything else.
std::optional<WallTime> fromRfc3339(QStringView text);

/// "850 ms", "14 s", "3 min 20 s", "2 h 05 min", "3 d 04 h": at most two units, for people.
QString humanDuration(Duration duration);

/// Seconds as a double, for the wire and for charts.
double toSeconds(Duration duration);
Duration fromSeconds(double seconds);

} // namespace vigie
