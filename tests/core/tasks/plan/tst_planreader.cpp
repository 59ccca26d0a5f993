#include "core/tasks/engines/taskengine.h"
#include "core/tasks/plan/planreader.h"
#include "core/tasks/plan/taskresultcodec.h"
#include "tests/support/fakeclock.h"

#include <QDir>
#include <QTest>

using namespace vigie;

namespace {

const QByteArray engineTable = "[engines.gpu]\nkind = \"mock\"\n";
const QByteArray oneTask = "[[task]]\nprompt = \"p\"\n";

Outcome<ExecutionPlan> plan(const QByteArray& toml) {
    return readPlan(toml, QStringLiteral("plan.toml"), QStringLiteral("/plans"));
}

} // namespace

class TestPlanReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsEverything() {
        const auto read =
            plan("name = \"night\"\nstrategy = \"parallel-limited\"\nlimit = 3\n"
                 "profile = \"llm-task\"\npatience_seconds = 1.5\n"
                 "[engines.a]\nkind = \"openai\"\nurl = \"http://x\"\nmax_tokens = 7\n"
                 "[engines.b]\nkind = \"whisper\"\n"
                 "[[task]]\nid = \"one\"\nengine = \"a\"\nmodel = \"m\"\n"
                 "prompt = \"p\"\ntimeout_seconds = 0.5\nrepeat = 2\n"
                 "[[task]]\nengine = \"b\"\nfile = \"../audio/x.wav\"\n");
        QVERIFY2(read, read ? "" : qUtf8Printable(read.error().message));
        QCOMPARE(read->name, QStringLiteral("night"));
        QCOMPARE(read->width(), 3);
        QVERIFY(read->patience == std::chrono::milliseconds(1500));
        QCOMPARE(read->engines.size(), 2u);
        QCOMPARE(read->engine(QStringLiteral("a"))->options.at(QStringLiteral("max_tokens")),
                 QStringLiteral("7"));
        QCOMPARE(read->tasks.size(), 3u);
        QCOMPARE(read->tasks[0].id, QStringLiteral("one-1"));
        QCOMPARE(read->tasks[1].id, QStringLiteral("one-2"));
        QVERIFY(*read->tasks[1].timeout == std::chrono::milliseconds(500));
        QCOMPARE(read->tasks[2].id, QStringLiteral("2"));
        QCOMPARE(read->tasks[2].file, QStringLiteral("/audio/x.wav"));
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("toml");
        QTest::addColumn<QString>("mistake");
        const auto row = [](const char* name, const QByteArray& toml, const char* mistake) {
            QTest::newRow(name) << toml << QString::fromUtf8(mistake);
        };
        row("no TOML", "name = ", "plan.toml:1: this is not TOML");
        row("nothing", "", "plan.toml:1: no engine: expected a table [engines.NAME]");
        row("no task", engineTable, "no task: expected at least one [[task]]");
        row("no kind", "[engines.gpu]\nurl = \"x\"\n" + oneTask,
            "plan.toml:2: engines.gpu.kind is missing");
        row("unknown key", "nmae = \"x\"\n" + engineTable + oneTask,
            "plan.toml:1: unknown key nmae; did you mean name?");
        row("unknown key of a task", engineTable + oneTask + "promt = \"x\"\n",
            "plan.toml:5: unknown key task[0].promt; did you mean prompt?");
        row("wrong word", "strategy = \"fast\"\n" + engineTable + oneTask,
            "strategy is \"fast\", but must be one of serial, parallel, parallel-limited");
        row("wrong type", "limit = \"two\"\n" + engineTable + oneTask, "limit is \"two\"");
        row("out of range", "limit = 0\n" + engineTable + oneTask, "limit is 0, but must be");
        row("no prompt", engineTable + "[[task]]\nid = \"a\"\n",
            "task[0] has neither a prompt nor a file");
        row("empty task", engineTable + "[[task]]\n", "task[0] has neither a prompt nor a file");
        row("a table for tasks", engineTable + "[task]\nprompt = \"p\"\n",
            "unknown key task.prompt");
        row("unknown engine", engineTable + oneTask + "engine = \"gpo\"\n",
            "task[0].engine is \"gpo\", but must be one of gpu");
        row("which engine", engineTable + "[engines.b]\nkind = \"mock\"\n" + oneTask,
            "task[0].engine is \"\", but must be one of gpu, b");
        row("twice", engineTable + oneTask + "id = \"a\"\n" + oneTask + "id = \"a\"\n",
            "the id \"a\" is taken already");
        row("a path as an id", engineTable + oneTask + "id = \"../x\"\n", "task[0].id is \"../x\"");
        row("too many", engineTable + oneTask + "repeat = 10000\n" + oneTask,
            "a plan has at most 10000 tasks");
        row("no time", engineTable + oneTask + "timeout_seconds = 0\n",
            "task[0].timeout_seconds is 0");
    }
    void refuses() {
        QFETCH(QByteArray, toml);
        QFETCH(QString, mistake);
        const auto read = plan(toml);
        QVERIFY(!read);
        QVERIFY(read.error().kind == FailureKind::Invalid);
        QVERIFY2(read.error().message.contains(mistake), qUtf8Printable(read.error().message));
        QVERIFY(!read.error().message.contains(u'\n'));
    }

    void refusesAFileThatIsNone() {
        QVERIFY(readPlanFile(QStringLiteral("/no/such/plan.toml"))
                    .error()
                    .message.startsWith(QStringLiteral("/no/such/plan.toml: can't be read")));
        QVERIFY(!readPlanFile(QDir::tempPath()));
    }

    void thePlansThatComeWithItAreGood() {
        FakeClock clock;
        const QDir folder(QStringLiteral(VIGIE_SOURCE_DIR "/resources/plans"));
        const QStringList names = folder.entryList({QStringLiteral("*.toml")}, QDir::Files);
        QVERIFY(names.size() >= 2);
        for (const QString& name : names) {
            const auto read = readPlanFile(folder.filePath(name));
            QVERIFY2(read, read ? "" : qUtf8Printable(read.error().message));
            const auto engines = makeEngines(clock, read->engines, engines::registry());
            QVERIFY2(engines, engines ? "" : qUtf8Printable(engines.error().message));
        }
    }

    void enginesCheckTheirOptions_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("option");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("mistake");
        const auto row = [](const char* name, const char* kind, const char* option,
                            const char* value, const char* mistake) {
            QTest::newRow(name) << QString::fromUtf8(kind) << QString::fromUtf8(option)
                                << QString::fromUtf8(value) << QString::fromUtf8(mistake);
        };
        row("unknown kind", "mok", "", "", "engines.e.kind is \"mok\", but must be one of mock");
        row("unknown option", "mock", "fail_evry", "3", "did you mean fail_every?");
        row("wrong value", "mock", "fail_rate", "2", "engines.e.fail_rate is \"2\", but must be");
        row("no address", "openai", "model", "m", "engines.e.url is \"\"");
        row("no web address", "openai", "url", "ftp://x", "must be an http or https address");
        row("a password in it", "openai", "url", "http://a:b@x", "without user");
        row("no address of ollama", "ollama", "url", "x", "engines.e.url is \"x\"");
        row("no address of whisper", "whisper", "language", "fr", "engines.e.url");
    }
    void enginesCheckTheirOptions() {
        QFETCH(QString, kind);
        QFETCH(QString, option);
        QFETCH(QString, value);
        QFETCH(QString, mistake);
        FakeClock clock;
        EngineConfig config{QStringLiteral("e"), kind, {}};
        if (!option.isEmpty())
            config.options.emplace(option, value);
        const auto made = makeEngines(clock, {config}, engines::registry());
        QVERIFY(!made);
        QVERIFY2(made.error().message.contains(mistake), qUtf8Printable(made.error().message));
    }

    void aKeyMustBeInTheEnvironment() {
        FakeClock clock;
        const EngineConfig config{
            QStringLiteral("e"),
            QStringLiteral("openai"),
            {{QStringLiteral("url"), QStringLiteral("http://127.0.0.1:1")},
             {QStringLiteral("api_key_env"), QStringLiteral("VIGIE_TEST_NO_SUCH_KEY")}}};
        const auto made = makeEngines(clock, {config}, engines::registry());
        QVERIFY(!made);
        QVERIFY(made.error().message.contains(QStringLiteral("VIGIE_TEST_NO_SUCH_KEY")));
    }

    void resultsSurviveTheirCodec() {
        TaskResult failed;
        failed.taskId = QStringLiteral("a-1");
        failed.engine = QStringLiteral("gpu");
        failed.model = QStringLiteral("m");
        failed.errorClass = ErrorClass::Timeout;
        failed.message = QStringLiteral("no answer \"in\" time");
        failed.startedAt = FakeClock().wallNow();
        failed.took = std::chrono::milliseconds(1234);
        failed.attempts = {
            {{}, std::chrono::milliseconds(50), false, ErrorClass::Overloaded},
            {std::chrono::milliseconds(250), std::chrono::seconds(3), false, ErrorClass::Timeout}};
        QVERIFY(*decodeTaskResult(encodeTaskResult(failed)) == failed);
        TaskResult done = failed;
        done.succeeded = true;
        done.text = QStringLiteral("\u00e9\n\u0001");
        done.errorClass = ErrorClass::Unknown;
        done.message.clear();
        done.attempts.back().succeeded = true;
        done.attempts.back().errorClass = ErrorClass::Unknown;
        QVERIFY(*decodeTaskResult(encodeTaskResult(done)) == done);
        for (const char* text : {"", "{}", "[]", "{\"task\":\"a\"}", "{\"status\":\"success\"}",
                                 "{\"task\":\"a\",\"status\":\"perhaps\"}"})
            QVERIFY2(!decodeTaskResult(text), text);
    }
};

QTEST_GUILESS_MAIN(TestPlanReader)
#include "tst_planreader.moc"
