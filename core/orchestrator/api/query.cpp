#include "core/orchestrator/api/query.h"

#include "core/base/ids.h"
#include "core/base/timeformat.h"

#include <cmath>

namespace vigie {

std::optional<QString> QueryReader::value(const QString& name) const {
    if (!m_query.hasQueryItem(name))
        return std::nullopt;
    return m_query.queryItemValue(name, QUrl::FullyDecoded);
}

void QueryReader::refuse(const QString& name, const QString& value, const QString& allowed) {
    if (m_mistake)
        return;
    m_mistake = Failure{
        FailureKind::Invalid,
        QStringLiteral("query parameter %1 is \"%2\"; %3").arg(name, value.left(64), allowed),
        0,
        {},
        QStringLiteral("invalid_request"),
        {}};
}

std::optional<bool> QueryReader::boolean(const QString& name) {
    const auto text = value(name);
    if (!text)
        return std::nullopt;
    if (*text == QLatin1String("true") || *text == QLatin1String("1"))
        return true;
    if (*text == QLatin1String("false") || *text == QLatin1String("0"))
        return false;
    refuse(name, *text, QStringLiteral("allowed are true and false"));
    return std::nullopt;
}

int QueryReader::integer(const QString& name, int fallback, int minimum, int maximum) {
    const auto text = value(name);
    if (!text)
        return fallback;
    bool ok = false;
    const int number = text->toInt(&ok);
    if (ok && number >= minimum && number <= maximum)
        return number;
    refuse(name, *text,
           QStringLiteral("it must be a whole number from %1 to %2").arg(minimum).arg(maximum));
    return fallback;
}

Duration QueryReader::seconds(const QString& name, Duration fallback, Duration maximum) {
    const auto text = value(name);
    if (!text)
        return fallback;
    bool ok = false;
    const double number = text->toDouble(&ok);
    if (ok && std::isfinite(number) && number >= 0 && number <= toSeconds(maximum))
        return fromSeconds(number);
    refuse(name, *text, QStringLiteral("it must be seconds from 0 to %1").arg(toSeconds(maximum)));
    return fallback;
}

QString QueryReader::word(const QString& name, const QString& fallback,
                          const QStringList& allowed) {
    const auto text = value(name);
    if (!text)
        return fallback;
    if (allowed.contains(*text))
        return *text;
    refuse(name, *text, QStringLiteral("allowed are %1").arg(allowed.join(QLatin1String(", "))));
    return fallback;
}

QString QueryReader::text(const QString& name, int maximumLength) {
    const auto text = value(name);
    if (!text)
        return {};
    if (text->size() > maximumLength) {
        refuse(name, *text, QStringLiteral("it may have at most %1 characters").arg(maximumLength));
    }
    return *text;
}

QString QueryReader::uuid(const QString& name) {
    const QString given = text(name);
    if (given.isEmpty())
        return {};
    QString uuid = canonicalUuid(given);
    if (uuid.isEmpty())
        refuse(name, given, QStringLiteral("it must be a UUID"));
    return uuid;
}

} // namespace vigie
