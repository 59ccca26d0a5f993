#include "ui/models/valueorder.h"

#include <algorithm>

namespace vigie {

namespace {

bool unknown(const QVariant& value) {
    return !value.isValid() ||
           (value.userType() == QMetaType::QString && value.toString().isEmpty());
}

int compare(const QVariant& a, const QVariant& b) {
    if (a.userType() == QMetaType::QString || b.userType() == QMetaType::QString)
        return a.toString().compare(b.toString(), Qt::CaseInsensitive);
    const double x = a.toDouble(), y = b.toDouble();
    return x < y ? -1 : x > y ? 1 : 0;
}

} // namespace

bool valueBefore(const OrderKey& a, const OrderKey& b, Qt::SortOrder order, bool asGiven) {
    if (asGiven)
        return a.given < b.given;
    const bool noA = unknown(a.value), noB = unknown(b.value);
    if (noA != noB)
        return noB;
    const int sign = noA ? 0 : compare(a.value, b.value);
    if (sign == 0)
        return a.key < b.key;
    return order == Qt::AscendingOrder ? sign < 0 : sign > 0;
}

void sortByValue(std::vector<OrderKey>& keys, Qt::SortOrder order, bool asGiven) {
    std::stable_sort(keys.begin(), keys.end(), [=](const OrderKey& a, const OrderKey& b) {
        return valueBefore(a, b, order, asGiven);
    });
}

} // namespace vigie
