#include "core/calls/profiles.h"
#include "core/tasks/checkpoints/checkpointhistory.h"
#include "core/tasks/checkpoints/localcheckpoints.h"
#include "core/tasks/plan/planreader.h"
#include "core/tasks/runner/deadletterreplay.h"
#include "core/tasks/runner/runjournal.h"
#include "tests/support/fakeclock.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// Answers or fails by its prompt, and counts.
class WordEngine final : public TaskEngine {
public:
    WordEngine(Clock& clock, QStringList& seen, QSet<QString>& failing)
        : m_clock(clock), m_seen(seen), m_failing(failing) {}

    Task<Outcome<QString>> generate(EngineRequest request, std::stop_token stop) override {
        m_seen.append(request.idempotencyKey);
        const bool rested = co_await sleepFor(m_clock, 1s, std::move(stop));
        Failure failure;
        failure.code = QString::fromLatin1(toString(ErrorClass::Cancelled));
        failure.kind = FailureKind::Cancelled;
        if (!rested)
            co_return fail(failure);
        if (m_failing.contains(request.prompt)) {
            failure.kind = FailureKind::ServerError;
            failure.code = request.prompt == QLatin1String("bad")
                               ? QString::fromLatin1(toString(ErrorClass::InvalidRequest))
                               : QString::fromLatin1(toString(ErrorClass::Overloaded));
            failure.message = QStringLiteral("it fails");
            co_return fail(failure);
        }
        co_return QStringLiteral("did ") + request.prompt;
    }

private:
    Clock& m_clock;
    QStringList& m_seen;
    QSet<QString>& m_failing;
};

} // namespace

