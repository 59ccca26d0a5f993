#pragma once

#include "core/base/clock.h"

#include <QByteArray>

#include <optional>

namespace vigie {

/// Reads an HTTP date in any of the three forms of RFC 9110 (IMF-fixdate, RFC 850, asctime).
std::optional<WallTime> fromHttpDate(const QByteArray& text);

/// Reads Retry-After: seconds, or an HTTP date that is compared with `now`. Never negative, a day
/// at most; nothing for anything else.
std::optional<Duration> fromRetryAfter(const QByteArray& value, WallTime now);

} // namespace vigie
