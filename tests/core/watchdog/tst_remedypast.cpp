#include "core/watchdog/remedypast.h"

#include <QTest>

#include <algorithm>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const WallTime start{std::chrono::sys_days(std::chrono::year(2026) / 11 / 1)};

/// Rows of one instance, written in the order of time.
struct Log {
    std::vector<ActionLog> rows;

    Log& row(QStringView type, std::chrono::milliseconds at, const QString& before = {},
             const QString& after = {}, const QString& who = QStringLiteral("automation")) {
        ActionLog made;
        made.actionType = type.toString();
        made.createdAt = start + at;
        made.status = ActionLogStatus::Success;
        made.instanceStatusBefore = before;
        made.instanceStatusAfter = after;
        made.userId = who;
        rows.push_back(made);
        return *this;
    }
    Log& died(std::chrono::milliseconds at) {
        return row(actiontype::workerDeadDetected, at, QStringLiteral("ready"),
                   QStringLiteral("worker_dead"));
    }
    Log& restarted(std::chrono::milliseconds at) {
        return row(actiontype::executeRestartWorker, at);
    }
    Log& ready(std::chrono::milliseconds at) {
        return row(actiontype::instanceReady, at, QStringLiteral("starting"),
                   QStringLiteral("ready"));
    }
    Log& startupFailed(std::chrono::milliseconds at) {
        return row(actiontype::instanceStartupFailed, at, QStringLiteral("booting"),
                   QStringLiteral("startup_failed"));
    }
    RemedyPast at(std::chrono::milliseconds now) const {
        std::vector<ActionLog> newestFirst(rows.rbegin(), rows.rend());
        return remedyPast(newestFirst, {}, start + now);
    }
};

} // namespace

