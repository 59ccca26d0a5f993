#include "tests/core/resilience/circuithelpers.h"

#include <QTest>

#include <cmath>

using namespace vigie;
using namespace vigie::circuittest;
using namespace std::chrono_literals;

class TestCircuitOptions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wrongOptionsAreNamed_data() {
        QTest::addColumn<int>("field");
        QTest::addColumn<QString>("named");
        QTest::newRow("good") << 0 << QString();
        QTest::newRow("window") << 1 << "slidingWindowSize is 0, but must be in 1..100000";
        QTest::newRow("minimum") << 2
                                 << "minimumNumberOfCalls is 11, but must be in "
                                    "1..slidingWindowSize";
        QTest::newRow("rate") << 3 << "failureRateThreshold is 50.000000, but must be in 0..1";
        QTest::newRow("wait") << 4 << "waitDurationInOpenState is 0 ns, but must be above 0";
        QTest::newRow("permitted")
            << 5 << "permittedNumberOfCallsInHalfOpenState is 0, but must be 1 or more";
        QTest::newRow("successes") << 6 << "successesToClose is -1, but must be 1 or more";
    }
    void wrongOptionsAreNamed() {
        QFETCH(int, field);
        QFETCH(QString, named);
        CircuitOptions options;
        options.slidingWindowSize = field == 1 ? 0 : 10;
        options.minimumNumberOfCalls = field == 2 ? 11 : 10;
        options.failureRateThreshold = field == 3 ? 50 : 0.5;
        options.waitDurationInOpenState = field == 4 ? 0s : 1s;
        options.permittedNumberOfCallsInHalfOpenState = field == 5 ? 0 : 1;
        options.successesToClose = field == 6 ? -1 : 1;
        QCOMPARE(QString::fromStdString(options.problem()), named);
    }

    void eachWrongFieldIsNamed() {
        const auto problem = [](auto change) {
            CircuitOptions options;
            change(options);
            return text(options.problem());
        };
        using O = CircuitOptions;
        QCOMPARE(problem([](O&) {}), QString());
        QCOMPARE(problem([](O& o) {
                     o.slidingWindowType = SlidingWindowType::TimeBased;
                     o.slidingWindowSize = 3601;
                 }),
                 QStringLiteral("slidingWindowSize is 3601, but must be in 1..3600 seconds"));
        QCOMPARE(problem([](O& o) {
                     o.slidingWindowType = SlidingWindowType::TimeBased;
                     o.slidingWindowSize = 5;
                     o.minimumNumberOfCalls = 1000; // seconds hold any number of calls
                 }),
                 QString());
        QCOMPARE(problem([](O& o) { o.waitDurationFactor = 0.5; }),
                 QStringLiteral("waitDurationFactor is 0.500000, but must be in 1..100"));
        QCOMPARE(problem([](O& o) { o.waitDurationFactor = std::nan(""); }).left(18),
                 QStringLiteral("waitDurationFactor"));
        QCOMPARE(problem([](O& o) {
                     o.waitDurationFactor = 2;
                     o.maxWaitDurationInOpenState = 1s;
                 }),
                 QStringLiteral("maxWaitDurationInOpenState is 1000000000 ns, but must be "
                                "waitDurationInOpenState or more"));
        QCOMPARE(problem([](O& o) { o.errorWeights[ErrorClass::Timeout] = -1; }),
                 QStringLiteral("errorWeights.timeout is -1.000000, but must be in 0..10"));
        QCOMPARE(problem([](O& o) { o.healthySpell = 0s; }),
                 QStringLiteral("healthySpell is 0 ns, but must be above 0"));
        QCOMPARE(problem([](O& o) { o.permittedFailuresInHalfOpenState = -1; }),
                 QStringLiteral("permittedFailuresInHalfOpenState is -1, but must be 0 or more"));
    }
};

QTEST_GUILESS_MAIN(TestCircuitOptions)
#include "tst_circuitoptions.moc"
