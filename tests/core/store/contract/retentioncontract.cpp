#include "tests/core/store/contract/storecontract.h"

namespace vigie {

namespace {

using std::chrono::hours;

const WallTime someDay{std::chrono::seconds(1'760'000'000)};

ActionLog entryAt(const QString& id, WallTime at, const QString& correlation = {}) {
    ActionLog log = openLog(fullInstance(1).id, id);
    log.createdAt = at;
    log.correlationId = correlation;
    return log;
}

ActionLogFinish endAt(const QString& id, WallTime at) {
    ActionLogFinish finish;
    finish.id = ActionLogId(id);
    finish.completedAt = at;
    return finish;
}

/// What is older than ninety days on day `day`.
RetentionCut cutOn(int day, int most = 500) {
    const WallTime now = someDay + hours(24 * day);
    return {now - hours(24 * 90), now, most};
}

qint64 rowsOf(const std::vector<TableRows>& all, const char* table) {
    for (const TableRows& each : all) {
        if (each.table == QLatin1String(table))
            return each.rows;
    }
    return -1;
}

} // namespace

std::vector<TableRows> StoreContract::removed(RetentionCut cut) {
    const auto rows = await(m_store->removeOld(cut));
    return rows && *rows ? **rows : std::vector<TableRows>();
}

QStringList StoreContract::entryIds() {
    QStringList ids;
    for (const ActionLog& log : logs({}))
        ids.prepend(log.id.value());
    return ids;
}

/// On day 0: `a` ends, `open` does not, `late` ends on day 80, `step` belongs to what `open` began.
void StoreContract::fillLog() {
    ChangeSet set;
    set.logStarts = {entryAt(QStringLiteral("a"), someDay),
                     entryAt(QStringLiteral("open"), someDay, QStringLiteral("c-1")),
                     entryAt(QStringLiteral("late"), someDay),
                     entryAt(QStringLiteral("step"), someDay, QStringLiteral("c-1"))};
    set.logFinishes = {endAt(QStringLiteral("a"), someDay), endAt(QStringLiteral("step"), someDay)};
    QVERIFY(commit(set));
    ChangeSet later;
    later.logFinishes = {endAt(QStringLiteral("late"), someDay + hours(24 * 80))};
    QVERIFY(commit(later));
}

void StoreContract::whatIsLeftOfTheLogBeginsAfterASealedAnchor() {
    fillLog();
    const LogMark before = verified().head;
    QCOMPARE(before.number, 7);
    QCOMPARE(rowsOf(removed(cutOn(89)), "action_events"), 0);
    QCOMPARE(verified().head.number, 7); // nothing to do is no event

    const auto gone = removed(cutOn(91));
    QCOMPARE(rowsOf(gone, "action_events"), 6);
    QCOMPARE(rowsOf(gone, "action_logs"), 1);
    QCOMPARE(entryIds(),
             QStringList({QStringLiteral("open"), QStringLiteral("late"), QStringLiteral("step")}));
    const LogCheck check = verified(before);
    QCOMPARE(check.broken, QString());
    QVERIFY(check.knownChecked);
    QCOMPARE(check.anchor.number, 6);
    QCOMPARE(check.entries, 3);
    QCOMPARE(check.events, 4); // the end of `late`, two that are told again, the seal
    // What is told again is not as old as what it tells.
    QCOMPARE(rowsOf(removed(cutOn(92)), "action_events"), 0);
    const LogCheck same = verified(check.anchor);
    QVERIFY(same.broken.isEmpty() && same.knownChecked);
    const LogCheck older = verified(LogMark{2, QString(64, u'a')});
    QVERIFY(older.broken.isEmpty() && !older.knownChecked); // it can't be told any more

    ChangeSet end;
    end.logFinishes = {endAt(QStringLiteral("open"), someDay + hours(24 * 95))};
    QVERIFY(commit(end));
    QCOMPARE(verified().broken, QString());
    QVERIFY(rowsOf(removed(cutOn(300)), "action_events") > 0);
    QCOMPARE(entryIds(), QStringList());
    QCOMPARE(verified(verified().head).broken, QString());
}

void StoreContract::aForgedAnchorIsFound_data() {
    QTest::addColumn<QByteArray>("deed");
    QTest::newRow("moved on") << QByteArray(
        "UPDATE {action_log_head} SET anchor_number = 7, anchor_hash = (SELECT hash FROM "
        "{action_events} WHERE number = 7)");
    QTest::newRow("another hash") << QByteArray("UPDATE {action_log_head} SET anchor_hash = 'aa'");
    QTest::newRow("set back") << QByteArray("UPDATE {action_log_head} SET anchor_number = 0");
    QTest::newRow("an entry that was told again")
        << QByteArray("UPDATE {action_logs} SET user_id = 'eve' WHERE id = 'open'");
    QTest::newRow("one that ended after it")
        << QByteArray("UPDATE {action_logs} SET user_id = 'eve' WHERE id = 'late'");
}
void StoreContract::aForgedAnchorIsFound() {
    QFETCH(QByteArray, deed);
    fillLog();
    QCOMPARE(rowsOf(removed(cutOn(91)), "action_events"), 6);
    QVERIFY(tamper(deed));
    QVERIFY(!verified().broken.isEmpty());
}

void StoreContract::theLogIsCutInBatches() {
    ChangeSet set;
    for (int i = 0; i < 25; ++i) {
        set.logStarts.push_back(entryAt(QStringLiteral("l%1").arg(i), someDay));
        set.logFinishes.push_back(endAt(QStringLiteral("l%1").arg(i), someDay));
    }
    QVERIFY(commit(set));
    int turns = 0;
    while (rowsOf(removed(cutOn(91, 10)), "action_events") == 10) {
        ++turns;
        QCOMPARE(verified().broken, QString());
    }
    QCOMPARE(turns, 5);
    QCOMPARE(entryIds(), QStringList());
    QCOMPARE(verified().anchor.number, 50);
}

// Stamped by a clock that nobody had set: as old as what comes next.
void StoreContract::timesThatCannotBeAreNoAge() {
    ChangeSet set;
    set.logStarts = {entryAt(QStringLiteral("unset"), WallTime{}),
                     entryAt(QStringLiteral("future"), someDay + hours(24 * 9999))};
    set.logFinishes = {endAt(QStringLiteral("unset"), WallTime{}),
                       endAt(QStringLiteral("future"), someDay + hours(24 * 9999))};
    QVERIFY(commit(set));
    QCOMPARE(rowsOf(removed(cutOn(91)), "action_events"), 0);
    ChangeSet next;
    next.logStarts = {entryAt(QStringLiteral("sane"), someDay)};
    QVERIFY(commit(next));
    QCOMPARE(rowsOf(removed(cutOn(89)), "action_events"), 0);
    QCOMPARE(rowsOf(removed(cutOn(91, 2)), "action_events"), 2);
    QCOMPARE(rowsOf(removed(cutOn(91)), "action_events"), 3);
    QCOMPARE(entryIds(), QStringList(QStringLiteral("sane")));
}

void StoreContract::oldHistoryGoesButTheNewestOfEachStays() {
    ChangeSet set = inserting(1);
    for (int i = 0; i < 5; ++i) {
        StateChange change = fullChange(firstId(), QStringLiteral("h%1").arg(i));
        change.at = someDay + hours(24 * i);
        set.history.push_back(change);
    }
    QVERIFY(commit(set));
    QCOMPARE(rowsOf(removed(cutOn(92)), "instance_state_history"), 3);
    QCOMPARE(rowsOf(removed(cutOn(999, 1)), "instance_state_history"), 1);
    QCOMPARE(rowsOf(removed(cutOn(999)), "instance_state_history"), 0);
    const auto left = await(m_store->history(firstId(), 10));
    QVERIFY(left && *left && (*left)->size() == 1);
    QCOMPARE((**left)[0].id, QStringLiteral("h4"));
}

void StoreContract::tokensInAllOutliveTheirEvents() {
    ChangeSet set;
    for (int i = 0; i < 3; ++i) {
        FinopsEvent event;
        event.id = QStringLiteral("f%1").arg(i);
        event.kind = FinopsKind::TokensUsed;
        event.instanceId = firstId();
        event.at = someDay + hours(24 * i);
        event.status = QStringLiteral("ready");
        event.used = TokenCount{1, 100, 10};
        event.counter = TokenCount{i + 1, 100 * (i + 1), 10 * (i + 1)};
        set.finops.push_back(event);
    }
    QVERIFY(commit(set));
    const auto before = await(m_store->tokenTotals({}));
    QCOMPARE(rowsOf(removed(cutOn(999)), "finops_events"), 3);
    QVERIFY((**await(m_store->finopsEvents({}))).empty());
    const auto after = await(m_store->tokenTotals({}));
    QVERIFY(before && *before && after && *after && (*after)->size() == 1);
    QVERIFY((**after)[0].used == (**before)[0].used);
    QVERIFY((**after)[0].used == (TokenCount{3, 300, 30}));
    QVERIFY((**after)[0].counter == (TokenCount{3, 300, 30}));
    QVERIFY((**after)[0].first == (**before)[0].first);
}

void StoreContract::tokensOfBeforeAreInTheTotals() {
    openOld(3);
    const auto totals = await(m_store->tokenTotals({}));
    QVERIFY(totals && *totals && (*totals)->size() == 1);
    const TokenTotals& one = (**totals)[0];
    QVERIFY(one.used == (TokenCount{7, 700, 70}));
    QVERIFY(one.counter == (TokenCount{17, 1700, 170}));
    QVERIFY(one.last - one.first == std::chrono::minutes(2));
}

void StoreContract::howLargeItIsIsTold() {
    const auto empty = await(m_store->size());
    QVERIFY(empty && *empty);
    QVERIFY((*empty)->bytes > 0);
    QCOMPARE(rowsOf((*empty)->tables, "action_logs"), 0);
    fillLog();
    const auto filled = await(m_store->size());
    QVERIFY(filled && *filled);
    QCOMPARE(rowsOf((*filled)->tables, "action_logs"), 4);
    QCOMPARE(rowsOf((*filled)->tables, "action_events"), 7);
    QVERIFY((*filled)->bytes >= (*empty)->bytes);
}

void StoreContract::whoseLeaseHasEndedRemovesNothing() {
    fillLog();
    QVERIFY(await(m_store->join(QStringLiteral("a"), std::chrono::milliseconds(30)))->has_value());
    const auto lost = [this] {
        const auto refused = await(m_store->removeOld(cutOn(1))); // nothing is as old as that
        return refused && !*refused && isLeaseLost(refused->error());
    };
    QTRY_VERIFY(lost());
    QVERIFY(!*await(m_store->removeOld(cutOn(91))));
    QCOMPARE(verified().events, 7);
}

} // namespace vigie