class TestRemedyPast : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aStepThatDidNotHelpIsNotTheNextOne() {
        Log log;
        log.died(0s).restarted(20s).row(actiontype::executeReinstall, 950s);
        const RemedyPast past = log.at(960s);
        QCOMPARE(past.tries.size(), 2U);
        QVERIFY(past.tries[0].failed);
        QVERIFY(!past.tries[1].failed);
        QVERIFY(log.died(1000s).at(1010s).tries[1].failed);
    }

    void nothingHappened() {
        const RemedyPast past = Log().at(1h);
        QVERIFY(past.tries.empty() && past.turns.empty());
        QCOMPARE(past.failedInARow, 0);
    }

    void triesAddUpUntilAnHourOfHealth() {
        Log log;
        log.died(0s).restarted(20s).ready(60s).died(40min).restarted(41min).ready(42min);
        QCOMPARE(log.at(43min).tries.size(), 2U);
        QCOMPARE(log.at(42min + 3599s).tries.size(), 2U);
        QCOMPARE(log.at(42min + 3600s).tries.size(), 0U);
        log.died(3h).restarted(3h + 20s);
        QCOMPARE(log.at(3h + 1min).tries.size(), 1U);
    }

    void aSickSpellEndsTheHealth() {
        Log log;
        log.died(0s).restarted(20s).ready(60s);
        log.row(actiontype::healthCheck, 30min, QStringLiteral("ready"),
                QStringLiteral("unavailable"));
        log.rows.back().status = ActionLogStatus::Failed;
        log.row(actiontype::workerRecovered, 40min, QStringLiteral("unavailable"),
                QStringLiteral("ready"));
        QCOMPARE(log.at(61min).tries.size(), 1U);
        QCOMPARE(log.at(40min + 3600s).tries.size(), 0U);
    }

    void failuresInARow() {
        Log log;
        log.died(0s);
        for (int i = 0; i < 4; ++i)
            log.restarted(i * 10min + 1min).startupFailed(i * 10min + 5min);
        QCOMPARE(log.at(1h).failedInARow, 4);
        QVERIFY(log.at(1h).lastFailure == start + 35min);
        log.restarted(50min);
        QCOMPARE(log.at(1h).failedInARow, 4); // it may still help
        log.ready(55min);
        QCOMPARE(log.at(1h).failedInARow, 0);
        QVERIFY(!log.at(1h).lastFailure);
    }

    void aSecondStepMeansThatTheFirstFailed() {
        Log log;
        log.died(0s).restarted(1min).row(actiontype::executeReinstall, 20min);
        QCOMPARE(log.at(21min).failedInARow, 1);
        QVERIFY(log.at(21min).tries[1].step == RemedyStep::Reinstall);
    }

    void whatTheProviderRefusedIsNoTry() {
        Log log;
        log.died(0s).restarted(1min);
        log.rows.back().status = ActionLogStatus::Failed;
        log.rows.back().errorCode = QStringView(errorcode::stepNotAvailable).toString();
        const RemedyPast past = log.at(2min);
        QCOMPARE(past.tries.size(), 1U);
        QVERIFY(past.tries[0].skipped);
        QCOMPARE(past.failedInARow, 0);
    }

    void whatWasCalledOffIsNoTry() {
        Log log;
        log.died(0s).restarted(1min);
        log.rows.back().status = ActionLogStatus::Failed;
        log.rows.back().errorCode = QStringView(errorcode::calledOff).toString();
        const RemedyPast past = log.at(2min);
        QVERIFY(past.tries.empty());
        QCOMPARE(past.failedInARow, 0);
    }

    void aPersonsRemedyStartsAnew() {
        Log log;
        log.died(0s).restarted(1min).startupFailed(10min);
        log.row(actiontype::executeReinstall, 15min, {}, {}, QStringLiteral("ada"));
        const RemedyPast past = log.at(16min);
        QVERIFY(past.tries.empty());
        QCOMPARE(past.failedInARow, 0);
    }

    void turnsAreChangesBetweenDeadAndAlive() {
        Log log;
        log.ready(0s).died(10min); // the first ready of its life is no change
        log.row(actiontype::workerRecovered, 12min, QStringLiteral("worker_dead"),
                QStringLiteral("ready"));
        log.died(20min);
        const RemedyPast past = log.at(21min);
        QCOMPARE(past.turns.size(), 3U);
        QVERIFY(past.turns[1] == start + 12min);
        // What is written twice for one change (a health check and its result) counts once.
        log.restarted(21min);
        log.row(actiontype::healthCheck, 25min, QStringLiteral("starting"),
                QStringLiteral("ready"));
        log.ready(25min);
        QCOMPARE(log.at(26min).turns.size(), 4U);
    }

    void whatARemedyBroughtBackIsKeptApart() {
        Log log;
        log.ready(0s).died(10min);
        log.row(actiontype::workerRecovered, 12min, QStringLiteral("worker_dead"),
                QStringLiteral("ready"));
        QVERIFY(log.at(13min).helped.empty()); // by itself
        log.died(20min).restarted(21min).ready(25min);
        const RemedyPast past = log.at(26min);
        QCOMPARE(past.helped.size(), 1U);
        QVERIFY(past.helped[0] == start + 25min);
        log.died(30min);
        log.row(actiontype::workerRecovered, 32min, QStringLiteral("worker_dead"),
                QStringLiteral("ready"));
        QCOMPARE(log.at(33min).helped.size(), 1U); // that remedy was of an earlier death
    }

    void aStepThatWasSkippedHelpsNobody() {
        Log log;
        log.died(0s).restarted(1min);
        log.rows.back().status = ActionLogStatus::Failed;
        log.rows.back().errorCode = QStringView(errorcode::stepNotAvailable).toString();
        log.row(actiontype::workerRecovered, 3min, QStringLiteral("worker_dead"),
                QStringLiteral("ready"));
        QVERIFY(log.at(4min).helped.empty());
    }
};

QTEST_GUILESS_MAIN(TestRemedyPast)
#include "tst_remedypast.moc"