class TestQueueRunner : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<LocalCheckpoints> m_checkpoints;
    std::unique_ptr<DeadLetterQueue> m_letters;
    QStringList m_seen; ///< idempotency keys, as the engine got them
    QSet<QString> m_failing;

    QueueRunnerParts parts() {
        EngineDescriptor word;
        word.kind = QStringLiteral("word");
        word.create = [this](const EngineContext& context) -> Outcome<std::unique_ptr<TaskEngine>> {
            return std::make_unique<WordEngine>(context.clock, m_seen, m_failing);
        };
        return {*m_clock,
                m_folder->filePath(QStringLiteral("runs")),
                *m_checkpoints,
                *m_letters,
                builtInProfiles(),
                {word},
                {}};
    }
    static ExecutionPlan plan(const QByteArray& prompts) {
        QByteArray toml = "name = \"p\"\n[engines.w]\nkind = \"word\"\n";
        for (const QByteArray& prompt : prompts.split(' '))
            toml += "[[task]]\nid = \"" + prompt + "\"\nprompt = \"" + prompt + "\"\n";
        auto read = readPlan(toml, QStringLiteral("plan"), QStringLiteral("/"));
        if (!read)
            qFatal("%s", qUtf8Printable(read.error().message));
        return *read;
    }
    WorkflowPreset preset() {
        WorkflowPreset one;
        one.checkpointInterval = 2s;
        one.deadLetterReplayRounds = 0;
        return one;
    }

    template <typename T>
    Outcome<T> finish(Task<Outcome<T>> task) {
        std::optional<Outcome<T>> result;
        const auto watch = [](Task<Outcome<T>> running, std::optional<Outcome<T>>* to) -> Task<> {
            auto outcome = co_await running;
            to->emplace(std::move(outcome));
        };
        const Task<> running = watch(std::move(task), &result);
        for (int i = 0; !result && i < 100'000; ++i)
            m_clock->advance(100ms);
        if (!result)
            return fail(FailureKind::Timeout, QStringLiteral("it never ended"));
        return std::move(*result);
    }
    /// Runs for a while and is stopped then.
    RunSummary runFor(QueueRunner& runner, const ExecutionPlan& what, Duration span) {
        std::stop_source source;
        const Timer stopping = m_clock->schedule(span, [&source] { source.request_stop(); });
        auto summary = finish(runner.run(what, QStringLiteral("r"), {}, source.get_token()));
        return summary ? *summary : RunSummary();
    }
    QStringList checkpointFiles() const {
        return QDir(m_folder->filePath(QStringLiteral("cp/r"))).entryList(QDir::Files, QDir::Name);
    }
    QString journal() const { return m_folder->filePath(QStringLiteral("runs/r/journal.log")); }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_clock = std::make_unique<FakeClock>();
        m_checkpoints =
            std::make_unique<LocalCheckpoints>(m_folder->filePath(QStringLiteral("cp")));
        auto letters =
            DeadLetterQueue::open(*m_clock, m_folder->filePath(QStringLiteral("dlq")), {});
        QVERIFY(letters);
        m_letters = std::make_unique<DeadLetterQueue>(std::move(*letters));
        m_seen.clear();
        m_failing.clear();
    }

    void runsAPlan() {
        QueueRunner runner(parts(), preset());
        QStringList told;
        const auto summary =
            finish(runner.run(plan("a b c"), QStringLiteral("r"),
                              [&told](const TaskResult& result) { told.append(result.text); }, {}));
        QVERIFY(summary);
        QVERIFY(summary->finished());
        QCOMPARE(summary->succeeded, 3);
        QCOMPARE(told, QStringList({QStringLiteral("did a"), QStringLiteral("did b"),
                                    QStringLiteral("did c")}));
        QCOMPARE(m_seen.first(), QStringLiteral("vigie:r:a"));
    }

    void switchedOffEachTaskIsTriedOnce_data() {
        QTest::addColumn<bool>("engineOn");
        QTest::addColumn<bool>("once");
        QTest::newRow("on") << true << false;
        QTest::newRow("off") << false << true;
    }
    void switchedOffEachTaskIsTriedOnce() {
        QFETCH(bool, engineOn);
        WorkflowPreset replaying = preset();
        replaying.deadLetterReplayRounds = 2;
        QueueRunnerParts made = parts();
        made.calls.enabled = engineOn;
        m_failing = {QStringLiteral("later")};
        QueueRunner runner(std::move(made), replaying);
        const auto summary =
            finish(runner.run(plan("a later"), QStringLiteral("r"), {}, std::stop_token()));
        QVERIFY(summary && summary->finished());
        QCOMPARE(summary->succeeded, 1);
        QTEST(m_seen.count(QStringLiteral("vigie:r:later")) == 1, "once");
        QCOMPARE(m_letters->letters()->size(), 1u); // kept, for a person to look at
    }

    void resumesEachStepOnce() {
        QueueRunner runner(parts(), preset());
        const RunSummary first = runFor(runner, plan("a b c d e"), 2500ms);
        QCOMPARE(first.succeeded, 2);
        QVERIFY(!first.finished());
        m_seen.clear();
        const auto second = finish(runner.resume(QStringLiteral("r"), {}, {}));
        QVERIFY(second && second->finished() && second->succeeded == 5);
        QCOMPARE(m_seen, QStringList({QStringLiteral("vigie:r:c"), QStringLiteral("vigie:r:d"),
                                      QStringLiteral("vigie:r:e")}));
        m_seen.clear();
        QVERIFY(finish(runner.resume(QStringLiteral("r"), {}, {}))->finished());
        QVERIFY(m_seen.isEmpty());
    }

    void savesCheckpointsAtTheInterval() {
        QueueRunner runner(parts(), preset());
        runFor(runner, plan("a b c d e f g h"), 3500ms);
        const int early = static_cast<int>(checkpointFiles().size());
        QCOMPARE(early, 2); // one of the interval, one at the end
        QVERIFY(finish(runner.resume(QStringLiteral("r"), {}, {})));
        QVERIFY(checkpointFiles().size() > early);
        QVERIFY(checkpointFiles().size() <= 5);
    }

    void aLostJournalComesBackFromTheCheckpoint() {
        QueueRunner runner(parts(), preset());
        runFor(runner, plan("a b c d e"), 3500ms);
        QVERIFY(QDir(m_folder->filePath(QStringLiteral("runs"))).removeRecursively());
        m_seen.clear();
        const auto summary = finish(runner.resume(QStringLiteral("r"), {}, {}));
        QVERIFY2(summary, summary ? "" : qUtf8Printable(summary.error().message));
        QCOMPARE(summary->succeeded, 5);
        QCOMPARE(m_seen.size(), 2);
        QVERIFY(summary->notes.join(u' ').contains(QStringLiteral("taken from checkpoint")));
    }

    void aCorruptCheckpointIsSaidAndPassedOver() {
        QueueRunner runner(parts(), preset());
        runFor(runner, plan("a b c d e f g"), 5500ms);
        QVERIFY(QDir(m_folder->filePath(QStringLiteral("runs"))).removeRecursively());
        QFile newest(m_folder->filePath(QStringLiteral("cp/r/")) + checkpointFiles().last());
        QVERIFY(newest.open(QIODevice::ReadWrite) && newest.resize(newest.size() / 2));
        newest.close();
        const auto summary = finish(runner.resume(QStringLiteral("r"), {}, {}));
        QVERIFY(summary && summary->succeeded == 7);
        QVERIFY2(summary->notes.join(u' ').contains(
                     QStringLiteral("passed over a checkpoint, the one before is used")),
                 qUtf8Printable(summary->notes.join(u' ')));
    }

    void aDamagedJournalIsMendedFromTheCheckpoint() {
        QueueRunner runner(parts(), preset());
        runFor(runner, plan("a b c d e"), 3500ms);
        QFile file(journal());
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray bytes = file.readAll();
        const qsizetype at = bytes.indexOf("\"did a\"");
        QVERIFY(at > 0);
        bytes[at + 1] = 'X';
        QVERIFY(file.seek(0) && file.write(bytes) == bytes.size());
        file.close();
        m_seen.clear();
        const auto summary = finish(runner.resume(QStringLiteral("r"), {}, {}));
        QVERIFY(summary && summary->succeeded == 5);
        QVERIFY(!m_seen.contains(QStringLiteral("vigie:r:a")));
        QVERIFY(summary->notes.join(u' ').contains(QStringLiteral("is damaged in 1 places")));
    }

    void whatFailsForGoodGetsALetter() {
        m_failing = {QStringLiteral("bad"), QStringLiteral("busy")};
        QueueRunner runner(parts(), preset());
        const auto summary = finish(runner.run(plan("a bad busy"), QStringLiteral("r"), {}, {}));
        QVERIFY(summary && summary->finished());
        QCOMPARE(summary->failed, 2);
        const auto letters = m_letters->letters();
        QCOMPARE(letters->size(), 2u);
        QCOMPARE(letters->front().id, QStringLiteral("r:bad"));
        QVERIFY(letters->front().errorClass == ErrorClass::InvalidRequest);
        QCOMPARE(letters->front().attempts, 1);
        QCOMPARE(letters->back().attempts, 3);

        // A person mends what was wrong; the replay puts the answer where it belongs.
        m_failing.clear();
        std::stop_source never;
        const auto replayed =
            finish(replayDeadLetters(parts(), preset(), {{}, 10}, {}, never.get_token()));
        QVERIFY(replayed && replayed->succeeded == 2);
        QVERIFY(m_letters->letters()->empty());
        const auto looked =
            RunJournal::look(m_folder->filePath(QStringLiteral("runs/r")), QStringLiteral("r"));
        QCOMPARE(looked->state.succeeded(), 3);
    }

    void replaysKeepToTheirRateAndTheirTries() {
        m_failing = {QStringLiteral("bad")};
        QueueRunner runner(parts(), preset());
        QVERIFY(finish(runner.run(plan("bad"), QStringLiteral("r"), {}, {})));
        for (int i = 1; i <= 3; ++i) {
            const auto again = finish(replayDeadLetters(parts(), preset(), {}, {}, {}));
            QVERIFY(again && again->failed == 1);
        }
        const auto rests = finish(replayDeadLetters(parts(), preset(), {}, {}, {}));
        QCOMPARE(rests->replayed, 0);
        QCOMPARE(rests->resting, 1);
        ReplayOptions unknown;
        unknown.ids = {QStringLiteral("nope")};
        QVERIFY(!finish(replayDeadLetters(parts(), preset(), unknown, {}, {})));

        m_failing.clear();
        for (int i = 0; i < 5; ++i) {
            DeadLetter more = *m_letters->find(QStringLiteral("r:bad"));
            more.id = QStringLiteral("r:more%1").arg(i);
            more.tries = 0;
            QVERIFY(m_letters->add(more));
        }
        const MonotonicTime begin = m_clock->now();
        ReplayOptions slowly;
        slowly.perSecond = 0.1;
        QCOMPARE(finish(replayDeadLetters(parts(), preset(), slowly, {}, {}))->succeeded, 5);
        QVERIFY(m_clock->now() - begin >= 40s);
    }

    void failuresThatMayPassAreTriedAgainAtTheEnd() {
        m_failing = {QStringLiteral("busy"), QStringLiteral("bad")};
        WorkflowPreset one = preset();
        one.deadLetterReplayRounds = 2;
        QueueRunner runner(parts(), one);
        const Timer mending = m_clock->schedule(8s, [this] { m_failing.clear(); });
        const auto summary = finish(runner.run(plan("busy bad"), QStringLiteral("r"), {}, {}));
        QVERIFY(summary);
        QCOMPARE(summary->succeeded, 1);
        QCOMPARE(summary->failed, 1); // a bad request does not get better by waiting
        QCOMPARE(m_letters->letters()->size(), 1u);
    }

    void aRunTakesAnotherPreset() {
        QueueRunner runner(parts(), preset());
        WorkflowPreset other = preset();
        other.checkpointInterval = 500ms;
        other.checkpointKeep = 2;
        other.retryMaxAttempts = 1;
        m_failing = {QStringLiteral("busy")};
        std::string problem = "not called";
        const Timer changing =
            m_clock->schedule(2500ms, [&] { problem = runner.configure(other); });
        const auto summary = finish(runner.run(plan("a b c d busy"), QStringLiteral("r"), {}, {}));
        QVERIFY(problem.empty());
        QVERIFY(summary && summary->succeeded == 4);
        QCOMPARE(m_seen.count(QStringLiteral("vigie:r:busy")), 1); // no second attempt any more
        QCOMPARE(checkpointFiles().size(), 2);
        QCOMPARE(runner.preset().checkpointKeep, 2);
    }

    void testingKeepsNothing() {
        WorkflowPreset off = preset();
        off.enabled = false;
        m_failing = {QStringLiteral("b")};
        QueueRunner runner(parts(), off);
        const auto summary = finish(runner.run(plan("a b"), QStringLiteral("r"), {}, {}));
        QVERIFY(summary && summary->finished());
        QCOMPARE(m_seen.size(), 2);
        QVERIFY(!QFile::exists(journal()));
        QVERIFY(m_letters->letters()->empty());
        QVERIFY(summary->notes.join(u' ').contains(QStringLiteral("resilience is off")));
    }

    void refusesWhatItCannotDo() {
        QueueRunner runner(parts(), preset());
        QVERIFY(finish(runner.run(plan("a"), QStringLiteral("r"), {}, {})));
        const auto twice = finish(runner.run(plan("a"), QStringLiteral("r"), {}, {}));
        QVERIFY(!twice && twice.error().kind == FailureKind::Conflict);
        const auto unknown = finish(runner.resume(QStringLiteral("nope"), {}, {}));
        QVERIFY(!unknown && unknown.error().kind == FailureKind::NotFound);
        QVERIFY(!QFile::exists(m_folder->filePath(QStringLiteral("runs/nope"))));
        QVERIFY(!finish(runner.resume(QStringLiteral("../r"), {}, {})));
        ExecutionPlan strange = plan("a");
        strange.profile = QStringLiteral("nope");
        QVERIFY(finish(runner.run(strange, QStringLiteral("s"), {}, {}))
                    .error()
                    .message.contains(QStringLiteral("nope")));
        const auto held =
            RunJournal::open(m_folder->filePath(QStringLiteral("runs/r")), QStringLiteral("r"));
        QVERIFY(held);
        const auto inUse = finish(runner.resume(QStringLiteral("r"), {}, {}));
        QVERIFY(!inUse && inUse.error().kind == FailureKind::Conflict);
    }
};

QTEST_GUILESS_MAIN(TestQueueRunner)
#include "tst_queuerunner.moc"
