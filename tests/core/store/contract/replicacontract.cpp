#include "tests/core/store/contract/storecontract.h"

namespace vigie {

namespace {

constexpr auto longLease = std::chrono::minutes(5);
constexpr auto shortLease = std::chrono::milliseconds(30);

QStringList claimed(Store& store, const QStringList& names) {
    const auto got = await(store.claim(names));
    QStringList ours = got && *got ? **got : QStringList{QStringLiteral("(failed)")};
    ours.sort();
    return ours;
}

} // namespace

void StoreContract::tokensOfLeasesGrow() {
    const auto first = await(m_store->join(QStringLiteral("a"), longLease));
    QVERIFY(first && *first);
    reopen();
    const auto second = await(m_store->join(QStringLiteral("a"), longLease));
    QVERIFY(second && *second);
    QVERIFY(**second > **first);
    QVERIFY(await(m_store->leave())->has_value());
    const auto third = await(m_store->join(QStringLiteral("a"), longLease));
    QVERIFY(third && *third && **third > **second);
}

void StoreContract::aClaimIsGrantedOnceAndGivenBack() {
    QVERIFY(await(m_store->join(QStringLiteral("a"), longLease))->has_value());
    const QStringList names{QStringLiteral("x"), QStringLiteral("y \"quoted\" \\")};
    QCOMPARE(claimed(*m_store, names), names);
    QCOMPARE(claimed(*m_store, names), names); // ours stay ours
    QCOMPARE(**await(m_store->holder(names[1])), QStringLiteral("a"));
    QCOMPARE(**await(m_store->holder(QStringLiteral("z"))), QString());

    // The same connection under another lease is somebody else.
    QVERIFY(await(m_store->join(QStringLiteral("b"), longLease))->has_value());
    QCOMPARE(claimed(*m_store, names + QStringList{QStringLiteral("z")}),
             QStringList{QStringLiteral("z")});
    QVERIFY(await(m_store->unclaim(names))->has_value()); // not b's: they stay a's
    QCOMPARE(claimed(*m_store, names), QStringList());
    QVERIFY(await(m_store->unclaim({QStringLiteral("z")}))->has_value());
    QCOMPARE(**await(m_store->holder(QStringLiteral("z"))), QString());
}

void StoreContract::whoseLeaseHasEndedWritesNothing() {
    QVERIFY(commit(inserting(1))); // without a lease
    QVERIFY(await(m_store->join(QStringLiteral("a"), shortLease))->has_value());
    std::optional<Failure> refused;
    std::size_t written = 1;
    const auto writes = [&] {
        const auto done = commit(inserting(static_cast<int>(written) + 1));
        if (done)
            ++written;
        else
            refused = done.error();
        return done.has_value();
    };
    QTRY_VERIFY(!writes());
    QVERIFY(refused->kind == FailureKind::Conflict && isLeaseLost(*refused));
    QCOMPARE(contents().instances.size(), written);
    // Nobody noticed, so nothing was taken over: it may go on.
    QVERIFY(await(m_store->renew(longLease))->has_value());
    QVERIFY(commit(inserting(100)));
}

void StoreContract::claimsOfAnEndedLeaseAreFree() {
    QVERIFY(await(m_store->join(QStringLiteral("a"), shortLease))->has_value());
    const QStringList names{QStringLiteral("x")};
    QCOMPARE(claimed(*m_store, names), names);
    QVERIFY(await(m_store->join(QStringLiteral("b"), longLease))->has_value());
    QTRY_COMPARE(claimed(*m_store, names), names);
    QCOMPARE(**await(m_store->holder(names[0])), QStringLiteral("b"));
}

void StoreContract::whatWasBegunUnderAnEndedLeaseIsForgotten() {
    QVERIFY(await(m_store->join(QStringLiteral("a"), longLease))->has_value());
    ChangeSet begin;
    begin.logStarts = {openLog(firstId(), QStringLiteral("l1"))};
    QVERIFY(commit(begin));
    auto forgotten = await(m_store->forgottenActions());
    QVERIFY(forgotten && *forgotten && (*forgotten)->empty());
    QVERIFY(await(m_store->leave())->has_value());
    forgotten = await(m_store->forgottenActions());
    QVERIFY(forgotten && *forgotten && (*forgotten)->size() == 1);
}

void StoreContract::namedInstancesAreReadAlone() {
    ChangeSet set = inserting(1);
    set.inserts.push_back(fullRecord(2));
    set.volumes = {fullVolume(firstId(), QStringLiteral("v1")),
                   fullVolume(fullInstance(2).id, QStringLiteral("v2"))};
    QVERIFY(commit(set));
    const auto read =
        await(m_store->loadSome({firstId(), InstanceId(QStringLiteral("nobody \" '"))}));
    QVERIFY(read && *read);
    QCOMPARE((*read)->instances.size(), std::size_t(1));
    QVERIFY(sameRecord((*read)->instances[0], fullRecord(1)));
    QCOMPARE((*read)->volumes.size(), std::size_t(1));
    QCOMPARE((*read)->storeId, contents().storeId);
}

void StoreContract::aBeatOfAnOlderIncarnationIsNotStamped() {
    QVERIFY(commit(inserting(1)));
    HeartbeatStamp beat;
    beat.instanceId = firstId();
    beat.receivedAt = *fullInstance(1).createdAt + std::chrono::hours(1);
    beat.workerStatus = QStringLiteral("late");
    beat.incarnation = fullInstance(1).incarnation - 1;
    QVERIFY(await(m_store->saveHeartbeats({beat}))->has_value());
    QCOMPARE(contents().instances.at(0).instance.workerStatus, fullInstance(1).workerStatus);
    beat.incarnation = fullInstance(1).incarnation;
    QVERIFY(await(m_store->saveHeartbeats({beat}))->has_value());
    QCOMPARE(contents().instances.at(0).instance.workerStatus, beat.workerStatus);
}

} // namespace vigie
