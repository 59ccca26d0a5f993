#pragma once

#include "core/providers/provider.h"

namespace vigie {

/// What the mock cloud sells: three zones, four sizes, prices of the order that is usual.
std::vector<ProviderZone> mockZones();
std::vector<ProviderType> mockTypes();

/// Nothing when there is no such type.
std::optional<ProviderType> mockType(const QString& name);
bool isMockZone(const QString& zone);

/// Whether one of the patterns "zone/type" names this pair; '*' on either side stands for any.
bool isOutOfStock(const QStringList& patterns, const QString& zone, const QString& type);

} // namespace vigie
