#include "tests/core/store/contract/storecontract.h"

namespace vigie {

namespace {

ActionLogFinish endOf(const QString& id) {
    ActionLogFinish finish;
    finish.id = ActionLogId(id);
    finish.errorCode = QStringLiteral("PROBE_FAILED");
    finish.completedAt = openLog({}, id).createdAt + std::chrono::seconds(2);
    return finish;
}

/// Ten entries of which the first five have ended: 15 events.
ChangeSet someActions() {
    ChangeSet set;
    for (int i = 0; i < 10; ++i)
        set.logStarts.push_back(openLog(fullInstance(1).id, QStringLiteral("l%1").arg(i)));
    set.logStarts[7].metadata = QString::fromUtf8("{\"says\":\"né \\\" \\u0000\"}").toUtf8();
    for (int i = 0; i < 5; ++i)
        set.logFinishes.push_back(endOf(QStringLiteral("l%1").arg(i)));
    return set;
}

} // namespace

void StoreContract::aLogThatNobodyTouchedIsWhole() {
    const LogCheck empty = verified();
    QCOMPARE(empty.broken, QString());
    QCOMPARE(empty.events, 0);
    QCOMPARE(empty.head.number, 0);

    QVERIFY(commit(someActions()));
    ChangeSet again; // an end that is repeated, or of nothing, is no event
    again.logFinishes = {endOf(QStringLiteral("l1")), endOf(QStringLiteral("never"))};
    QVERIFY(commit(again));
    const LogCheck first = verified();
    QCOMPARE(first.broken, QString());
    QCOMPARE(first.events, 15);
    QCOMPARE(first.entries, 10);
    QCOMPARE(first.head.number, 15);
    // Pinned: stores that were written before this program must go on being whole.
    QCOMPARE(first.head.hash,
             QStringLiteral("fd0a07cd91b6535367658f3bba58617aaf85b76e9de69d97f7da6e6ccd1cdd9f"));

    ChangeSet more;
    for (int i = 0; i < 5000; ++i) // more than a page
        more.logStarts.push_back(openLog(firstId(), QStringLiteral("m%1").arg(i)));
    more.logFinishes = {endOf(QStringLiteral("l9")), endOf(QStringLiteral("m4999"))};
    QVERIFY(commit(more));
    const LogCheck second = verified(first.head);
    QCOMPARE(second.broken, QString());
    QCOMPARE(second.events, 5017);
    QCOMPARE(second.entries, 5010);
    QVERIFY(second.knownChecked);
    reopen();
    QCOMPARE(verified().head.hash, second.head.hash);
}

void StoreContract::whatWasDoneToTheLogIsNamed_data() {
    QTest::addColumn<QByteArray>("deed");
    QTest::addColumn<int>("at");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const char* deed, int at, const char* says) {
        QTest::newRow(name) << QByteArray(deed) << at << QString::fromLatin1(says);
    };
    row("an entry's actor", "UPDATE {action_logs} SET user_id = 'eve' WHERE id = 'l3'", 4,
        "entry l3 says something else");
    row("an entry's end",
        "UPDATE {action_logs} SET status = 'success', error_code = NULL WHERE id "
        "= 'l7'",
        8, "entry l7 says something else");
    row("an end undone", "UPDATE {action_logs} SET status = 'in_progress' WHERE id = 'l0'", 11,
        "entry l0 says something else");
    row("an entry removed", "DELETE FROM {action_logs} WHERE id = 'l5'", 6, "entry l5");
    row("an entry slipped in",
        "INSERT INTO {action_logs} (id, action_type, status, created_at) VALUES ('x', 'HOLD', "
        "'success', 1)",
        16, "entry x was slipped in");
    row("an event's words",
        "UPDATE {action_events} SET words = replace(words, 'ada', 'eve') WHERE "
        "number = 2",
        2, "event 2 of entry l1 is not what was written");
    row("an event's time", "UPDATE {action_events} SET at = at - 1 WHERE number = 2", 2,
        "not what was written");
    row("an event's hash", "UPDATE {action_events} SET hash = '00' WHERE number = 2", 2,
        "should be");
    row("an event removed", "DELETE FROM {action_events} WHERE number = 9", 9,
        "event 9 is missing; 10 comes next");
    row("an event of another entry", "UPDATE {action_events} SET action_id = 'l4' WHERE number = 2",
        2, "entry l4 says something else than its event 2");
    row("an event slipped in at the end",
        "INSERT INTO {action_events} (number, action_id, at, words, hash) SELECT 16, action_id, "
        "at, "
        "words, hash FROM {action_events} WHERE number = 15",
        16, "event 16");
    row("the tail cut off", "DELETE FROM {action_events} WHERE number > 13", 14,
        "event 14 is missing and the log ends there");
    row("the beginning cut off", "DELETE FROM {action_events} WHERE number < 4", 1,
        "event 1 is missing; 4 comes next");
    row("everything removed", "DELETE FROM {action_events}", 1, "event 1 is missing");
    row("the head set back", "UPDATE {action_log_head} SET number = 14", 15, "the head names");
    row("an anchor made up",
        "UPDATE {action_log_head} SET anchor_number = 3, anchor_hash = "
        "(SELECT hash FROM {action_events} WHERE number = 3)",
        3, "no event says that retention removed them");
}

