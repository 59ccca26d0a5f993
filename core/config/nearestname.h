#pragma once

#include <QString>
#include <QStringList>

namespace vigie {

/// The known name that a mistyped one most likely meant (Levenshtein distance, case ignored), or
/// empty when none is near: more than half of the longer name would have to change.
QString nearestName(const QString& name, const QStringList& known);

} // namespace vigie
