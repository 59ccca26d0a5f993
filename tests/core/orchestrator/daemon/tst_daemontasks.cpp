// Plans, dead letters and checkpoints over the daemon's HTTP.

#include "core/tasks/deadletters/deadletterqueue.h"
#include "tests/core/orchestrator/daemon/daemonfixture.h"

#include <QTemporaryDir>
#include <QTest>

using namespace vigie;

class TestDaemonTasks : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::unique_ptr<DaemonFixture> m_daemon;

    static QByteArray order(const QString& id, const QString& plan) {
        return QJsonDocument(
                   QJsonObject{{QStringLiteral("id"), id}, {QStringLiteral("plan"), plan}})
            .toJson();
    }
    static QString plan(int tasks = 3, double seconds = 0.001) {
        return QStringLiteral("[engines.e]\nkind = \"mock\"\nfail_every = 0\nslow_every = 0\n"
                              "normal_seconds = %1\n[[task]]\nid = \"t\"\nprompt = \"?\"\n"
                              "repeat = %2\n")
            .arg(seconds)
            .arg(tasks);
    }
    QJsonObject call(const QByteArray& method, const QString& path, int status,
                     const QByteArray& body = {}) {
        const HttpReply reply = m_daemon->call(method, path, body);
        if (reply.status != status)
            qWarning("%s %s: %d %s", method.constData(), qUtf8Printable(path), reply.status,
                     reply.body.constData());
        return reply.status == status ? QJsonDocument::fromJson(reply.body).object()
                                      : QJsonObject{{QStringLiteral("wrong"), reply.status}};
    }
    /// The newest row of the action log of that type, "type asked reason got".
    QString logged(const char* type) {
        const QJsonObject row =
            m_daemon->get(QStringLiteral("/action_logs?limit=1&action_type=") + QLatin1String(type))
                .array()
                .at(0)
                .toObject();
        const auto json = [&row](const char* field) {
            return QString::fromUtf8(QJsonDocument(row.value(QLatin1String(field)).toObject())
                                         .toJson(QJsonDocument::Compact));
        };
        return row.value(QLatin1String("status")).toString() + QLatin1Char(' ') +
               json("request_payload") + QLatin1Char(' ') +
               row.value(QLatin1String("metadata"))
                   .toObject()
                   .value(QLatin1String("reason"))
                   .toString() +
               QLatin1Char(' ') + json("response_payload");
    }
    QString statusOf(const QString& run) {
        return m_daemon->get(QStringLiteral("/tasks/") + run)
            .object()
            .value(QLatin1String("status"))
            .toString();
    }

