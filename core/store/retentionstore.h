#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"
#include "core/base/task.h"

#include <QString>

#include <vector>

namespace vigie {

/// What is kept: rows that are older than `before` go, at most `most` of each table at a time.
struct RetentionCut {
    WallTime before{};
    WallTime now{};
    int most = 500;
};

struct TableRows {
    QString table;
    qint64 rows = 0;
};

struct StoreSize {
    std::vector<TableRows> tables;
    qint64 bytes = 0; ///< of the database as a whole
};

/// How a store is kept from growing for ever, and how large it is. By default it removes nothing
/// and has no size.
class RetentionStore {
public:
    virtual ~RetentionStore() = default;
    /// Removes what is old from the action log, the instances' history, the events for the books
    /// and the remembered answers; how many rows of each table. What is left in the log begins
    /// after an anchor that seals what was removed. Kept however old they are: entries that have
    /// not ended, those with the correlation id of such a one, and each instance's newest change.
    virtual Task<Outcome<std::vector<TableRows>>> removeOld(RetentionCut cut);
    virtual Task<Outcome<StoreSize>> size();
};

} // namespace vigie
