#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"

#include <QStringList>

#include <memory>
#include <optional>
#include <vector>

namespace vigie {

namespace stores::sql {
class Connection;
}

/// The way of a database to this program's schema; no steps: it is there.
struct Migration {
    /// What a version needs that no statement can do.
    struct Then {
        Outcome<void> (*run)(stores::sql::Connection&) = nullptr; ///< null: nothing
        const char* words = "";                                   ///< what it does, for people
    };
    struct Step {
        int version = 0; ///< that it leads to
        QStringList statements;
        Then then; ///< after them, in the same transaction
    };
    int from = 0, to = 0;
    std::vector<Step> steps;
};

/// A copy of a store that was made and read again.
struct StoreBackup {
    QString file;
    qint64 bytes = 0;
    int schemaVersion = 0;
};

/// What took the place of a store.
struct StoreRestore {
    int schemaVersion = 0;          ///< of the backup; the store has this program's
    std::optional<WallTime> newest; ///< what the backup knows was written until then
    QString keptAs;                 ///< where the store of before is now; empty: there was none
};

/// What people do to a database as a whole, at a shell. Each call blocks until it is done.
class StoreUpkeep {
public:
    virtual ~StoreUpkeep() = default;
    /// `dryRun`: only tells the steps. NotFound when there is no store, Storage when it is in use
    /// by a vigied, of a newer version, or another program's.
    virtual Outcome<Migration> migrate(bool dryRun) = 0;
    /// A consistent copy, also while vigied runs. `file` is there whole or not at all; it is
    /// replaced only with `overwrite`. Invalid, NotFound or Storage.
    virtual Outcome<StoreBackup> backUp(const QString& file, bool overwrite) = 0;
    /// Puts a backup in the store's place, which may be missing. The new store is another one for
    /// clients that hold cursors, holds no leases, and is marked (see StoreRestored). Nothing has
    /// changed when it fails. Invalid, NotFound, or Storage, also when a vigied has the store.
    virtual Outcome<StoreRestore> restore(const QString& file, WallTime now) = 0;
};

/// For the database of a URL as openStore() takes it.
Outcome<std::unique_ptr<StoreUpkeep>> storeUpkeep(const QString& url);

} // namespace vigie