void StoreContract::whatWasDoneToTheLogIsNamed() {
    QFETCH(QByteArray, deed);
    QFETCH(int, at);
    QFETCH(QString, says);
    QVERIFY(commit(someActions()));
    QVERIFY(tamper(deed));
    const LogCheck check = verified();
    QVERIFY2(check.broken.contains(says), qPrintable(check.broken));
    QCOMPARE(check.brokenAt, at);
}

// Who may write can cut the end off and set the head back; only a head noted elsewhere tells.
void StoreContract::aLogWrittenAnewIsFoundByAKnownHead() {
    QVERIFY(commit(someActions()));
    const LogMark known = verified().head;
    QVERIFY(tamper("DELETE FROM {action_logs} WHERE id IN ('l3', 'l4')"));
    QVERIFY(tamper("DELETE FROM {action_events} WHERE number > 3"));
    QVERIFY(tamper("DELETE FROM {action_logs} WHERE id NOT IN ('l0', 'l1', 'l2')"));
    QVERIFY(tamper("UPDATE {action_logs} SET status = 'in_progress', error_code = NULL, "
                   "completed_at = NULL, duration_ms = NULL"));
    QVERIFY(tamper("UPDATE {action_log_head} SET number = 3, hash = (SELECT hash FROM "
                   "{action_events} WHERE number = 3)"));
    QCOMPARE(verified().broken, QString());
    const LogCheck cut = verified(known);
    QVERIFY2(cut.broken.contains(u"event 4 is missing"), qPrintable(cut.broken));
    const LogCheck other = verified(LogMark{2, QString(64, u'a')});
    QVERIFY2(other.broken.contains(u"written anew"), qPrintable(other.broken));
}

// One had ended and one had not.
void StoreContract::entriesFromBeforeTheChainAreInIt_data() {
    QTest::addColumn<int>("version");
    for (const int version : {1, 3, 4})
        QTest::addRow("%d", version) << version;
}
void StoreContract::entriesFromBeforeTheChainAreInIt() {
    QFETCH(int, version);
    openOld(version);
    const LogCheck check = verified();
    QCOMPARE(check.broken, QString());
    QCOMPARE(check.entries, version == 1 ? 1 : 2);
    QCOMPARE(check.events, check.entries);
    ChangeSet set;
    set.logFinishes = {endOf(QStringLiteral("7c9e6679-7425-40de-944b-e07fc1f90ae7"))};
    QVERIFY(commit(set));
    const LogCheck later = verified(check.head);
    QCOMPARE(later.broken, QString());
    QVERIFY(later.knownChecked);
    QCOMPARE(later.events, check.events + 1);
    QVERIFY(tamper("UPDATE {action_logs} SET user_id = 'eve'"));
    QVERIFY(verified().broken.contains(u"something else"));
}

} // namespace vigie
