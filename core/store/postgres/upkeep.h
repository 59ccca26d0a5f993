#pragma once

#include "core/store/postgres/address.h"
#include "core/store/storeupkeep.h"

namespace vigie::stores::postgres {

/// The schema "vigie" of a database: copied with pg_dump, put back by psql in one transaction.
class Upkeep final : public StoreUpkeep {
public:
    explicit Upkeep(Address address) : m_address(std::move(address)) {}

    Outcome<Migration> migrate(bool dryRun) override;
    Outcome<StoreBackup> backUp(const QString& file, bool overwrite) override;
    Outcome<StoreRestore> restore(const QString& file, WallTime now) override;

private:
    const Address m_address;
};

} // namespace vigie::stores::postgres
