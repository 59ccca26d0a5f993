#pragma once

#include "core/base/clock.h"

#include <QtGlobal>

#include <optional>
#include <string_view>

namespace vigie {

/// RFC 3339 as every orchestrator writes it, ten times as fast as fromRfc3339(), which reads the
/// unusual forms and is asked when this shape does not fit.
std::optional<WallTime> timeFromText(std::string_view text);

/// A finite number that is the whole text; nothing for anything else.
std::optional<double> numberFromText(std::string_view text);

/// A number without a fraction that fits; nothing for anything else.
std::optional<qint64> wholeNumber(double number);
std::optional<int> smallNumber(std::optional<qint64> number);

} // namespace vigie
