#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"

#include <QString>

#include <functional>

namespace vigie {

enum class LogLevel { Debug, Info, Warning, Error };
QString toString(LogLevel level);

/// One line of the log.
struct LogRecord {
    WallTime time{};
    LogLevel level = LogLevel::Info;
    QString category; ///< "http", "store", "jobs.worker-watchdog", ...
    QString message;
    QString correlationId;
    QString traceId; ///< of the W3C trace context of the call it belongs to
};

/// Where records go; called by one thread at a time. The process has one, as it has one stderr.
using LogSink = std::function<void(const LogRecord&)>;

/// Replaces the sink and routes Qt's own messages into it too. Before the first call, and after an
/// empty one, records go to stderr as text.
void setLogSink(LogSink sink);

/// Any thread. Never pass a secret.
void log(LogLevel level, const QString& category, const QString& message,
         const QString& correlationId = {}, const QString& traceId = {});

inline void logDebug(const QString& category, const QString& message, const QString& id = {}) {
    log(LogLevel::Debug, category, message, id);
}
inline void logInfo(const QString& category, const QString& message, const QString& id = {}) {
    log(LogLevel::Info, category, message, id);
}
inline void logWarning(const QString& category, const QString& message, const QString& id = {}) {
    log(LogLevel::Warning, category, message, id);
}
inline void logError(const QString& category, const QString& message, const QString& id = {}) {
    log(LogLevel::Error, category, message, id);
}

} // namespace vigie
