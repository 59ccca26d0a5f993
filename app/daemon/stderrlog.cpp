#include "app/daemon/stderrlog.h"

#include "core/base/log.h"
#include "core/base/logcodec.h"

#include <cstdio>

namespace vigie {

void logToStderr(const Settings& settings) {
    const bool asJson = settings.text(QStringLiteral("log.format")) == QLatin1String("json");
    const QString word = settings.text(QStringLiteral("log.level"));
    LogLevel least = LogLevel::Debug;
    for (const LogLevel level : {LogLevel::Info, LogLevel::Warning, LogLevel::Error}) {
        if (word == toString(level))
            least = level;
    }
    setLogSink([asJson, least](const LogRecord& record) {
        if (record.level < least)
            return;
        const QByteArray line = asJson ? logLineAsJson(record) : logLineAsText(record);
        std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stderr);
    });
}

} // namespace vigie