private Q_SLOTS:
    void initTestCase() { m_daemon = std::make_unique<DaemonFixture>(m_folder.path()); }
    void cleanupTestCase() { m_daemon.reset(); }

    void aRunIsBegunAndWatched() {
        const QJsonObject begun =
            call("POST", QStringLiteral("/tasks"), 202, order(QStringLiteral("one"), plan()));
        QCOMPARE(begun.value(QLatin1String("id")).toString(), QStringLiteral("one"));
        QCOMPARE(begun.value(QLatin1String("total")).toInt(), 3);
        QVERIFY2(logged("TASKS_STARTED").contains(QLatin1String("\"id\":\"one\"")),
                 qPrintable(logged("TASKS_STARTED")));
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(QStringLiteral("one")), QStringLiteral("finished"),
                                  20'000);
        const QJsonObject run = call("GET", QStringLiteral("/tasks/one"), 200);
        QCOMPARE(run.value(QLatin1String("succeeded")).toInt(), 3);
        const QJsonArray tasks = run.value(QLatin1String("tasks")).toArray();
        QCOMPARE(tasks.size(), 3);
        for (const QJsonValue& task : tasks)
            QCOMPARE(task.toObject().value(QLatin1String("attempts")).toArray().size(), 1);
        QCOMPARE(call("POST", QStringLiteral("/tasks"), 409, order(QStringLiteral("one"), plan()))
                     .value(QLatin1String("error"))
                     .toString(),
                 QStringLiteral("run_exists"));
        QVERIFY(!m_daemon->get(QStringLiteral("/tasks")).array().isEmpty());
    }

    void itsCheckpointIsListedAndARunResumed() {
        QTRY_VERIFY_WITH_TIMEOUT(!m_daemon->get(QStringLiteral("/checkpoints")).array().isEmpty(),
                                 20'000);
        const QJsonObject kept =
            m_daemon->get(QStringLiteral("/checkpoints")).array().at(0).toObject();
        QCOMPARE(kept.value(QLatin1String("workflow_id")).toString(), QStringLiteral("one"));
        QCOMPARE(kept.value(QLatin1String("step")).toInt(), 3);
        QVERIFY(kept.value(QLatin1String("bytes")).toInt() > 0);
        call("POST", QStringLiteral("/checkpoints/one/resume"), 400, "{\"reasn\":\"r\"}");
        call("POST", QStringLiteral("/checkpoints/one/resume"), 202, "{\"reason\":\"go on\"}");
        QVERIFY(
            logged("TASKS_RESUMED").startsWith(QLatin1String("success {\"run\":\"one\"} go on")));
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(QStringLiteral("one")), QStringLiteral("finished"),
                                  20'000);
        QCOMPARE(call("GET", QStringLiteral("/tasks/one"), 200)
                     .value(QLatin1String("succeeded"))
                     .toInt(),
                 3);
        call("POST", QStringLiteral("/checkpoints/none/resume"), 404);
        call("GET", QStringLiteral("/tasks/none"), 404);
    }

    void badPlansLeaveNoTrace_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("says");
        QTest::newRow("nothing") << QByteArray() << "the body must be a JSON object";
        QTest::newRow("no plan") << QByteArray("{}") << "field \"plan\" must be";
        QTest::newRow("another field") << QByteArray("{\"plann\":\"\"}") << "no field \"plann\"";
        QTest::newRow("no TOML") << order(QStringLiteral("b"), QStringLiteral("= 1")) << "plan";
        QTest::newRow("no engine")
            << order(QStringLiteral("b"), QStringLiteral("[engines.e]\nkind = \"x\"\n[[task]]\n"
                                                         "prompt = \"?\"\n"))
            << "engines.e.kind is \"x\"";
        QTest::newRow("an id") << order(QStringLiteral("../b"), plan()) << "id is \"../b\"";
        QTest::newRow("a variable of ours")
            << order(QStringLiteral("b"),
                     QStringLiteral("[engines.e]\nkind = \"openai\"\nurl = \"http://h\"\n"
                                    "api_key_env = \"HOME\"\n[[task]]\nprompt = \"?\"\n"))
            << "can't name variables of the daemon";
        QTest::newRow("what the cloud tells us only")
            << order(QStringLiteral("b"), QStringLiteral("[engines.e]\nkind = \"openai\"\n"
                                                         "url = \"http://169.254.169.254/latest\"\n"
                                                         "[[task]]\nprompt = \"?\"\n"))
            << "engines.e.url: 169.254.169.254 is a link-local address";
        QTest::newRow("a file of ours")
            << order(QStringLiteral("b"),
                     QStringLiteral("[engines.e]\nkind = \"whisper\"\nurl = \"http://h\"\n"
                                    "[[task]]\nfile = \"/etc/passwd\"\n"))
            << "can't name files of the daemon";
    }
    void badPlansLeaveNoTrace() {
        QFETCH(QByteArray, body);
        QFETCH(QString, says);
        const QString message = call("POST", QStringLiteral("/tasks"), 400, body)
                                    .value(QLatin1String("message"))
                                    .toString();
        QVERIFY2(message.contains(says), qPrintable(message));
        call("GET", QStringLiteral("/tasks/b"), 404);
    }

    void aDeadLetterIsEditedReplayedAndDropped() {
        // As a run of this directory in another process leaves it.
        SystemClock clock;
        auto queue = DeadLetterQueue::open(
            clock, m_folder.filePath(QStringLiteral("tasks/dead-letters")), {});
        QVERIFY(queue);
        for (const char* id : {"r:a", "r:b"}) {
            DeadLetter letter;
            letter.id = QLatin1String(id);
            letter.runId = QStringLiteral("r");
            letter.task.id = QStringLiteral("a");
            letter.task.engine = letter.engine.name = QStringLiteral("e");
            letter.task.prompt = QStringLiteral("?");
            letter.engine.kind = QStringLiteral("mock");
            letter.engine.options = {{QStringLiteral("fail_every"), QStringLiteral("0")},
                                     {QStringLiteral("slow_every"), QStringLiteral("0")},
                                     {QStringLiteral("normal_seconds"), QStringLiteral("0.001")}};
            letter.idempotencyKey = QStringLiteral("k");
            QVERIFY(queue->add(letter));
        }
        const QString all = QStringLiteral("/dead_letters");
        const QString first = QStringLiteral("/dead_letters/r:a");
        QCOMPARE(m_daemon->get(all).array().size(), 2);
        QCOMPARE(call("PATCH", first, 200, "{\"prompt\":\"again?\",\"reason\":\"unclear\"}")
                     .value(QLatin1String("prompt"))
                     .toString(),
                 QStringLiteral("again?"));
        QVERIFY(logged("DEAD_LETTER_CHANGED")
                    .startsWith(QLatin1String(
                        "success {\"changed\":[\"prompt\"],\"letter\":\"r:a\"} unclear")));
        call("PATCH", first, 400, "{}");
        call("PATCH", first, 400, "{\"options\":{\"api_key_env\":\"HOME\"}}");
        call("PATCH", first, 400, "{\"options\":{\"url\":\"http://[fd00:ec2::254]/\"}}");
        call("PATCH", QStringLiteral("/dead_letters/r:none"), 404, "{\"prompt\":\"x\"}");
        call("POST", first + QStringLiteral("/replay"), 202);
        QTRY_COMPARE_WITH_TIMEOUT(m_daemon->get(all).array().size(), 1, 20'000);
        QVERIFY(logged("DEAD_LETTER_REPLAYED").contains(QLatin1String("\"letter\":\"r:a\"")));
        call("DELETE", QStringLiteral("/dead_letters/r:b"), 200, "{\"reason\":\"moot\"}");
        QVERIFY(logged("DEAD_LETTER_DROPPED")
                    .startsWith(QLatin1String("success {\"letter\":\"r:b\"} moot")));
        call("DELETE", QStringLiteral("/dead_letters/r:b"), 404);
        call("POST", first + QStringLiteral("/replay"), 404);
        QCOMPARE(m_daemon->get(all).array().size(), 0);
    }

    /// A daemon that ends stops its runs; the next one goes on with them.
    void aRunSurvivesTheDaemon() {
        call("POST", QStringLiteral("/tasks"), 202, order(QStringLiteral("long"), plan(40, 0.05)));
        QTRY_VERIFY_WITH_TIMEOUT(call("GET", QStringLiteral("/tasks/long"), 200)
                                         .value(QLatin1String("succeeded"))
                                         .toInt() >= 2,
                                 20'000);
        m_daemon.reset();
        m_daemon = std::make_unique<DaemonFixture>(m_folder.path());
        QCOMPARE(statusOf(QStringLiteral("long")), QStringLiteral("stopped"));
        call("POST", QStringLiteral("/checkpoints/long/resume"), 202);
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(QStringLiteral("long")), QStringLiteral("finished"),
                                  30'000);
        QCOMPARE(call("GET", QStringLiteral("/tasks/long"), 200)
                     .value(QLatin1String("succeeded"))
                     .toInt(),
                 40);
    }

    void whatBecomesOfTasksIsCountedAndAlerted() {
        const QString failing =
            QStringLiteral("patience_seconds = 0\nstrategy = \"parallel\"\n[engines.bad]\n"
                           "kind = \"mock\"\nfail_every = 1\nfail_after_seconds = 0.001\n[[task]]\n"
                           "id = \"f\"\nprompt = \"?\"\nmodel = \"m\"\nrepeat = 40\n");
        call("POST", QStringLiteral("/tasks"), 202, order(QStringLiteral("failing"), failing));
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(QStringLiteral("failing")), QStringLiteral("finished"),
                                  60'000);
        const QByteArray page = m_daemon->call("GET", QStringLiteral("/metrics")).body;
        QVERIFY2(page.contains("vigie_tasks_total{engine=\"bad\",model=\"m\","
                               "outcome=\"failure\"} 40"),
                 page.constData());
        QVERIFY(page.contains("vigie_task_success_ratio{engine=\"bad\",model=\"m\"} 0"));
        QVERIFY(page.contains("vigie_task_duration_seconds_count{engine=\"e\""));
        const auto alerted = [this] {
            return m_daemon->get(QStringLiteral("/alerts?filter=alertname%3DTasksFailing"))
                .array()
                .size();
        };
        QTRY_COMPARE_WITH_TIMEOUT(alerted(), 1, 20'000);
    }
};

QTEST_GUILESS_MAIN(TestDaemonTasks)
#include "tst_daemontasks.moc"
