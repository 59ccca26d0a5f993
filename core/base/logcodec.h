#pragma once

#include "core/base/log.h"

#include <QByteArray>

namespace vigie {

/// {"time":…,"level":…,"category":…,"message":…,"correlation_id":…,"trace_id":…} and a newline;
/// the ids where they are known.
QByteArray logLineAsJson(const LogRecord& record);

/// For people: time, level, category, message, one line whatever the message holds.
QByteArray logLineAsText(const LogRecord& record);

} // namespace vigie
