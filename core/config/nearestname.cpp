#include "core/config/nearestname.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace vigie {

namespace {

/// Wagner and Fischer's algorithm on one row.
int levenshtein(const QString& a, const QString& b) {
    std::vector<int> row(size_t(b.size()) + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 0; i < a.size(); ++i) {
        int diagonal = std::exchange(row[0], int(i) + 1);
        for (size_t j = 1; j < row.size(); ++j) {
            const int replaced = diagonal + (a[i] == b[qsizetype(j) - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

} // namespace

QString nearestName(const QString& name, const QStringList& known) {
    constexpr qsizetype longest = 200; // of any name worth comparing
    const QString wanted = name.left(longest).toLower();
    QString best;
    int bestDistance = 0;
    for (const QString& candidate : known) {
        const int distance = levenshtein(wanted, candidate.toLower());
        const auto limit = std::max(wanted.size(), candidate.size()) / 2;
        if (distance <= limit && (best.isEmpty() || distance < bestDistance)) {
            best = candidate;
            bestDistance = distance;
        }
    }
    return best;
}

} // namespace vigie
