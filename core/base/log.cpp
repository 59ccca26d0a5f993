#include "core/base/log.h"

#include "core/base/logcodec.h"
#include "core/base/quietlog.h"
#include "core/base/systemclock.h"

#include <QtGlobal>

#include <cstdio>
#include <mutex>

namespace vigie {

namespace {

struct Sink {
    std::mutex mutex;
    LogSink write;
};

thread_local int quietness = 0;

Sink& sink() {
    static Sink instance;
    return instance;
}

void fromQt(QtMsgType type, const QMessageLogContext& context, const QString& message) {
    const LogLevel level = type == QtDebugMsg     ? LogLevel::Debug
                           : type == QtInfoMsg    ? LogLevel::Info
                           : type == QtWarningMsg ? LogLevel::Warning
                                                  : LogLevel::Error;
    const QString category = QString::fromUtf8(context.category ? context.category : "qt");
    log(level, category == QLatin1String("default") ? QStringLiteral("qt") : category, message);
}

} // namespace

QuietLog::QuietLog() {
    ++quietness;
}

QuietLog::~QuietLog() {
    --quietness;
}

QString toString(LogLevel level) {
    switch (level) {
    case LogLevel::Debug:
        return QStringLiteral("debug");
    case LogLevel::Info:
        return QStringLiteral("info");
    case LogLevel::Warning:
        return QStringLiteral("warning");
    case LogLevel::Error:
        break;
    }
    return QStringLiteral("error");
}

void setLogSink(LogSink write) {
    {
        const std::lock_guard lock(sink().mutex);
        sink().write = std::move(write);
    }
    qInstallMessageHandler(fromQt);
}

void log(LogLevel level, const QString& category, const QString& message,
         const QString& correlationId, const QString& traceId) {
    if (quietness > 0)
        return;
    // Logs are stamped with the machine's clock also under test: they are for people.
    const LogRecord record{SystemClock().wallNow(), level,  category, message,
                           correlationId,           traceId};
    const std::lock_guard lock(sink().mutex);
    if (sink().write) {
        sink().write(record);
        return;
    }
    const QByteArray line = logLineAsText(record);
    std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stderr);
}

} // namespace vigie
