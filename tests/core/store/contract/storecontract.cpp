#include "tests/core/store/contract/storecontract.h"

namespace vigie {

const InstanceId& StoreContract::firstId() {
    static const InstanceId id = fullInstance(1).id;
    return id;
}

ChangeSet StoreContract::inserting(int seed) {
    ChangeSet set;
    set.inserts = {fullRecord(seed)};
    return set;
}

void StoreContract::reopen() {
    m_store.reset();
    auto opened = openStore(m_place);
    QVERIFY2(opened.has_value(), opened ? "" : qPrintable(opened.error().message));
    m_store = std::move(*opened);
}

Outcome<void> StoreContract::commit(ChangeSet set) {
    const auto done = await(m_store->commit(std::move(set)));
    return done.value_or(fail(FailureKind::Internal, QStringLiteral("no answer")));
}

FleetContents StoreContract::contents() {
    const auto loaded = await(m_store->load());
    return loaded && *loaded ? **loaded : FleetContents();
}

std::vector<ActionLog> StoreContract::logs(ActionLogQuery query) {
    const auto read = await(m_store->actionLogs(std::move(query)));
    return read && *read ? **read : std::vector<ActionLog>();
}

void StoreContract::init() {
    m_place = newPlace();
    reopen();
    QVERIFY(m_store);
}

void StoreContract::cleanup() {
    m_store.reset();
}

} // namespace vigie
