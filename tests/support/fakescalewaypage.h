#pragma once

#include "tests/support/faultyserver.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <vector>

namespace vigie::fakescaleway {

inline QByteArray bytes(const QJsonObject& object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// One page of a list as each API tells it: its total is in a header or in the body.
template <typename T, typename Describe>
Fault page(const std::vector<const T*>& all, const QHash<QString, QString>& query,
           const QString& sizeKey, const QString& listKey, bool totalInBody, Describe describe) {
    const int size = query.value(sizeKey, QStringLiteral("50")).toInt();
    const int number = query.value(QStringLiteral("page"), QStringLiteral("1")).toInt();
    const auto total = static_cast<int>(all.size());
    QJsonArray list;
    for (int i = (number - 1) * size; i < std::min(number * size, total); ++i)
        list.append(describe(*all[static_cast<std::size_t>(i)]));
    QJsonObject body{{listKey, list}};
    if (totalInBody)
        body[QStringLiteral("total_count")] = total;
    faults::Headers headers{{"Content-Type", "application/json"}};
    if (!totalInBody)
        headers.append({"X-Total-Count", QByteArray::number(total)});
    return faults::answer(200, bytes(body), headers);
}

} // namespace vigie::fakescaleway
