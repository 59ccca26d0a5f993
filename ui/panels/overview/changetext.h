#pragma once

#include <QString>

namespace vigie::panels::overview {

/// What a ChangeNote of the engine says, in the operator's language: changes of state, of verdict
/// and of a source's freshness, appearing and disappearing. Anything else is shown as it came.
QString changeText(const QString& what);

} // namespace vigie::panels::overview
