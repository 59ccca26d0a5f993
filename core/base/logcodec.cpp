#include "core/base/logcodec.h"

#include "core/base/timeformat.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace vigie {

QByteArray logLineAsJson(const LogRecord& record) {
    QJsonObject line{
        {QStringLiteral("time"), toRfc3339(record.time)},
        {QStringLiteral("level"), toString(record.level)},
        {QStringLiteral("category"), record.category},
        {QStringLiteral("message"), record.message},
    };
    if (!record.correlationId.isEmpty())
        line.insert(QStringLiteral("correlation_id"), record.correlationId);
    if (!record.traceId.isEmpty())
        line.insert(QStringLiteral("trace_id"), record.traceId);
    return QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n';
}

QByteArray logLineAsText(const LogRecord& record) {
    QString message = record.message;
    message.replace(QLatin1Char('\n'), QLatin1String("\\n"));
    QString line =
        QStringLiteral("%1 %2 %3: %4")
            .arg(toRfc3339(record.time), toString(record.level), record.category, message);
    if (!record.correlationId.isEmpty())
        line += QStringLiteral(" [%1]").arg(record.correlationId);
    if (!record.traceId.isEmpty())
        line += QStringLiteral(" [trace %1]").arg(record.traceId);
    return line.toUtf8() + '\n';
}

} // namespace vigie
