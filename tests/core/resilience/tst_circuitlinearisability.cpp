// What threads see of a shared breaker must be what they could have seen one after the other: for
// each short history of calls that overlap, an order is searched that keeps the order of calls that
// don't overlap and in which CircuitModel gives the same answers and ends in the same state
// (Wing and Gong, "Testing and verifying concurrent objects", 1993).

#include "tests/core/resilience/circuithelpers.h"
#include "tests/core/resilience/circuitmodel.h"

#include <QTest>

#include <array>
#include <atomic>
#include <random>
#include <thread>

using namespace vigie;
using namespace vigie::circuittest;
using namespace std::chrono_literals;

namespace {

constexpr int threads = 3, stepsOfThread = 4;

enum class Act { Acquire, Succeed, Fail, Drop, ForceClosed };

/// One call of one thread, and when it began and ended by a clock that all threads share.
struct Step {
    Act act = Act::Acquire;
    unsigned began = 0, ended = 0;
    bool admitted = false; ///< of Acquire
};
using Script = std::array<Step, stepsOfThread>;
using History = std::array<Script, threads>;

CircuitOptions optionsOf(unsigned round) {
    CircuitOptions options = threeInARow();
    options.permittedNumberOfCallsInHalfOpenState = 1 + int(round % 3);
    options.successesToClose = 1 + int(round / 3 % 2);
    options.permittedFailuresInHalfOpenState = int(round / 6 % 2);
    return options;
}

/// What happened before the threads begin: `failures` in a row, at `start`.
template <class Breaker>
void prepare(Breaker& breaker, int failures) {
    for (int i = 0; i < failures; ++i) {
        if constexpr (std::is_same_v<Breaker, CircuitModel>)
            breaker.settle(breaker.acquire(start), start, 1);
        else
            breaker.acquire(start).fail(start, "x");
    }
}

Script scriptOf(std::mt19937& random) {
    Script script;
    for (int i = 0; i < stepsOfThread; i += 2) {
        const unsigned drawn = random() % 10;
        script[i].act = Act::Acquire;
        script[i + 1].act = drawn < 4   ? Act::Fail
                            : drawn < 8 ? Act::Succeed
                            : drawn < 9 ? Act::Drop
                                        : Act::ForceClosed;
    }
    return script;
}

void play(CircuitBreaker& breaker, Script& script, Time now, std::atomic<unsigned>& clock) {
    std::optional<CircuitPermit> permit;
    for (Step& step : script) {
        step.began = clock++;
        std::this_thread::yield(); // calls overlap also where there are fewer processors
        switch (step.act) {
        case Act::Acquire:
            permit.emplace(breaker.acquire(now));
            step.admitted = bool(*permit);
            break;
        case Act::Succeed:
            permit->succeed(now);
            break;
        case Act::Fail:
            permit->fail(now, "x");
            break;
        case Act::Drop:
            permit->drop(now);
            break;
        case Act::ForceClosed:
            breaker.force(CircuitMode::Closed, now, "test");
            permit->drop(now);
            break;
        }
        step.ended = clock++;
    }
}

/// Looks for an order; how often it tried a step tells what the search costs.
class Search {
public:
    Search(const History& history, Time now, CircuitSnapshot ended)
        : m_history(history), m_now(now), m_ended(std::move(ended)) {}

    bool explains(const CircuitModel& model) {
        State state{model, {}, {}};
        return goOn(state);
    }

private:
    struct State {
        CircuitModel model;
        std::array<int, threads> next;
        std::array<CircuitModel::Permit, threads> permits;
    };

    bool goOn(const State& state) const {
        bool over = true;
        for (int thread = 0; thread < threads; ++thread) {
            if (state.next[thread] == stepsOfThread)
                continue;
            over = false;
            if (!mayBeNext(state, thread))
                continue;
            State after = state;
            if (apply(after, thread) && goOn(after))
                return true;
        }
        return over && endsAlike(state.model);
    }

    /// Nothing that is left ended before this began.
    bool mayBeNext(const State& state, int thread) const {
        const Step& step = m_history[thread][state.next[thread]];
        for (int other = 0; other < threads; ++other) {
            if (state.next[other] < stepsOfThread &&
                m_history[other][state.next[other]].ended < step.began)
                return false;
        }
        return true;
    }

