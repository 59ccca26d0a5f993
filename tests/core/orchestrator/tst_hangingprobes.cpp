#include "tests/core/orchestrator/healthcheckfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;
using jobs::healthcheck::HealthCheckJob;

namespace {

/// Ready instances of which some hang, each on a health port of its own.
struct Hanging : HealthCheckFixture {
    std::optional<TaskScope> daemon{std::in_place};
    std::unique_ptr<HealthCheckJob> line;
    std::vector<InstanceId> ids;
    std::optional<JobReport> report; ///< of the newest cycle, when it is over

    explicit Hanging(int count, int parallel = 64) {
        context.carryOn = [this](Task<> task) { daemon->spawn(std::move(task)); };
        options.parallel = parallel;
        line = std::make_unique<HealthCheckJob>(context, options, watchdog, web.send());
        for (int i = 0; i < count; ++i) {
            ids.push_back(add(QStringLiteral("i%1").arg(i), InstanceStatus::Ready));
            edit(ids.back(), [i](InstanceRecord& r) { r.instance.workerHealthPort = portOf(i); });
        }
    }
    ~Hanging() {
        daemon->requestStop();
        web.hanging.clear();
        web.letGo();
    }
    static int portOf(int i) { return 9000 + i; }

    void begin() {
        report.reset();
        daemon->spawn([](Hanging& f) -> Task<> {
            const JobReport told = co_await f.line->run(f.daemon->token());
            f.report = told;
        }(*this));
    }
};

} // namespace

class TestHangingProbes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whoHangsKeepsNobodyWaiting() {
        Hanging f(3);
        f.web.hanging = {Hanging::portOf(0), Hanging::portOf(1)};
        for (int cycle = 0; cycle < 7; ++cycle) { // a minute
            f.begin();
            f.clock.advance(f.options.interval / 2);
            QVERIFY(f.report); // so that the next one begins when it is due
            f.clock.advance(f.options.interval / 2);
        }
        QCOMPARE(f.web.askedOf(Hanging::portOf(2)), 7); // silent, so asked in each
        QVERIFY(f.result(f.ids[2]).ok);
        // What is still in hand is not begun again.
        QCOMPARE(f.web.askedOf(Hanging::portOf(0)), 1);
        QVERIFY(!f.probes.results.contains(f.ids[0]));
        f.web.letGo();
        QCOMPARE(f.result(f.ids[0]).failuresInRow, 1);
        QCOMPARE(f.result(f.ids[1]).failuresInRow, 1);
        f.begin();
        QCOMPARE(f.web.askedOf(Hanging::portOf(0)), 2);
        f.clock.advance(5s);
        QVERIFY(f.report);
        QCOMPARE(f.report->processed, 2 + 1); // what outlived its cycle counts in a later one
    }

    void aShortIntervalIsKeptToo() {
        Hanging f(1);
        f.options.interval = 1s;
        f.line = std::make_unique<HealthCheckJob>(f.context, f.options, f.watchdog, f.web.send());
        f.web.hanging = {Hanging::portOf(0)};
        f.begin();
        QVERIFY(!f.report);
        f.clock.advance(500ms);
        QVERIFY(f.report);
    }

    void noMoreThanItsHandsAreAskedAtOnce() {
        Hanging f(4, 2);
        f.web.hanging = {Hanging::portOf(0), Hanging::portOf(1), Hanging::portOf(2)};
        for (int cycle = 0; cycle < 3; ++cycle) {
            f.begin();
            f.clock.advance(10s);
            QCOMPARE(f.web.asked.size(), 2);
        }
        f.web.letGo();
        QCOMPARE(f.web.waiting.size(), 1U);
        QVERIFY(f.result(f.ids[3]).ok);
        QCOMPARE(f.web.asked.size(), 4);
    }

    // Only a cycle that runs meanwhile can see a remedy that is over again by the answer.
    void anAnswerOfBeforeARemedySaysNothing() {
        Hanging f(1);
        const InstanceId id = f.ids[0];
        f.web.hanging = {Hanging::portOf(0)};
        f.begin();
        f.clock.advance(10s);
        f.edit(id, [&](InstanceRecord& r) { r.recoveryBegunAt = f.clock.wallNow(); });
        f.begin();
        f.clock.advance(10s);
        f.edit(id, [](InstanceRecord& r) { r.recoveryBegunAt.reset(); });
        f.web.letGo();
        QVERIFY(!f.probes.results.contains(id));
        f.web.hanging.clear();
        f.begin();
        QVERIFY(f.result(id).ok);
    }

    void aStopEndsWhatHangsAndTheNextBeginsAnew() {
        Hanging f(2, 1);
        f.web.hanging = {Hanging::portOf(0)};
        f.begin();
        f.clock.advance(10s);
        QVERIFY(f.report);
        f.daemon->requestStop();
        f.web.letGo();
        QVERIFY(f.daemon->idle());
        QVERIFY(f.probes.results.isEmpty());
        QCOMPARE(f.web.asked.size(), 1);
        f.daemon.emplace(); // another lease
        f.web.hanging.clear();
        f.begin();
        QVERIFY(f.report);
        QVERIFY(f.result(f.ids[0]).ok && f.result(f.ids[1]).ok);
    }
};

QTEST_GUILESS_MAIN(TestHangingProbes)
#include "tst_hangingprobes.moc"
