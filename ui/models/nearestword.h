#pragma once

#include <QStringList>

namespace vigie {

/// The word of `known` at the smallest edit distance from `word`, for "did you mean"; empty when
/// none is near (more than a third of the letters, at least two, would have to change).
/// Levenshtein's distance by the usual two-row recurrence.
QString nearestWord(const QString& word, const QStringList& known);

} // namespace vigie
