#include "core/base/timeformat.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QStringBuilder>
#include <QTimeZone>

#include <cmath>
#include <limits>

namespace vigie {

using namespace std::chrono;

QString toRfc3339(WallTime time) {
    return QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count(), Qt::UTC)
        .toString(Qt::ISODateWithMs);
}

std::optional<WallTime> fromRfc3339(QStringView text) {
    static const QRegularExpression form(QStringLiteral(
        R"(^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,12}))?(Z|z|[+-]\d\d:?\d\d)?$)"));
    const auto match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const QDate date = QDate::fromString(match.captured(1), Qt::ISODate);
    const QTime time = QTime::fromString(match.captured(2), QStringLiteral("HH:mm:ss"));
    if (!date.isValid() || !time.isValid())
        return std::nullopt;
    qint64 ms = QDateTime(date, time, Qt::UTC).toMSecsSinceEpoch();
    if (const QString fraction = match.captured(3); !fraction.isEmpty())
        ms += (fraction + QStringLiteral("00")).left(3).toInt();
    if (const QString zone = match.captured(4); zone.size() > 1) {
        const int hours = zone.mid(1, 2).toInt();
        const int minutes = zone.right(2).toInt();
        const qint64 offset = (hours * 60 + minutes) * 60'000LL;
        ms += zone.startsWith(QLatin1Char('-')) ? offset : -offset;
    }
    return WallTime(milliseconds(ms));
}

QString humanDuration(Duration duration) {
    if (duration < Duration::zero())
        return u"-" % humanDuration(-duration);
    const auto two = [](qint64 n) { return QString::number(n).rightJustified(2, u'0'); };
    const auto ms = duration_cast<milliseconds>(duration).count();
    if (ms < 1000)
        return QString::number(ms) % u" ms";
    const auto s = ms / 1000;
    if (s < 60)
        return QString::number(s) % u" s";
    if (s < 3600)
        return QString::number(s / 60) % u" min " % two(s % 60) % u" s";
    if (s < 86'400)
        return QString::number(s / 3600) % u" h " % two(s / 60 % 60) % u" min";
    return QString::number(s / 86'400) % u" d " % two(s / 3600 % 24) % u" h";
}

double toSeconds(Duration duration) {
    return duration_cast<std::chrono::duration<double>>(duration).count();
}

Duration fromSeconds(double seconds) {
    constexpr double limit = 9.2e9; // what 64 bits of nanoseconds hold, about 292 years
    if (std::isnan(seconds))
        return Duration::zero();
    return Duration(static_cast<qint64>(std::clamp(seconds, -limit, limit) * 1e9));
}

} // namespace vigie
