#include "core/store/backend.h"
#include "core/store/postgres/connection.h"
#include "core/store/sql/sqlstore.h"

namespace vigie::stores::postgres {

namespace {

constexpr int readers = 2;

Outcome<std::unique_ptr<sql::SqlThread>> startThread(const Address& address,
                                                     Connection::Role role) {
    return sql::SqlThread::start([address, role]() -> Outcome<std::unique_ptr<sql::Connection>> {
        return Connection::open(address, role);
    });
}

Outcome<std::unique_ptr<Store>> open(const QString& text) {
    const auto address = Address::parse(text);
    if (!address)
        return fail(FailureKind::Storage, address.error().message);
    auto writer = startThread(*address, Connection::Role::Writer);
    if (!writer)
        return fail(writer.error());
    std::vector<std::unique_ptr<sql::SqlThread>> reading;
    for (int i = 0; i < readers; ++i) {
        auto reader = startThread(*address, Connection::Role::Reader);
        if (!reader)
            return fail(reader.error());
        reading.push_back(std::move(*reader));
    }
    return std::make_unique<sql::SqlStore>(std::move(*writer), std::move(reading));
}

} // namespace

StoreBackend descriptor() {
    return {QStringLiteral("postgresql"), QStringLiteral("postgresql://vigie@localhost:5432/fleet"),
            open};
}

} // namespace vigie::stores::postgres
