// vigied's commands about tasks, as somebody at a shell meets them: real processes throughout.

#include "tests/core/tasks/runner/taskbench.h"
#include "tests/support/fakeservice.h"

#include <QDir>
#include <QFileInfo>
#include <QTest>

#include <csignal>

using namespace vigie;

namespace {

QStringList words(const char* text) {
    return QString::fromUtf8(text).split(u' ', Qt::SkipEmptyParts);
}

} // namespace

class TestTaskCommands : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refuses_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("mistake");
        const auto row = [](const char* line, const char* mistake) {
            QTest::newRow(line) << QString::fromUtf8(line) << QString::fromUtf8(mistake);
        };
        row("taks run x", "vigied: unknown command 'taks'; did you mean 'task'?");
        row("task", "vigied task needs one of: run, resume, list, show");
        row("task resum x", "vigied task: unknown command 'resum'; did you mean 'resume'?");
        row("task run", "vigied task run: PLAN is missing");
        row("task run a b", "vigied task run: unexpected argument 'b'");
        row("task run x --presett=y", "unknown flag --presett; did you mean --preset?");
        row("task run /no/such.toml", "vigied: /no/such.toml: can't be read");
        row("task run x --preset=prod", "vigied: there is no preset \"prod\"; there are: default");
        row("task resume nope", "there is no run \"nope\"");
        row("task resume ../x", "\"../x\" is no id of a run");
        row("task show nope", "there is no run \"nope\"");
        row("dlq show nope", "there is no dead letter \"nope\"");
        row("dlq drop nope", "there is no dead letter \"nope\"");
        row("dlq replay --rate=0", "--rate is \"0\", but must be a number from 0.001 to 1000");
        row("dlq edit nope --option=x", "--option is \"x\", but must be NAME=VALUE");
        row("checkpoint show ../../etc/passwd", "is no key of a checkpoint");
    }
    void refuses() {
        QFETCH(QString, line);
        QFETCH(QString, mistake);
        const TaskBench bench;
        QVERIFY(QDir().mkdir(bench.file(QStringLiteral("tasks"))));
        Program vigied(QStringLiteral("vigied"));
        QStringList all = line.split(u' ');
        if (all.size() > 1 && !line.contains(QLatin1String("taks")) &&
            !line.contains(QLatin1String("resum x")))
            all = bench.command(all);
        QCOMPARE(vigied.run(all), 2);
        const QString err = QString::fromUtf8(vigied.standardError());
        QVERIFY2(err.contains(mistake), qUtf8Printable(err));
        QCOMPARE(err.count(u'\n'), 1);
        QVERIFY(vigied.standardOutput().isEmpty());
    }

    // Looking makes nothing, and a folder that was mistyped is no empty queue.
    void lookingMakesNoFolders_data() {
        QTest::addColumn<QString>("line");
        for (const char* line :
             {"task list", "task show x", "task resume x", "dlq list", "dlq show x", "dlq replay",
              "checkpoint list", "checkpoint show x"})
            QTest::newRow(line) << QString::fromUtf8(line);
    }
    void lookingMakesNoFolders() {
        QFETCH(QString, line);
        const QTemporaryDir folder;
        const QString missing = folder.filePath(QStringLiteral("data/vigie/tasks"));
        Program named(QStringLiteral("vigied"));
        QCOMPARE(
            named.run(line.split(u' ') + QStringList{QStringLiteral("--tasks-dir=") + missing}), 2);
        QVERIFY2(named.standardError().contains("there is no folder " + missing.toUtf8()),
                 named.standardError().constData());
        Program usual(QStringLiteral("vigied"));
        usual.setEnvironment(QStringLiteral("XDG_DATA_HOME"),
                             folder.filePath(QStringLiteral("data")));
        const bool lists = line.endsWith(QLatin1String("list")) || line == u"dlq replay";
        QCOMPARE(usual.run(line.split(u' ')), lists ? 0 : 2);
        QVERIFY(usual.standardError().contains("there is no folder " + missing.toUtf8()));
        QVERIFY(!QFileInfo::exists(folder.filePath(QStringLiteral("data"))));
    }

    void aRefusedRunHasNoId() {
        const TaskBench bench;
        QFile plan(bench.file(QStringLiteral("two.toml")));
        QVERIFY(plan.open(QIODevice::WriteOnly));
        plan.write("[engines.a]\nkind = \"openai\"\nurl = \"nowhere\"\n[[task]]\nid = \"t\"\n"
                   "prompt = \"?\"\n");
        plan.close();
        Program vigied(QStringLiteral("vigied"));
        QCOMPARE(vigied.run(bench.command(
                     {QStringLiteral("task"), QStringLiteral("run"), plan.fileName()})),
                 2);
        QVERIFY2(vigied.standardOutput().isEmpty(), vigied.standardOutput().constData());
    }

    void everyCommandHasHelp_data() {
        QTest::addColumn<QString>("line");
        for (const char* line :
             {"task run", "task resume", "task list", "task show", "dlq list", "dlq show",
              "dlq replay", "dlq edit", "dlq drop", "checkpoint list", "checkpoint show", "task"})
            QTest::newRow(line) << QString::fromUtf8(line);
    }
    void everyCommandHasHelp() {
        QFETCH(QString, line);
        Program vigied(QStringLiteral("vigied"));
        QCOMPARE(vigied.run(line.split(u' ') + QStringList{QStringLiteral("--help")}), 0);
        QVERIFY(vigied.standardOutput().contains("vigied " + line.toUtf8()));
    }

    // Against the agent as an empty factory: killed in the middle, resumed, all there.
    void aKilledRunIsFinishedByResume() {
        Program worker(QStringLiteral("vigie-worker"));
        FaultyServer controlPlane;
        controlPlane.play({faults::json(200, "{}")});
        const auto tell = [&worker](const char* variable, const QString& value) {
            worker.setEnvironment(QString::fromLatin1(variable), value);
        };
        tell("CONTROL_PLANE_URL", controlPlane.url({}).toString());
        tell("WORKER_AUTH_TOKEN", QStringLiteral("secret"));
        tell("INSTANCE_ID", QStringLiteral("i-1"));
        tell("WORKER_HEALTH_PORT", QStringLiteral("0"));
        const QJsonObject listening = worker.startAndListen({QStringLiteral("--engine=mock")});
        const QUrl url(listening.value(QStringLiteral("url")).toString());
        QVERIFY2(url.isValid() && url.port() > 0, worker.standardError().constData());

        TaskBench bench;
        const QString plan = bench.writePlan(url, 25);
        Program run(QStringLiteral("vigied"));
        run.start(bench.command(
            {QStringLiteral("task"), QStringLiteral("run"), plan, QStringLiteral("--id=night")}));
        QTRY_VERIFY_WITH_TIMEOUT(run.standardOutput().count("\nok ") >= 5, 60'000);
        run.kill9();
        const QByteArray firstOut = run.standardOutput();

        const TaskBench::Ended listed = bench.run(words("task list --json"));
        QCOMPARE(listed.json().value(QStringLiteral("total")).toInt(), 25);
        const int done = listed.json().value(QStringLiteral("succeeded")).toInt();
        QVERIFY(done >= 5 && done < 25);

        const TaskBench::Ended resumed = bench.run(words("task resume night --replay-rounds=3"));
        QVERIFY2(resumed.code == 0, resumed.err.constData());
        QVERIFY(resumed.out.contains("run night: 25 of 25 tasks done, 0 failed for good"));
        // What was told as done before is not done again.
        for (const QByteArray& line : firstOut.split('\n')) {
            if (line.startsWith("ok "))
                QVERIFY2(!resumed.out.contains("ok   " + line.split(' ').value(3) + ' '),
                         line.constData());
        }
        const TaskBench::Ended checkpoints = bench.run(words("checkpoint list night --json"));
        QCOMPARE(checkpoints.code, 0);
        const QString key = checkpoints.json().value(QStringLiteral("key")).toString();
        QVERIFY(key.startsWith(QStringLiteral("night/checkpoint-")));
        QCOMPARE(bench.run({QStringLiteral("checkpoint"), QStringLiteral("show"), key}).code, 0);
    }

    // A relative folder is as good as another: what was saved is listed, checked and read back.
    void checkpointsInARelativeFolderAreReadBack_data() {
        QTest::addColumn<bool>("ownFolder");
        QTest::newRow("--tasks-dir") << false;
        QTest::newRow("RESILIENCE_CHECKPOINT_DIR") << true;
    }
    void checkpointsInARelativeFolderAreReadBack() {
        QFETCH(bool, ownFolder);
        const TaskBench bench;
        CountingModel model;
        const auto relative = [&bench](const char* name) {
            return QDir::current().relativeFilePath(bench.file(QString::fromLatin1(name)));
        };
        const auto run = [&](const QStringList& line) {
            Program vigied(QStringLiteral("vigied"));
            if (ownFolder)
                vigied.setEnvironment(QStringLiteral("RESILIENCE_CHECKPOINT_DIR"), relative("own"));
            TaskBench::Ended ended;
            ended.code =
                vigied.run(line + QStringList{QStringLiteral("--tasks-dir"), relative("tasks")});
            ended.out = vigied.standardOutput();
            ended.err = vigied.standardError();
            return ended;
        };
        QCOMPARE(run({QStringLiteral("task"), QStringLiteral("run"),
                      bench.writePlan(model.url(), 3), QStringLiteral("--id=r")})
                     .code,
                 0);
        QCOMPARE(run(words("checkpoint list r")).out.count('\n'), 1);
        QFile saved(bench.file(
            ownFolder ? QStringLiteral("own/r/checkpoint-000000000001.vck")
                      : QStringLiteral("tasks/checkpoints/r/checkpoint-000000000001.vck")));
        QVERIFY(saved.resize(saved.size() - 1));
        const TaskBench::Ended damaged = run(words("checkpoint list r"));
        QCOMPARE(damaged.code, 1);
        QVERIFY(damaged.out.contains("UNREADABLE"));
        const TaskBench::Ended resumed = run(words("task resume r"));
        QVERIFY2(resumed.err.contains("passed over a checkpoint"), resumed.err.constData());
        QVERIFY(run(words("checkpoint list r")).out.contains("checkpoint-000000000002.vck"));
    }

    // Another machine has nothing of a run but the bucket that both use.
    void aRunIsResumedFromTheBucketAlone() {
        const TaskBench bench;
        CountingModel model;
        FakeS3 bucket;
        QFile key(bench.file(QStringLiteral("key")));
        QVERIFY(key.open(QIODevice::WriteOnly));
        key.write(FakeS3::accessKeyId + QByteArray(" ") + FakeS3::secret);
        key.close();
        const auto run = [&](const QStringList& line, const QString& folder) {
            Program vigied(QStringLiteral("vigied"));
            vigied.setEnvironment(QStringLiteral("VIGIE_SERVICES_STORAGE_URL"),
                                  bucket.url().toString());
            vigied.setEnvironment(QStringLiteral("VIGIE_SERVICES_STORAGE_BUCKET"),
                                  QString::fromLatin1(FakeS3::bucket));
            vigied.setEnvironment(QStringLiteral("VIGIE_SERVICES_STORAGE_KEY_FILE"),
                                  key.fileName());
            TaskBench::Ended ended;
            ended.code =
                vigied.run(line + QStringList{QStringLiteral("--checkpoints=storage"),
                                              QStringLiteral("--tasks-dir=") + bench.file(folder)},
                           60'000);
            ended.out = vigied.standardOutput();
            ended.err = vigied.standardError();
            return ended;
        };
        const TaskBench::Ended first =
            run({QStringLiteral("task"), QStringLiteral("run"), bench.writePlan(model.url(), 3),
                 QStringLiteral("--id=s1")},
                QStringLiteral("here"));
        QVERIFY2(first.code == 0 && !bucket.objects.isEmpty(), first.err.constData());
        const TaskBench::Ended there = run(words("task resume s1"), QStringLiteral("there"));
        QVERIFY2(there.code == 0, there.err.constData());
        QVERIFY(there.out.contains("run s1: 3 of 3 tasks done"));
        QCOMPARE(model.worked(), 3);
        QVERIFY(run(words("task show s1"), QStringLiteral("there")).out.contains("done: work"));
        QCOMPARE(run(words("task resume s2"), QStringLiteral("there")).code, 2);
    }

    void whatFailedForGoodIsReplayed() {
        CountingModel model;
        model.failAlways(QStringLiteral("work"));
        TaskBench bench;
        const TaskBench::Ended run =
            bench.run({QStringLiteral("task"), QStringLiteral("run"),
                       bench.writePlan(model.url(), 2), QStringLiteral("--id=r")});
        QCOMPARE(run.code, 1);
        const auto state = [&bench] {
            return bench.run(words("task list --json")).json().value(QStringLiteral("state"));
        };
        QCOMPARE(state(), QStringLiteral("ended_with_failures"));
        QVERIFY(bench.run(words("task list")).out.contains("ended with failures"));
        const TaskBench::Ended list = bench.run(words("dlq list --json"));
        QCOMPARE(list.out.count('\n'), 2);
        const QString id = list.json().value(QStringLiteral("id")).toString();
        QCOMPARE(id, QStringLiteral("r:t-1"));
        QVERIFY(bench.run({QStringLiteral("dlq"), QStringLiteral("show"), id})
                    .out.contains("bad prompt"));

        QCOMPARE(bench.run(words("dlq edit r:t-1")).code, 2); // new tries for nothing
        QCOMPARE(bench.run(words("dlq edit r:t-1 --prompt work")).code, 2);
        for (int i = 0; i < 3; ++i)
            QCOMPARE(bench.run(words("dlq replay r:t-1")).code, 1); // still refused
        const TaskBench::Ended spent = bench.run(words("dlq replay r:t-1"));
        QCOMPARE(spent.code, 1);
        QVERIFY2(spent.err.contains("vigied dlq edit r:t-1"), spent.err.constData());
        QCOMPARE(bench.run(words("dlq edit r:t-1 --prompt other")).code, 0);
        QCOMPARE(bench.run(words("dlq replay r:t-1")).code, 0);   // a prompt that it takes
        QCOMPARE(state(), QStringLiteral("ended_with_failures")); // resume has nothing left
        model.heal();
        const TaskBench::Ended all = bench.run(words("dlq replay --rate=100 --json"));
        QCOMPARE(all.code, 0);
        QCOMPARE(bench.run(words("dlq list")).out, QByteArray());
        const TaskBench::Ended shown = bench.run(words("task show r --json"));
        QCOMPARE(shown.json().value(QStringLiteral("succeeded")).toInt(), 2);
        QVERIFY(shown.out.contains("done: other"));
        QCOMPARE(state(), QStringLiteral("finished"));
    }

    void faultsStrikeAndAreSaid() {
        const TaskBench bench;
        CountingModel model;
        QFile faults(bench.file(QStringLiteral("faults.toml")));
        QVERIFY(faults.open(QIODevice::WriteOnly));
        faults.write("[all]\nkey = \"*\"\nrate = 1\nkind = \"outcome\"\n"
                     "error_class = \"content_refused\"\n");
        faults.close();
        const auto run = [&](bool struck) {
            Program vigied(QStringLiteral("vigied"));
            if (struck)
                vigied.setEnvironment(QStringLiteral("VIGIE_RESILIENCE_FAULTS"), faults.fileName());
            const QString plan = bench.writePlan(model.url(), 2);
            vigied.run(bench.command({QStringLiteral("task"), QStringLiteral("run"), plan}),
                       60'000);
            const bool said = vigied.standardError().contains("fault injection is on");
            const bool failed = vigied.standardOutput().contains("content_refused");
            return said == struck && failed == struck;
        };
        QVERIFY(run(true));
        QVERIFY(run(false)); // off by default
    }

    void aTermLeavesARunThatCanBeResumed() {
        CountingModel model;
        TaskBench bench;
        Program run(QStringLiteral("vigied"));
        run.start(bench.command({QStringLiteral("task"), QStringLiteral("run"),
                                 bench.writePlan(model.url(), 2000), QStringLiteral("--id=r")}));
        QTRY_VERIFY_WITH_TIMEOUT(run.standardOutput().contains("\nok "), 60'000);
        run.signal(SIGTERM);
        QVERIFY(run.waitForEnd());
        QCOMPARE(run.exitCode(), 1);
        QVERIFY2(run.standardOutput().contains("left: go on with vigied task resume r"),
                 run.standardOutput().right(300).constData());
    }

    void aHangUpReadsTheConfigurationAgain() {
        CountingModel model;
        TaskBench bench;
        QFile config(bench.file(QStringLiteral("vigied.toml")));
        const auto write = [&config](const QByteArray& text) {
            QVERIFY(config.open(QIODevice::WriteOnly | QIODevice::Truncate));
            config.write(text);
            config.close();
        };
        write("[tasks]\npreset = \"development\"\n");
        Program run(QStringLiteral("vigied"));
        run.start(bench.command({QStringLiteral("task"), QStringLiteral("run"),
                                 bench.writePlan(model.url(), 5000), QStringLiteral("--id=r"),
                                 QStringLiteral("--config=") + config.fileName()}));
        QTRY_VERIFY_WITH_TIMEOUT(run.standardOutput().contains("\nok "), 60'000);
        write("[tasks]\npreset = \"production\"\n");
        run.signal(SIGHUP);
        QTRY_VERIFY2_WITH_TIMEOUT(
            run.standardError().contains("configured anew: preset production"),
            run.standardError().constData(), 20'000);
        write("[tasks]\npreset = \"prodction\"\n");
        run.signal(SIGHUP);
        QTRY_VERIFY_WITH_TIMEOUT(
            run.standardError().contains("not configured anew: there is no preset"), 20'000);
        QVERIFY(run.running());
    }
};

QTEST_GUILESS_MAIN(TestTaskCommands)
#include "tst_taskcommands.moc"
