#include "tests/core/store/contract/storecontract.h"

namespace vigie {

void StoreContract::anActionLogEntryEndsOnce() {
    QVERIFY(commit(inserting(1)));
    ChangeSet begin;
    begin.logStarts = {openLog(firstId(), QStringLiteral("a")),
                       openLog(firstId(), QStringLiteral("b"))};
    QVERIFY(commit(begin));
    auto open = await(m_store->openActions());
    QVERIFY(open && *open && (*open)->size() == 2);
    QCOMPARE((*open)->front().id.value(), QStringLiteral("a"));

    ActionLogFinish finish;
    finish.id = ActionLogId(QStringLiteral("a"));
    finish.status = ActionLogStatus::Failed;
    finish.errorCode = QStringLiteral("PROVIDER_START_FAILED");
    finish.errorMessage = QStringLiteral("no capacity");
    finish.completedAt = begin.logStarts[0].createdAt + std::chrono::milliseconds(1500);
    finish.instanceStatusAfter = QStringLiteral("failed");
    ChangeSet end;
    end.logFinishes = {finish};
    QVERIFY(commit(end));
    end.logFinishes[0].status = ActionLogStatus::Success;
    end.logFinishes[0].errorCode.clear();
    QVERIFY(commit(end)); // a repetition after a crash changes nothing

    ActionLogQuery failed;
    failed.status = QStringLiteral("failed");
    const auto found = logs(failed);
    QCOMPARE(found.size(), std::size_t(1));
    QCOMPARE(found[0].durationMs, std::optional<qint64>(1500));
    QCOMPARE(found[0].errorCode, finish.errorCode);
    QCOMPARE(found[0].instanceStatusAfter, finish.instanceStatusAfter);
    QCOMPARE(found[0].requestPayload, begin.logStarts[0].requestPayload);
    open = await(m_store->openActions());
    QVERIFY(open && *open && (*open)->size() == 1);
}

void StoreContract::anEndWithoutABeginningIsNoFailure() {
    ActionLogFinish finish;
    finish.id = ActionLogId(QStringLiteral("never begun"));
    ChangeSet set;
    set.logFinishes = {finish};
    QVERIFY(commit(set));
    QVERIFY(logs({}).empty());
}

void StoreContract::logsAreFilteredNewestFirst() {
    ChangeSet set;
    for (int i = 0; i < 1200; ++i) {
        ActionLog log =
            openLog(InstanceId(QStringLiteral("i%1").arg(i % 3)), QStringLiteral("l%1").arg(i));
        log.component = i % 2 ? QStringLiteral("api") : QStringLiteral("orchestrator");
        log.correlationId = QStringLiteral("c%1").arg(i / 100);
        log.actionType = i % 5 ? QStringLiteral("HEALTH_CHECK") : QStringLiteral("REQUEST_CREATE");
        set.logStarts.push_back(log);
    }
    QVERIFY(commit(set));
    QCOMPARE(logs({}).size(), std::size_t(200));
    QCOMPARE(logs({}).front().id.value(), QStringLiteral("l1199"));
    ActionLogQuery query;
    query.limit = 1'000'000;
    QCOMPARE(logs(query).size(), std::size_t(1000));
    query.offset = 1190;
    QCOMPARE(logs(query).size(), std::size_t(10));
    query = {};
    query.instanceId = InstanceId(QStringLiteral("i1"));
    query.component = QStringLiteral("api");
    query.actionType = QStringLiteral("HEALTH_CHECK");
    query.correlationId = QStringLiteral("c3");
    query.status = QStringLiteral("in_progress");
    const auto found = logs(query);
    int expected = 0;
    for (int i = 300; i < 400; ++i)
        expected += i % 3 == 1 && i % 2 == 1 && i % 5 != 0;
    QCOMPARE(found.size(), std::size_t(expected));
    query.correlationId = QStringLiteral("' OR 1=1 --");
    QVERIFY(logs(query).empty());
}

void StoreContract::pagesOfTheLogMeetWithoutGapOrOverlap() {
    ChangeSet set;
    for (int i = 0; i < 25; ++i) // all of one millisecond: the order is that of writing
        set.logStarts.push_back(openLog(firstId(), QStringLiteral("l%1").arg(i)));
    QVERIFY(commit(set));
    QStringList ids;
    ActionLogQuery query;
    query.limit = 10;
    for (query.offset = 0; query.offset < 40; query.offset += query.limit) {
        for (const ActionLog& log : logs(query))
            ids.append(log.id.value());
    }
    QCOMPARE(ids.size(), 25);
    for (int i = 0; i < 25; ++i)
        QCOMPARE(ids.at(i), QStringLiteral("l%1").arg(24 - i));
    query.offset = -5; // clamped
    query.limit = 0;
    QCOMPARE(logs(query).size(), std::size_t(1));
}

void StoreContract::totalsCountWhatFitsTheQuery() {
    ChangeSet set;
    for (int i = 0; i < 1500; ++i) {
        ActionLog log =
            openLog(InstanceId(QStringLiteral("i%1").arg(i % 2)), QStringLiteral("l%1").arg(i));
        log.status = i % 3 == 0   ? ActionLogStatus::Success
                     : i % 3 == 1 ? ActionLogStatus::Failed
                                  : ActionLogStatus::InProgress;
        set.logStarts.push_back(log);
    }
    QVERIFY(commit(set));
    const auto all = await(m_store->actionLogTotals({}));
    QVERIFY(all && *all);
    QCOMPARE((*all)->success, 500);
    QCOMPARE((*all)->failed, 500);
    QCOMPARE((*all)->inProgress, 500);
    ActionLogQuery query;
    query.instanceId = InstanceId(QStringLiteral("i1"));
    query.limit = 1;
    query.offset = 3;
    const auto some = await(m_store->actionLogTotals(query));
    QVERIFY(some && *some);
    QCOMPARE((*some)->all(), 750);
}

void StoreContract::historyIsTheNewestPartOldestFirst() {
    QVERIFY(commit(inserting(1)));
    ChangeSet set;
    for (int i = 0; i < 10; ++i)
        set.history.push_back(fullChange(firstId(), QStringLiteral("h%1").arg(i)));
    QVERIFY(commit(set));
    const auto part = await(m_store->history(firstId(), 3));
    QVERIFY(part && *part && (*part)->size() == 3);
    QCOMPARE((*part)->front().id, QStringLiteral("h7"));
    QCOMPARE((*part)->back().id, QStringLiteral("h9"));
    const auto none = await(m_store->history(InstanceId(QStringLiteral("x")), 3));
    QVERIFY(none && *none && (*none)->empty());
}

} // namespace vigie
