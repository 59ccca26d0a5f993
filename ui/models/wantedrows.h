#pragma once

#include <QHash>
#include <QString>

#include <vector>

namespace vigie {

/// A new set of rows: where each key is, and which of them the filter lets through.
struct WantedRows {
    QHash<QString, int> index;
    std::vector<bool> passes;

    bool contains(const QString& key) const {
        const auto found = index.constFind(key);
        return found != index.constEnd() && passes[static_cast<size_t>(*found)];
    }
};

} // namespace vigie
