#include "core/providers/mock/mockcatalog.h"

#include <algorithm>

namespace vigie {

std::vector<ProviderZone> mockZones() {
    return {{QStringLiteral("mock-a-1"), QStringLiteral("mock-a")},
            {QStringLiteral("mock-a-2"), QStringLiteral("mock-a")},
            {QStringLiteral("mock-b-1"), QStringLiteral("mock-b")}};
}

std::vector<ProviderType> mockTypes() {
    return {{QStringLiteral("mock.cpu"), 0.11, 8, 32, 0, 0},
            {QStringLiteral("mock.gpu-24"), 0.85, 8, 48, 1, 24},
            {QStringLiteral("mock.gpu-80"), 2.73, 24, 240, 1, 80},
            {QStringLiteral("mock.gpu-80x4"), 10.9, 96, 960, 4, 80}};
}

std::optional<ProviderType> mockType(const QString& name) {
    const auto all = mockTypes();
    const auto found = std::ranges::find(all, name, &ProviderType::name);
    return found == all.end() ? std::nullopt : std::optional(*found);
}

bool isMockZone(const QString& zone) {
    const auto all = mockZones();
    return std::ranges::find(all, zone, &ProviderZone::zone) != all.end();
}

bool isOutOfStock(const QStringList& patterns, const QString& zone, const QString& type) {
    const auto matches = [](const QString& pattern, const QString& word) {
        return pattern == QLatin1String("*") || pattern == word;
    };
    return std::ranges::any_of(patterns, [&](const QString& pattern) {
        const qsizetype slash = pattern.indexOf(QLatin1Char('/'));
        return slash > 0 && matches(pattern.first(slash), zone) &&
               matches(pattern.sliced(slash + 1), type);
    });
}

} // namespace vigie
