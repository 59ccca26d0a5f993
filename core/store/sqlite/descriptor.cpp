#include "core/store/backend.h"
#include "core/store/sql/sqlstore.h"
#include "core/store/sqlite/connection.h"

namespace vigie::stores::sqlite {

namespace {

Outcome<std::unique_ptr<Store>> open(const QString& address, Connection::Sharing sharing) {
    // "sqlite:///path" is how other tools write "sqlite:/path".
    const QString path = address.startsWith(QLatin1String("///")) ? address.mid(2) : address;
    auto thread =
        sql::SqlThread::start([path, sharing]() -> Outcome<std::unique_ptr<sql::Connection>> {
            return Connection::open(path, sharing);
        });
    if (!thread)
        return fail(thread.error());
    return std::make_unique<sql::SqlStore>(std::move(*thread),
                                           std::vector<std::unique_ptr<sql::SqlThread>>());
}

} // namespace

StoreBackend descriptor() {
    return {QStringLiteral("sqlite"), QStringLiteral("sqlite:/var/lib/vigie/fleet.db"),
            [](const QString& address, const StoreCalls&) {
                return open(address, Connection::Sharing::Alone);
            },
            [](const QString& address) { return open(address, Connection::Sharing::Beside); }};
}

} // namespace vigie::stores::sqlite
