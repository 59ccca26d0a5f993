#pragma once

#include "core/base/outcome.h"
#include "core/providers/troubledesk.h"

#include <QByteArray>

namespace vigie {

/// The body of GET /admin/mock.
QByteArray encodeTrouble(const ProviderTrouble& trouble);
/// What POST /admin/mock makes of `now`: fields that are left out stay. Invalid, naming the field,
/// for one that is unknown or out of its range.
Outcome<ProviderTrouble> decodeTrouble(const QByteArray& body, ProviderTrouble now);

/// The part of such a body that happens once: vanish, lose_volumes, stray_machines. Invalid, naming
/// the field, for one out of its range.
Outcome<ProviderMishap> decodeMishap(const QByteArray& body);

} // namespace vigie
