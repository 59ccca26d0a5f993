#include "core/base/ids.h"
#include "core/store/backend.h"
#include "core/store/postgres/connection.h"
#include "core/store/postgres/listener.h"
#include "core/store/postgres/schema.h"
#include "core/store/postgres/upkeep.h"
#include "core/store/sql/sqlstore.h"

namespace vigie::stores::postgres {

namespace {

constexpr int readers = 2;

Outcome<std::unique_ptr<sql::SqlThread>> startThread(const Address& address, Connection::Role role,
                                                     const QString& origin,
                                                     const std::shared_ptr<ServerAccess>& access) {
    return sql::SqlThread::start(
        [address, role, origin, access]() -> Outcome<std::unique_ptr<sql::Connection>> {
            return Connection::open(address, role, origin, access);
        });
}

Outcome<std::unique_ptr<Store>> open(const QString& text, const StoreCalls& calls) {
    const auto address = Address::parse(text);
    if (!address)
        return fail(FailureKind::Storage, address.error().message);
    const QString origin = newUuid();
    const auto access = std::make_shared<ServerAccess>(calls, SystemClock().now());
    auto writer = startThread(*address, Connection::Role::Writer, origin, access);
    if (!writer)
        return fail(writer.error());
    std::vector<std::unique_ptr<sql::SqlThread>> reading;
    for (int i = 0; i < readers; ++i) {
        auto reader = startThread(*address, Connection::Role::Reader, origin, access);
        if (!reader)
            return fail(reader.error());
        reading.push_back(std::move(*reader));
    }
    return std::make_unique<sql::SqlStore>(
        std::move(*writer), std::move(reading),
        std::make_unique<Listener>(*address, origin, access),
        std::shared_ptr<CircuitBreaker>(access, &access->circuit()));
}

Outcome<std::unique_ptr<Store>> openToRead(const QString& text) {
    const auto address = Address::parse(text);
    if (!address)
        return fail(FailureKind::Storage, address.error().message);
    const auto access = std::make_shared<ServerAccess>(builtInStoreCalls(), SystemClock().now());
    auto only =
        sql::SqlThread::start([address, access]() -> Outcome<std::unique_ptr<sql::Connection>> {
            auto connection =
                Connection::open(*address, Connection::Role::Inspector, QString(), access);
            if (connection) {
                if (const auto same = checkVersion(**connection); !same)
                    return fail(same.error());
            }
            return connection;
        });
    if (!only)
        return fail(only.error());
    return std::make_unique<sql::SqlStore>(std::move(*only),
                                           std::vector<std::unique_ptr<sql::SqlThread>>());
}

} // namespace

StoreBackend descriptor() {
    return {QStringLiteral("postgresql"),
            QStringLiteral("postgresql://vigie@localhost:5432/fleet"),
            open,
            openToRead,
            {},
            [](const QString& text) -> Outcome<std::unique_ptr<StoreUpkeep>> {
                auto address = Address::parse(text);
                if (!address)
                    return fail(address.error());
                return std::make_unique<Upkeep>(std::move(*address));
            }};
}

} // namespace vigie::stores::postgres
