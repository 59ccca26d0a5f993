#include "core/orchestrator/api/callerlimits.h"
#include "tests/core/orchestrator/api/apifixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

class TestCallerLimits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachCallerHasItsOwn() {
        FakeClock clock;
        CallerLimits limits(clock, 10);
        const QString ada = QStringLiteral("ada");
        const QString bob = QStringLiteral("bob");
        int taken = 0;
        while (!limits.refuse(ada))
            ++taken;
        QVERIFY2(taken >= 20 && taken <= 21, qPrintable(QString::number(taken)));
        QVERIFY(!limits.refuse(bob));
        const auto wait = limits.refuse(ada);
        QVERIFY(wait && *wait > 0ms && *wait <= 100ms);
        clock.advance(1s);
        taken = 0;
        while (!limits.refuse(ada))
            ++taken;
        QVERIFY(taken >= 10 && taken <= 11);
    }

    void memoryIsBounded() {
        FakeClock clock;
        CallerLimits limits(clock, 1);
        for (qsizetype i = 0; i < 3 * CallerLimits::mostCallers; ++i)
            QVERIFY(!limits.refuse(QString::number(i)));
    }

    void tooManyCallsAreAnswered429() {
        ApiFixture api;
        CallerLimits limits(api.clock, 2);
        api.context.limits = &limits;
        for (int i = 0; i < 4; ++i)
            QCOMPARE(api.get(QStringLiteral("/jobs")).status, 200);
        const Answer over = api.get(QStringLiteral("/jobs"));
        QCOMPARE(over.status, 429);
        QCOMPARE(over.error(), QStringLiteral("too_many_requests"));
        QCOMPARE(over.header("Retry-After"), QByteArray("1"));
        // Others, and those who need no token, go on.
        QCOMPARE(api.get(QStringLiteral("/jobs"), QStringLiteral("admin")).status, 200);
        QCOMPARE(api.get(QStringLiteral("/livez"), {}).status, 200);
        api.clock.advance(1s);
        QCOMPARE(api.get(QStringLiteral("/jobs")).status, 200);
    }

    void workersToo() {
        ApiFixture api;
        CallerLimits limits(api.clock, 1);
        const InstanceId id = api.deploy();
        const QString secret = api.boot(id);
        api.context.limits = &limits;
        const QByteArray body =
            "{\"instance_id\":\"" + id.value().toUtf8() + "\",\"status\":\"starting\"}";
        const auto beat = [&] {
            return api.post(QStringLiteral("/internal/worker/heartbeat"), body, secret).status;
        };
        QCOMPARE(beat(), 200);
        QCOMPARE(beat(), 200);
        QCOMPARE(beat(), 429);
        api.clock.advance(1s);
        QCOMPARE(beat(), 200);
    }
};

QTEST_GUILESS_MAIN(TestCallerLimits)
#include "tst_callerlimits.moc"
