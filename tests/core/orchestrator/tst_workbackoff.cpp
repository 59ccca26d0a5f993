#include "core/orchestrator/backoff.h"

#include <QSet>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

class TestWorkBackoff : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void doublesGiveOrTakeTenPercentUpToTheCap() {
        const QString whom = QStringLiteral("i-1");
        Duration nominal = 5s;
        for (int failures = 1; failures <= 12; ++failures) {
            const Duration wait = backoff(whom, failures, 5s, 60s);
            QVERIFY(wait >= nominal * 9 / 10 && wait <= std::min<Duration>(nominal * 11 / 10, 60s));
            nominal = std::min<Duration>(nominal * 2, 60s);
        }
        QVERIFY(backoff(whom, 1, 5min, 60s) <= 60s);
        QVERIFY(backoff(whom, 1'000'000'000, 5s, 60s) >= 54s); // and takes no time to tell
    }

    void whoFailedTogetherComesBackSpreadOut() {
        QSet<qint64> waits;
        for (int i = 0; i < 100; ++i)
            waits.insert(backoff(QStringLiteral("i-%1").arg(i), 1, 5s, 60s).count());
        QVERIFY(waits.size() > 90);
    }

    void isTheSameOnEveryReplica() {
        QVERIFY(backoff(QStringLiteral("i-1"), 3, 5s, 60s) ==
                backoff(QStringLiteral("i-1"), 3, 5s, 60s));
    }

    void waitsAsLongAsTheOtherSideAsks() {
        QVERIFY(backoff(QStringLiteral("i-1"), 1, 5s, 60s, 90s) == Duration(90s));
        QVERIFY(backoff(QStringLiteral("i-1"), 1, 5s, 60s, 1s) >= Duration(4500ms));
    }
};

QTEST_GUILESS_MAIN(TestWorkBackoff)
#include "tst_workbackoff.moc"
