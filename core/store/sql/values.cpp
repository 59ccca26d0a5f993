#include "core/store/sql/values.h"

#include <QStringList>

namespace vigie::stores::sql {

QVariant toSql(const std::vector<int>& numbers) {
    QStringList words;
    for (const int number : numbers)
        words.append(QString::number(number));
    return toSql(words.join(u','));
}

void fromSql(const QVariant& value, std::vector<int>& to) {
    to.clear();
    const QString text = value.toString();
    for (const QStringView word : QStringView(text).split(u',', Qt::SkipEmptyParts))
        to.push_back(word.toInt());
}

} // namespace vigie::stores::sql
