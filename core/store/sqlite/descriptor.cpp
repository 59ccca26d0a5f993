#include "core/store/backend.h"
#include "core/store/sql/sqlstore.h"
#include "core/store/sqlite/connection.h"
#include "core/store/sqlite/upkeep.h"

namespace vigie::stores::sqlite {

namespace {

/// "sqlite:///path" is how other tools write "sqlite:/path".
QString pathOf(const QString& address) {
    return address.startsWith(QLatin1String("///")) ? address.mid(2) : address;
}

Outcome<std::unique_ptr<Store>> storeOver(sql::SqlThread::Open opening) {
    auto thread = sql::SqlThread::start(std::move(opening));
    if (!thread)
        return fail(thread.error());
    return std::make_unique<sql::SqlStore>(std::move(*thread),
                                           std::vector<std::unique_ptr<sql::SqlThread>>());
}

Outcome<std::unique_ptr<Store>> open(const QString& address, Connection::Sharing sharing) {
    const QString path = pathOf(address);
    return storeOver([path, sharing]() -> Outcome<std::unique_ptr<sql::Connection>> {
        return Connection::open(path, sharing);
    });
}

Outcome<std::unique_ptr<Store>> openToRead(const QString& address) {
    const QString path = pathOf(address);
    return storeOver([path]() -> Outcome<std::unique_ptr<sql::Connection>> {
        auto connection = Connection::open(path, Connection::Sharing::AsItIs);
        if (connection) {
            if (const auto only = (*connection)->onlyRead(); !only)
                return fail(only.error());
        }
        return connection;
    });
}

} // namespace

StoreBackend descriptor() {
    return {QStringLiteral("sqlite"),
            QStringLiteral("sqlite:/var/lib/vigie/fleet.db"),
            [](const QString& address, const StoreCalls&) {
                return open(address, Connection::Sharing::Alone);
            },
            openToRead,
            [](const QString& address) { return open(address, Connection::Sharing::Beside); },
            [](const QString& address) -> Outcome<std::unique_ptr<StoreUpkeep>> {
                return std::make_unique<Upkeep>(pathOf(address));
            }};
}

} // namespace vigie::stores::sqlite
