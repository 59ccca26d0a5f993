#include "tests/core/store/contract/storefixture.h"

namespace vigie {

const InstanceId& StoreFixture::firstId() {
    static const InstanceId id = fullInstance(1).id;
    return id;
}

ChangeSet StoreFixture::inserting(int seed) {
    ChangeSet set;
    set.inserts = {fullRecord(seed)};
    return set;
}

void StoreFixture::reopen() {
    m_store.reset();
    auto opened = openStore(m_place);
    QVERIFY2(opened.has_value(), opened ? "" : qPrintable(opened.error().message));
    m_store = std::move(*opened);
}

Outcome<void> StoreFixture::commit(ChangeSet set) {
    const auto done = await(m_store->commit(std::move(set)));
    return done.value_or(fail(FailureKind::Internal, QStringLiteral("no answer")));
}

FleetContents StoreFixture::contents() {
    const auto loaded = await(m_store->load());
    return loaded && *loaded ? **loaded : FleetContents();
}

std::vector<ActionLog> StoreFixture::logs(ActionLogQuery query) {
    const auto read = await(m_store->actionLogs(std::move(query)));
    return read && *read ? **read : std::vector<ActionLog>();
}

LogCheck StoreFixture::verified(std::optional<LogMark> known) {
    const auto check = await(m_store->verifyLog(std::move(known)));
    LogCheck failed;
    failed.broken = QStringLiteral("not read");
    return check && *check ? **check : failed;
}

void StoreFixture::init() {
    m_place = newPlace();
    reopen();
    QVERIFY(m_store);
}

void StoreFixture::cleanup() {
    m_store.reset();
}

} // namespace vigie
