#pragma once

#include "core/store/storeupkeep.h"

namespace vigie::stores::sqlite {

/// A database in a file: copied with VACUUM INTO, put back by a rename.
class Upkeep final : public StoreUpkeep {
public:
    explicit Upkeep(QString path) : m_path(std::move(path)) {}

    Outcome<Migration> migrate(bool dryRun) override;
    Outcome<StoreBackup> backUp(const QString& file, bool overwrite) override;
    Outcome<StoreRestore> restore(const QString& file, WallTime now) override;

private:
    const QString m_path;
};

} // namespace vigie::stores::sqlite