    bool apply(State& state, int thread) const {
        const Step& step = m_history[thread][state.next[thread]++];
        CircuitModel::Permit& permit = state.permits[thread];
        const bool held = permit.leave != CircuitModel::Leave::No;
        switch (step.act) {
        case Act::Acquire:
            permit = state.model.acquire(m_now);
            return (permit.leave != CircuitModel::Leave::No) == step.admitted;
        case Act::Succeed:
        case Act::Fail:
            if (held)
                state.model.settle(permit, m_now, step.act == Act::Fail ? 1 : 0);
            return true;
        case Act::ForceClosed:
            state.model.force(CircuitMode::Closed, m_now, std::nullopt);
            [[fallthrough]];
        case Act::Drop:
            if (held)
                state.model.drop(permit);
            return true;
        }
        return false;
    }

    bool endsAlike(const CircuitModel& model) const {
        const CircuitSnapshot seen = model.snapshot(m_now);
        return seen.computed == m_ended.computed && seen.calls == m_ended.calls &&
               seen.failures == m_ended.failures &&
               seen.consecutiveFailures == m_ended.consecutiveFailures &&
               seen.notPermitted == m_ended.notPermitted &&
               seen.lateResults == m_ended.lateResults && seen.opens == m_ended.opens &&
               seen.resets == m_ended.resets && seen.trialsRunning == m_ended.trialsRunning;
    }

    const History& m_history;
    Time m_now;
    CircuitSnapshot m_ended;
};

QString told(const History& history) {
    static constexpr const char* names[] = {"acquire", "succeed", "fail", "drop", "force closed"};
    QString text;
    for (const Script& script : history) {
        for (const Step& step : script)
            text += QStringLiteral("%1 [%2, %3]%4; ")
                        .arg(QLatin1String(names[int(step.act)]))
                        .arg(step.began)
                        .arg(step.ended)
                        .arg(step.act != Act::Acquire ? QString()
                             : step.admitted          ? QStringLiteral(" admitted")
                                                      : QStringLiteral(" refused"));
        text += QLatin1Char('\n');
    }
    return text;
}

} // namespace

class TestCircuitLinearisability : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyHistoryHasAnOrder_data() {
        QTest::addColumn<int>("failures");
        QTest::addColumn<int>("after");
        QTest::newRow("closed") << 0 << 0;
        QTest::newRow("one failure from opening") << 2 << 0;
        QTest::newRow("open") << 3 << 29;
        QTest::newRow("half open") << 3 << 30;
    }
    void everyHistoryHasAnOrder() {
        QFETCH(int, failures);
        QFETCH(int, after);
        constexpr unsigned rounds = 500;
        const Time now = start + std::chrono::seconds(after);
        std::mt19937 random(unsigned(42 + failures + after));
        unsigned overlapping = 0;
        for (unsigned round = 0; round < rounds; ++round) {
            History history;
            for (Script& script : history)
                script = scriptOf(random);
            CircuitBreaker breaker(optionsOf(round));
            prepare(breaker, failures);
            std::atomic<unsigned> clock{0};
            std::atomic<int> missing{threads};
            std::vector<std::thread> callers;
            for (Script& script : history)
                callers.emplace_back([&] {
                    // Not a barrier, which wakes those who wait one after the other.
                    for (--missing; missing > 0;)
                        std::this_thread::yield();
                    play(breaker, script, now, clock);
                });
            for (auto& caller : callers)
                caller.join();
            overlapping += history[0].back().ended > history[1].front().began &&
                           history[1].back().ended > history[0].front().began;
            CircuitModel model(optionsOf(round));
            prepare(model, failures);
            QVERIFY2(Search(history, now, breaker.snapshot(now)).explains(model),
                     qUtf8Printable(told(history)));
        }
        QVERIFY(overlapping > 0); // else nothing was tried
    }

    /// The search finds what is wrong: an answer that no order gives is seen.
    void aWrongAnswerIsSeen() {
        History history;
        unsigned clock = 0;
        for (Script& script : history) {
            script[1].act = script[3].act = Act::Fail;
            for (Step& step : script) {
                step.began = clock++;
                step.ended = clock++;
                step.admitted = true; // the fourth would be refused: three failures open it
            }
        }
        CircuitModel model(threeInARow());
        QVERIFY(!Search(history, start, model.snapshot(start)).explains(model));
    }
};

QTEST_GUILESS_MAIN(TestCircuitLinearisability)

#include "tst_circuitlinearisability.moc"
