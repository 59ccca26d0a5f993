#include "core/orchestrator/api/instancesort.h"

#include <algorithm>
#include <array>

namespace vigie {

namespace {

// Less than, equal or greater than 0 as a compares to b; what is absent is told apart.
struct Comparison {
    int order = 0;
    bool aAbsent = false, bAbsent = false;
};

Comparison texts(const QString& a, const QString& b) {
    return {a.compare(b), a.isEmpty(), b.isEmpty()};
}

template <typename T>
Comparison values(const std::optional<T>& a, const std::optional<T>& b) {
    const int order = a && b ? (*a < *b ? -1 : *b < *a ? 1 : 0) : 0;
    return {order, !a, !b};
}

struct SortKey {
    QLatin1String word;
    Comparison (*compare)(const Instance&, const Instance&);
};

constexpr std::array<SortKey, 8> keys{{
    {QLatin1String("created_at"),
     [](const Instance& a, const Instance& b) { return values(a.createdAt, b.createdAt); }},
    {QLatin1String("status"),
     [](const Instance& a, const Instance& b) { return texts(a.statusText, b.statusText); }},
    {QLatin1String("provider"),
     [](const Instance& a, const Instance& b) { return texts(a.providerName, b.providerName); }},
    {QLatin1String("region"),
     [](const Instance& a, const Instance& b) { return texts(a.region, b.region); }},
    {QLatin1String("zone"),
     [](const Instance& a, const Instance& b) { return texts(a.zone, b.zone); }},
    {QLatin1String("type"),
     [](const Instance& a, const Instance& b) { return texts(a.instanceType, b.instanceType); }},
    {QLatin1String("cost_per_hour"),
     [](const Instance& a, const Instance& b) { return values(a.costPerHour, b.costPerHour); }},
    {QLatin1String("total_cost"),
     [](const Instance& a, const Instance& b) { return values(a.totalCost, b.totalCost); }},
}};

} // namespace

QStringList instanceSortKeys() {
    QStringList words;
    for (const SortKey& key : keys)
        words.append(key.word);
    return words;
}

void sortInstances(std::vector<const Instance*>& instances, const QString& key, bool ascending) {
    const auto* found =
        std::ranges::find_if(keys, [&](const SortKey& each) { return key == each.word; });
    if (found == keys.end())
        return;
    std::ranges::sort(instances, [&](const Instance* a, const Instance* b) {
        const Comparison c = found->compare(*a, *b);
        if (c.aAbsent != c.bAbsent)
            return c.bAbsent;
        if (c.order != 0)
            return ascending ? c.order < 0 : c.order > 0;
        return a->id < b->id;
    });
}

} // namespace vigie
