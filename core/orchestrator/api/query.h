#pragma once

#include "core/base/clock.h"
#include "core/base/failure.h"

#include <QStringList>
#include <QUrlQuery>

#include <optional>

namespace vigie {

/// Reads the query of a call. The first mistake is kept, names the parameter, its value and what is
/// allowed, and is asked for once at the end.
class QueryReader {
public:
    explicit QueryReader(const QUrlQuery& query) : m_query(query) {}

    std::optional<bool> boolean(const QString& name);
    int integer(const QString& name, int fallback, int minimum, int maximum);
    Duration seconds(const QString& name, Duration fallback, Duration maximum);
    QString word(const QString& name, const QString& fallback, const QStringList& allowed);
    QString text(const QString& name, int maximumLength = 256);
    /// A UUID as the store has it, in lower case; empty when none is named.
    QString uuid(const QString& name);

    const std::optional<Failure>& mistake() const { return m_mistake; }

private:
    std::optional<QString> value(const QString& name) const;
    void refuse(const QString& name, const QString& value, const QString& allowed);

    const QUrlQuery& m_query;
    std::optional<Failure> m_mistake;
};

} // namespace vigie
