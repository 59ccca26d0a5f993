#pragma once

#include <QString>
#include <QVariant>

#include <vector>

namespace vigie {

/// What one row is ordered by.
struct OrderKey {
    QVariant value;
    QString key;   ///< breaks ties, so that equal rows keep their places
    int given = 0; ///< place in the order the rows were given in
};

/// Numbers by size, texts without regard to case; what isn't known comes last in both directions.
bool valueBefore(const OrderKey& a, const OrderKey& b, Qt::SortOrder order, bool asGiven);

/// Sorts by valueBefore().
void sortByValue(std::vector<OrderKey>& keys, Qt::SortOrder order, bool asGiven);

} // namespace vigie
