#pragma once

#include "core/base/ids.h"

#include <QString>

#include <optional>

namespace vigie {

/// Where something of Scaleway's is: its zone and its own UUID there. As text "fr-par-2/<uuid>",
/// because no call can be made without the zone.
struct ScalewayId {
    QString zone, uuid;

    QString text() const { return zone + QLatin1Char('/') + uuid; }
    MachineId machine() const { return MachineId(text()); }
    bool operator==(const ScalewayId&) const = default;

    /// Nothing unless both parts are what Scaleway calls a zone and a UUID: they become part of a
    /// URL.
    static std::optional<ScalewayId> from(const QString& text);
};

/// "fr-par-2": a name of a zone as Scaleway spells them.
bool isScalewayZone(const QString& text);
bool isUuid(const QString& text);

} // namespace vigie
