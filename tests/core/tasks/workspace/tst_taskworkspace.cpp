#include "core/orchestrator/daemon.h"
#include "core/tasks/checkpoints/checkpointhistory.h"
#include "core/tasks/plan/planreader.h"
#include "core/tasks/workspace/taskworkspace.h"
#include "tests/support/await.h"
#include "tests/support/fakeclock.h"
#include "tests/support/faultyserver.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;

namespace {

Settings settingsWith(const QHash<QString, QString>& environment) {
    SettingsInput input;
    input.environment = environment;
    auto settings = Settings::read(daemonSettings(), input);
    if (!settings)
        qFatal("%s", qUtf8Printable(settings.error().message));
    return *settings;
}

} // namespace

class TestTaskWorkspace : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Seed 004's variables, documented there and never read.
    void theSeedsVariablesAreRead() {
        const QTemporaryDir folder;
        const Settings settings = settingsWith({
            {QStringLiteral("RESILIENCE_ENABLED"), QStringLiteral("false")},
            {QStringLiteral("RESILIENCE_CHECKPOINT_DIR"), folder.filePath(QStringLiteral("cp"))},
            {QStringLiteral("RESILIENCE_HEALTH_CHECK_INTERVAL"), QStringLiteral("1500")},
            {QStringLiteral("VIGIE_TASKS_DIRECTORY"), folder.filePath(QStringLiteral("tasks"))},
        });
        FakeClock clock;
        const auto workspace = TaskWorkspace::open(clock, settings);
        QVERIFY2(workspace, workspace ? "" : qUtf8Printable(workspace.error().message));
        QVERIFY(!(*workspace)->parts().calls.enabled);
        QVERIFY((*workspace)->preset().healthInterval == std::chrono::milliseconds(1500));
        QVERIFY((*workspace)->checkpoints().where().endsWith(QStringLiteral("/cp")));
        const auto put =
            await((*workspace)->checkpoints().put(QStringLiteral("run/x"), "bytes", {}, {}));
        QVERIFY(put && *put);
        QVERIFY(QFile::exists(folder.filePath(QStringLiteral("cp/run/x"))));
    }

    void ourVariableGoesBeforeTheSeeds() {
        const Settings settings = settingsWith(
            {{QStringLiteral("RESILIENCE_HEALTH_CHECK_INTERVAL"), QStringLiteral("1500")},
             {QStringLiteral("VIGIE_RESILIENCE_HEALTH_CHECK_INTERVAL_SECONDS"),
              QStringLiteral("7")}});
        QVERIFY(presetFrom(settings)->healthInterval == std::chrono::seconds(7));
        QVERIFY(!settings.warnings().isEmpty()); // the two disagree
    }

    void valuesGoOverThePreset() {
        const Settings settings =
            settingsWith({{QStringLiteral("VIGIE_TASKS_PRESET"), QStringLiteral("production")},
                          {QStringLiteral("VIGIE_RESILIENCE_CHECKPOINT_KEEP"), QStringLiteral("2")},
                          {QStringLiteral("VIGIE_TASKS_REPLAY_ROUNDS"), QStringLiteral("0")}});
        const auto preset = presetFrom(settings);
        QCOMPARE(preset->checkpointKeep, 2);
        QCOMPARE(preset->deadLetterReplayRounds, 0);
        QCOMPARE(preset->retryMaxAttempts, 5);
        QVERIFY(!presetFrom(
            settingsWith({{QStringLiteral("VIGIE_TASKS_PRESET"), QStringLiteral("nope")}})));
    }

    void aFolderThatCannotBeMadeIsSaid() {
        FakeClock clock;
        const auto workspace =
            TaskWorkspace::open(clock, settingsWith({{QStringLiteral("VIGIE_TASKS_DIRECTORY"),
                                                      QStringLiteral("/proc/vigie/tasks")}}));
        QVERIFY(!workspace);
        QVERIFY(workspace.error().kind == FailureKind::Storage);
        QVERIFY(workspace.error().message.contains(QStringLiteral("/proc/vigie")));
    }

    // What an operator says of his gateway's errors holds for every engine and for the engine that
    // asks it.
    void configuredErrorsReachTheEngines() {
        const QTemporaryDir folder;
        QFile rules(folder.filePath(QStringLiteral("errors.toml")));
        QVERIFY(rules.open(QIODevice::WriteOnly));
        rules.write("[rules.warming-up]\nstatus = \"409\"\ncode = \"warming\"\n"
                    "class = \"overloaded\"\n[classes.overloaded]\nretriable = true\n"
                    "[classes.not_found]\nretriable = true\n");
        rules.close();
        int calls = 0;
        FaultyServer server;
        server.setScript([&calls](const FaultyRequest&) {
            return ++calls == 1
                       ? faults::answer(409, "{\"error\":{\"code\":\"warming\"}}")
                       : faults::answer(200, "{\"choices\":[{\"message\":{\"content\":\"yes\"}}]}");
        });
        SystemClock clock;
        const auto workspace = TaskWorkspace::open(
            clock,
            settingsWith(
                {{QStringLiteral("VIGIE_TASKS_DIRECTORY"), folder.filePath(QStringLiteral("t"))},
                 {QStringLiteral("VIGIE_RESILIENCE_ERRORS_RULES_FILE"), rules.fileName()}}));
        QVERIFY2(workspace, workspace ? "" : qUtf8Printable(workspace.error().message));
        QVERIFY((*workspace)->parts().classifier->traits(ErrorClass::NotFound).retriable);
        const auto plan = readPlan("profile = \"workflow-node\"\n[engines.gpu]\nkind = \"openai\"\n"
                                   "url = \"" +
                                       server.url({}).toEncoded() +
                                       "\"\n[[task]]\nid = \"one\"\nprompt = \"?\"\n",
                                   QStringLiteral("plan"), {});
        QVERIFY2(plan, plan ? "" : qUtf8Printable(plan.error().message));
        QueueRunner runner((*workspace)->parts(), (*workspace)->preset());
        const auto summary = await(runner.run(*plan, QStringLiteral("warm"), {}, {}));
        QVERIFY(summary && *summary);
        QCOMPARE((*summary)->succeeded, 1);
        QCOMPARE(calls, 2);
    }

    // Checkpoints in a bucket: put, listed, read and removed over HTTP, under a prefix.
    void checkpointsMayLiveInABucket() {
        FaultyServer server;
        QMap<QString, QByteArray> objects;
        server.setScript([&](const FaultyRequest& request) {
            const QString target = QString::fromLatin1(request.target);
            const QString key = target.section(u'?', 0, 0).section(u'/', 2);
            if (request.method == "PUT") {
                objects.insert(key, request.body);
                return faults::answer(200, {}, {{"ETag", "\"1\""}});
            }
            if (request.method == "DELETE") {
                objects.remove(key);
                return faults::answer(204);
            }
            if (!key.isEmpty())
                return objects.contains(key)
                           ? faults::answer(200, objects.value(key))
                           : faults::answer(404, "<Error><Code>NoSuchKey</Code></Error>");
            QByteArray list = "<?xml version=\"1.0\"?><ListBucketResult>"
                              "<IsTruncated>false</IsTruncated>";
            for (auto it = objects.begin(); it != objects.end(); ++it)
                list += "<Contents><Key>" + it.key().toUtf8() + "</Key><Size>" +
                        QByteArray::number(it.value().size()) + "</Size></Contents>";
            return faults::answer(200, list + "</ListBucketResult>",
                                  {{"Content-Type", "application/xml"}});
        });
        const QTemporaryDir folder;
        SystemClock clock;
        const auto workspace = TaskWorkspace::open(
            clock,
            settingsWith(
                {{QStringLiteral("VIGIE_TASKS_DIRECTORY"), folder.path()},
                 {QStringLiteral("VIGIE_TASKS_CHECKPOINTS"), QStringLiteral("storage")},
                 {QStringLiteral("VIGIE_SERVICES_STORAGE_URL"), server.url({}).toString()},
                 {QStringLiteral("VIGIE_SERVICES_STORAGE_BUCKET"), QStringLiteral("bucket")}}));
        QVERIFY2(workspace, workspace ? "" : qUtf8Printable(workspace.error().message));
        CheckpointHistory history(clock, (*workspace)->checkpoints(), QStringLiteral("run"), 2);
        for (const char* state : {"one", "two", "three"}) {
            const auto saved = await(history.save(state, {}));
            QVERIFY2(saved && *saved,
                     saved && !*saved ? qUtf8Printable(saved->error().message) : "");
        }
        QCOMPARE(objects.keys(),
                 QStringList({QStringLiteral("checkpoints/run/checkpoint-000000000002.vck"),
                              QStringLiteral("checkpoints/run/checkpoint-000000000003.vck")}));
        objects[QStringLiteral("checkpoints/run/checkpoint-000000000003.vck")].chop(1);
        const auto found = await(history.newest({}));
        QVERIFY(found && *found);
        QCOMPARE((*found)->checkpoint->state, QByteArray("two"));
        QCOMPARE((*found)->passedOver.size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestTaskWorkspace)
#include "tst_taskworkspace.moc"
