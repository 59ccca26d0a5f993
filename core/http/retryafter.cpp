#include "core/http/retryafter.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace vigie {

namespace {

constexpr Duration longestWait = std::chrono::hours(24);

} // namespace

std::optional<WallTime> fromHttpDate(const QByteArray& text) {
    // Without the day of the week: it carries nothing, and RFC 850 years have two digits.
    QString cleaned = QString::fromLatin1(text).simplified();
    cleaned.remove(0, cleaned.indexOf(QLatin1Char(' ')) + 1);
    for (const QString& form :
         {QStringLiteral("dd MMM yyyy HH:mm:ss 'GMT'"), QStringLiteral("dd-MMM-yy HH:mm:ss 'GMT'"),
          QStringLiteral("MMM d HH:mm:ss yyyy")}) {
        QDateTime time = QLocale::c().toDateTime(cleaned, form);
        if (!time.isValid())
            continue;
        if (time.date().year() < 1970)
            time = time.addYears(100);
        const QDateTime utc(time.date(), time.time(), Qt::UTC);
        return WallTime(std::chrono::milliseconds(utc.toMSecsSinceEpoch()));
    }
    return {};
}

std::optional<Duration> fromRetryAfter(const QByteArray& value, WallTime now) {
    const QByteArray text = value.trimmed();
    if (!text.isEmpty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
        bool ok = false;
        const qlonglong seconds = text.toLongLong(&ok);
        return ok && seconds < 86400 ? std::chrono::seconds(seconds) : longestWait;
    }
    if (const auto time = fromHttpDate(text))
        return std::clamp<Duration>(*time - now, Duration::zero(), longestWait);
    return {};
}

} // namespace vigie
