#include "core/http/connectionbudget.h"
#include "tests/support/fakeclock.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

Task<> enter(ConnectionBudget& budget, Clock& clock, Duration patience, std::stop_token stop,
             QList<bool>& out) {
    const bool entered = co_await budget.enter(clock, patience, std::move(stop));
    out.append(entered);
}

} // namespace

class TestConnectionBudget : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void placesPassOnInOrder() {
        FakeClock clock;
        ConnectionBudget budget;
        QList<bool> inside, first, second, third;
        TaskScope scope;
        for (int i = 0; i < ConnectionBudget::maxRunning; ++i)
            scope.spawn(enter(budget, clock, 10s, scope.token(), inside));
        QCOMPARE(inside.size(), ConnectionBudget::maxRunning);
        scope.spawn(enter(budget, clock, 1s, scope.token(), first));
        scope.spawn(enter(budget, clock, 10s, scope.token(), second));
        scope.spawn(enter(budget, clock, 10s, scope.token(), third));
        QVERIFY(first.isEmpty() && second.isEmpty());
        clock.advance(1s); // the first has lost patience
        QCOMPARE(first, QList<bool>{false});
        budget.leave();
        QCOMPARE(second, QList<bool>{true});
        QVERIFY(third.isEmpty());
        scope.requestStop();
        QCOMPARE(third, QList<bool>{false});
        QCOMPARE(budget.running(), ConnectionBudget::maxRunning);
        for (int i = 0; i < ConnectionBudget::maxRunning; ++i)
            budget.leave();
        QCOMPARE(budget.running(), 0);
        QCOMPARE(clock.pending(), 0);
    }

    void onlySoManyPeersKeepAConnection() {
        ConnectionBudget budget;
        const MonotonicTime start{24h};
        const auto peer = [](int i) { return QStringLiteral("http://host%1").arg(i); };
        for (int i = 0; i < ConnectionBudget::maxKeptPeers; ++i)
            QVERIFY(budget.mayKeep(peer(i), start));
        QVERIFY(!budget.mayKeep(peer(9999), start));
        QVERIFY(budget.mayKeep(peer(0), start + 100s)); // known ones go on
        QVERIFY(!budget.mayKeep(peer(9999), start + 120s));
        QVERIFY(budget.mayKeep(peer(9999), start + 121s)); // the idle ones are closed by now
        QVERIFY(budget.mayKeep(peer(0), start + 121s));
    }
};

QTEST_GUILESS_MAIN(TestConnectionBudget)
#include "tst_connectionbudget.moc"
