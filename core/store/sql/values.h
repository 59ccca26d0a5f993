#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"

#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include <optional>
#include <vector>

/// How our values look in SQL, and back: what is empty or absent is NULL.
namespace vigie::stores::sql {

inline QVariant toSql(const QString& text) {
    return text.isEmpty() ? QVariant() : QVariant(text);
}
/// JSON is kept as text, so that people can query it.
inline QVariant toSql(const QByteArray& json) {
    return json.isEmpty() ? QVariant() : QVariant(QString::fromUtf8(json));
}
inline QVariant toSql(WallTime time) {
    return QVariant(static_cast<qint64>(time.time_since_epoch().count()));
}
inline QVariant toSql(bool truth) {
    return QVariant(truth ? 1 : 0);
}
inline QVariant toSql(int number) {
    return QVariant(number);
}
inline QVariant toSql(qint64 number) {
    return QVariant(number);
}
inline QVariant toSql(double number) {
    return QVariant(number);
}
template <typename Tag>
QVariant toSql(const StrongId<Tag>& id) {
    return toSql(id.value());
}
template <typename T>
QVariant toSql(const std::optional<T>& maybe) {
    return maybe ? toSql(*maybe) : QVariant();
}
QVariant toSql(const std::vector<int>& numbers); ///< "80,200"

inline void fromSql(const QVariant& value, QString& to) {
    to = value.toString();
}
inline void fromSql(const QVariant& value, QByteArray& to) {
    to = value.toString().toUtf8();
}
inline void fromSql(const QVariant& value, WallTime& to) {
    to = WallTime(std::chrono::milliseconds(value.toLongLong()));
}
inline void fromSql(const QVariant& value, bool& to) {
    to = value.toInt() != 0;
}
inline void fromSql(const QVariant& value, int& to) {
    to = value.toInt();
}
inline void fromSql(const QVariant& value, qint64& to) {
    to = value.toLongLong();
}
inline void fromSql(const QVariant& value, double& to) {
    to = value.toDouble();
}
template <typename Tag>
void fromSql(const QVariant& value, StrongId<Tag>& to) {
    to = StrongId<Tag>(value.toString());
}
template <typename T>
void fromSql(const QVariant& value, std::optional<T>& to) {
    if (value.isNull())
        to.reset();
    else
        fromSql(value, to.emplace());
}
void fromSql(const QVariant& value, std::vector<int>& to);

/// Reads a row's columns from left to right.
class RowReader {
public:
    explicit RowReader(const QSqlQuery& query) : m_query(query) {}
    template <typename T>
    RowReader& operator>>(T& to) {
        fromSql(m_query.value(m_column++), to);
        return *this;
    }
    QString word() { return m_query.value(m_column++).toString(); }

private:
    const QSqlQuery& m_query;
    int m_column = 0;
};

} // namespace vigie::stores::sql
