#include "core/telemetry/successwindow.h"

#include <QTest>

#include <deque>
#include <numeric>
#include <random>

using namespace vigie;

class TestSuccessWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingYet() {
        const SuccessWindow window;
        QVERIFY(!window.rate());
        QVERIFY(!window.alerting());
    }

    /// Seed 000 looked only when the total was a multiple of 100.
    void alertsAtTheVeryTaskThatPassesTheThreshold() {
        SuccessWindow window;
        for (int i = 0; i < 137; ++i)
            QVERIFY(!window.record(true));
        for (int i = 0; i < 5; ++i)
            QVERIFY(!window.record(false)); // 95 of 100: not below
        QCOMPARE(*window.rate(), 0.95);
        QVERIFY(window.record(false) == SuccessWindow::Change::Raised);
        QCOMPARE(window.total(), 143U);
        QVERIFY(window.alerting());
        // It ends with the task that pushes the first failure out.
        for (int i = 0; i < 94; ++i)
            QVERIFY(!window.record(true));
        QVERIFY(window.record(true) == SuccessWindow::Change::Cleared);
        QCOMPARE(window.failures(), std::size_t{5});
    }

    void fewOutcomesSayNothing() {
        SuccessWindow window({100, 20, 0.95});
        for (int i = 0; i < 19; ++i)
            QVERIFY(!window.record(false));
        QVERIFY(!window.alerting());
        QVERIFY(window.record(false) == SuccessWindow::Change::Raised);
        QCOMPARE(*window.rate(), 0.0);
    }

    void isExact() {
        std::mt19937 random(1);
        SuccessWindow window({7, 3, 0.5});
        std::deque<int> last;
        for (int i = 0; i < 2000; ++i) {
            const bool success = random() % 2 == 0;
            const bool before = window.alerting();
            const auto change = window.record(success);
            last.push_back(success ? 1 : 0);
            if (last.size() > 7)
                last.pop_front();
            const double rate =
                double(std::accumulate(last.begin(), last.end(), 0)) / double(last.size());
            QCOMPARE(*window.rate(), rate);
            QCOMPARE(window.count(), last.size());
            QCOMPARE(window.alerting(), last.size() >= 3 && rate < 0.5);
            QCOMPARE(change.has_value(), before != window.alerting());
        }
    }

    void oddOptionsAreMended() {
        SuccessWindow window({0, 50, 0.5});
        QCOMPARE(window.options().size, std::size_t{1});
        QVERIFY(window.record(false) == SuccessWindow::Change::Raised);
        QVERIFY(window.record(true) == SuccessWindow::Change::Cleared);
    }
};

QTEST_GUILESS_MAIN(TestSuccessWindow)
#include "tst_successwindow.moc"
