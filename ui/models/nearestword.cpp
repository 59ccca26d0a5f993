#include "ui/models/nearestword.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace vigie {

namespace {

qsizetype distance(const QString& a, const QString& b) {
    std::vector<qsizetype> row(static_cast<size_t>(b.size()) + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        qsizetype diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j < row.size(); ++j) {
            const bool same =
                a.at(i - 1).toLower() == b.at(static_cast<qsizetype>(j) - 1).toLower();
            const qsizetype change = diagonal + (same ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
        }
    }
    return row.back();
}

} // namespace

QString nearestWord(const QString& word, const QStringList& known) {
    QString best;
    qsizetype limit = std::max<qsizetype>(2, word.size() / 3);
    for (const QString& candidate : known) {
        const qsizetype changes = distance(word, candidate);
        if (changes <= limit && changes < candidate.size()) {
            limit = changes - 1;
            best = candidate;
        }
    }
    return best;
}

} // namespace vigie
