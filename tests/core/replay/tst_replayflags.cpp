#include "core/replay/replayflags.h"
#include "core/replay/replayreport.h"

#include <QHash>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

Outcome<CircuitOptions> read(const QHash<QString, QString>& given) {
    return circuitOptionsFrom([&](const QString& name) { return given.value(name); });
}

QString problem(const char* flag, const char* value) {
    QHash<QString, QString> given;
    given.insert(QString::fromLatin1(flag), QString::fromLatin1(value));
    const auto options = read(given);
    return options ? QString() : options.error().message;
}

} // namespace

class TestReplayFlags : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void setTheirOptions() {
        const auto options = read({{QStringLiteral("failure-rate"), QStringLiteral("0.5")},
                                   {QStringLiteral("window"), QStringLiteral("time_based")},
                                   {QStringLiteral("window-size"), QStringLiteral("60")},
                                   {QStringLiteral("wait-ms"), QStringLiteral("1500")}});
        QVERIFY(options);
        QCOMPARE(options->failureRateThreshold, 0.5);
        QVERIFY(options->slidingWindowType == SlidingWindowType::TimeBased);
        QCOMPARE(options->slidingWindowSize, 60);
        QVERIFY(options->waitDurationInOpenState == 1500ms);
        QCOMPARE(options->consecutiveFailures, 5); // what is not given stays the default
    }

    void eachFlagRefusesRubbish() {
        for (const ReplayFlag& flag : replayFlags()) {
            const bool isWindow = flag.name == QLatin1String("window");
            QVERIFY2(!problem(qPrintable(flag.name), "many").isEmpty(), qPrintable(flag.name));
            QVERIFY2(
                problem(qPrintable(flag.name), "many").startsWith(QStringLiteral("--") + flag.name),
                qPrintable(flag.name));
            QVERIFY(isWindow || !problem(qPrintable(flag.name), "-1").isEmpty());
        }
    }

    void wrongValuesAreNamed() {
        QCOMPARE(problem("failure-rate", "50"),
                 QStringLiteral("--failure-rate is \"50\", expected a number in 0..1"));
        QCOMPARE(problem("window-size", "1.5"),
                 QStringLiteral("--window-size is \"1.5\", expected a whole number in 0..1000000"));
        QCOMPARE(problem("wait-factor", "nan"),
                 QStringLiteral("--wait-factor is \"nan\", expected a number in 0..100"));
        QCOMPARE(problem("window", "both"),
                 QStringLiteral("--window is \"both\", expected count_based or time_based"));
        QCOMPARE(problem("minimum-calls", "101"),
                 QStringLiteral("--minimum-calls: minimumNumberOfCalls is 101, but must be in "
                                "1..slidingWindowSize"));
        QCOMPARE(problem("healthy-spell-ms", "0"),
                 QStringLiteral("--healthy-spell-ms: healthySpell is 0 ns, but must be above 0"));
    }

    void theReportSumsUp() {
        ReplayResult result;
        result.calls = 40;
        result.failures = 1;
        result.opens = 1;
        result.refusedSuccesses = 2;
        result.notClosed = 14s;
        result.endsAs = CircuitMode::Open;
        const auto at = [](auto since) { return std::chrono::steady_clock::time_point(since); };
        result.transitions = {
            {at(12100ms), CircuitMode::Closed, CircuitMode::Open, "it failed"},
            {at(1795321434120ms), CircuitMode::Open, CircuitMode::HalfOpen, "the wait is over"}};
        QCOMPARE(replayReport(result),
                 QStringLiteral("12100 ms  closed -> open: it failed\n"
                                "2026-11-22T04:23:54.120Z  open -> half_open: the wait is over\n"
                                "40 calls, 1 failure: opened 1 time, closed again 0 times, not "
                                "closed for 14 s, ends open; would have spared 0 failures and "
                                "refused 2 successes\n"));
    }
};

QTEST_GUILESS_MAIN(TestReplayFlags)
#include "tst_replayflags.moc"
