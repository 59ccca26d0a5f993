#include "tests/core/orchestrator/api/apifixture.h"

#include <QTest>

using namespace vigie;

namespace {

struct Fleet : ApiFixture {
    QStringList ids;

    explicit Fleet(int size = 3) {
        for (int i = 0; i < size; ++i) {
            const InstanceId id = deploy();
            boot(id);
            move(id, TransitionCause::BecameReady);
            ids.append(id.value());
        }
    }
    QByteArray body(const char* action, const QStringList& which, const QByteArray& more = {}) {
        QByteArray list;
        for (const QString& id : which)
            list += (list.isEmpty() ? "\"" : ",\"") + id.toUtf8() + '"';
        return "{\"action\":\"" + QByteArray(action) + "\",\"reason\":\"a test\",\"ids\":[" + list +
               ']' + more + '}';
    }
    Answer start(const QByteArray& wish, const HttpHeaders& headers = {}) {
        return post(QStringLiteral("/actions"), wish, QStringLiteral("operator"), headers);
    }
    QJsonObject look(const QString& id) { return get(QStringLiteral("/actions/") + id).object(); }
    QString state(const QString& id) { return look(id).value(QLatin1String("state")).toString(); }
    void tick() {
        clock.advance(std::chrono::seconds(11)); // longer than the pause between waves
        jobs.moveOperations();
        await(store.load());
        jobs.moveOperations();
        await(store.load());
    }
};

} // namespace

class TestApiOperations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aPlanChangesNothing() {
        Fleet f;
        const quint64 revision = f.plane.revision();
        const Answer plan =
            f.post(QStringLiteral("/actions/plan"), f.body("terminate", f.ids.mid(0, 2)),
                   QStringLiteral("operator"));
        QCOMPARE(plan.status, 200);
        const QJsonObject before = plan.object().value(QLatin1String("capacity_before")).toObject();
        const QJsonObject after = plan.object().value(QLatin1String("capacity_after")).toObject();
        QCOMPARE(before.value(QLatin1String("ready")).toInt(), 3);
        QCOMPARE(after.value(QLatin1String("ready")).toInt(), 1);
        const QJsonArray items = plan.object().value(QLatin1String("items")).toArray();
        QCOMPARE(items.size(), 2);
        QVERIFY(items.first().toObject().value(QLatin1String("allowed")).toBool());
        QCOMPARE(f.plane.revision(), revision);
        QVERIFY(f.get(QStringLiteral("/actions")).array().isEmpty());
    }

    void aPlanOfNothingIsRefusedAsItsActionIs() {
        Fleet f;
        const QByteArray wish = "{\"action\":\"hold\",\"filter\":{\"pool\":\"none\"},"
                                "\"reason\":\"r\"}";
        const Answer plan =
            f.post(QStringLiteral("/actions/plan"), wish, QStringLiteral("operator"));
        QCOMPARE(plan.status, 400);
        QVERIFY2(plan.body.contains("nothing to act on"), plan.body.constData());
        QCOMPARE(f.start(wish).body, plan.body);
    }

    void aPlanIsCarriedOut() {
        Fleet f;
        const Answer plan = f.post(QStringLiteral("/actions/plan"), f.body("hold", f.ids),
                                   QStringLiteral("operator"));
        const QByteArray wish = "{\"plan_id\":\"" + plan.text("plan_id").toUtf8() + "\"}";
        const Answer started = f.start(wish);
        QCOMPARE(started.status, 202);
        const QString id = started.text("operation_id");
        for (int i = 0; i < 20 && f.state(id) != QLatin1String("finished"); ++i)
            f.tick();
        QCOMPARE(f.state(id), QStringLiteral("finished"));
        for (const QString& instance : f.ids)
            QVERIFY(f.plane.find(InstanceId(instance))->instance.held);
        QCOMPARE(f.look(id).value(QLatin1String("reason")).toString(), QStringLiteral("a test"));
        QCOMPARE(f.get(QStringLiteral("/actions")).array().size(), 1);
        // What is held is refused by name, and passed with override and a reason.
        const Answer refused = f.call(
            {"DELETE", ApiFixture::at(InstanceId(f.ids[0])), QStringLiteral("operator"), {}, {}});
        QCOMPARE(refused.status, 409);
        QCOMPARE(refused.error(), QStringLiteral("guard_blocked"));
        QCOMPARE(refused.text("guard"), QStringLiteral("hold"));
        const QString path =
            ApiFixture::at(InstanceId(f.ids[0])) + QStringLiteral("?override=true");
        QCOMPARE(f.call({"DELETE", path, QStringLiteral("operator"), {}, {}}).status, 400);
        QCOMPARE(f.call({"DELETE", path, QStringLiteral("operator"), "{\"reason\":\"sure\"}", {}})
                     .status,
                 202);
        QCOMPARE(f.status(InstanceId(f.ids[0])), QStringLiteral("terminating"));
    }

    void theSameKeyIsTheSameOperation() {
        Fleet f;
        const HttpHeaders key{{"Idempotency-Key", "k-1"}};
        const Answer first = f.start(f.body("hold", f.ids), key);
        const Answer second = f.start(f.body("hold", f.ids), key);
        QCOMPARE(first.status, 202);
        QCOMPARE(second.text("operation_id"), first.text("operation_id"));
        QCOMPARE(f.start(f.body("release", f.ids), key).status, 422);
        QCOMPARE(f.get(QStringLiteral("/actions")).array().size(), 1);
    }

    void pauseResumeAbort() {
        Fleet f(8);
        const QString id = f.start(f.body("hold", f.ids, ",\"waves\":{\"canary\":1,\"size\":1}"))
                               .text("operation_id");
        const auto say = [&](const char* verb) {
            return f.post(QStringLiteral("/actions/%1/%2").arg(id, QLatin1String(verb)), {},
                          QStringLiteral("operator"));
        };
        QCOMPARE(say("pause").status, 200);
        QCOMPARE(f.state(id), QStringLiteral("paused"));
        for (int i = 0; i < 4; ++i)
            f.tick();
        QVERIFY(f.look(id)
                    .value(QLatin1String("counts"))
                    .toObject()
                    .value(QLatin1String("pending"))
                    .toInt() >= 6);
        QCOMPARE(say("resume").status, 200);
        QCOMPARE(f.state(id), QStringLiteral("running"));
        QCOMPARE(say("abort").status, 200);
        for (int i = 0; i < 20 && f.state(id) != QLatin1String("aborted"); ++i)
            f.tick();
        QCOMPARE(f.state(id), QStringLiteral("aborted"));
        QCOMPARE(say("resume").status, 409);
        QCOMPARE(f.post(QStringLiteral("/actions/x/pause"), {}, QStringLiteral("operator")).status,
                 404);
    }

    void badRequestsAreNamed_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("names");
        QTest::newRow("no json") << QByteArray("x") << "not JSON";
        QTest::newRow("no action") << QByteArray("{}") << "action";
        QTest::newRow("unknown action") << QByteArray("{\"action\":\"explode\"}") << "terminate";
        QTest::newRow("no target") << QByteArray("{\"action\":\"hold\"}") << "filter";
        QTest::newRow("both targets")
            << QByteArray("{\"action\":\"hold\",\"ids\":[\"a\"],\"filter\":{\"pool\":\"p\"}}")
            << "filter";
        QTest::newRow("empty filter")
            << QByteArray("{\"action\":\"hold\",\"filter\":{}}") << "every instance";
        QTest::newRow("mistyped filter")
            << QByteArray("{\"action\":\"hold\",\"filter\":{\"stat\":\"ready\"}}") << "filter.stat";
        QTest::newRow("no such status")
            << QByteArray("{\"action\":\"hold\",\"filter\":{\"status\":\"redy\"}}") << "redy";
        QTest::newRow("ids no list") << QByteArray("{\"action\":\"hold\",\"ids\":3}") << "ids";
        QTest::newRow("empty ids") << QByteArray("{\"action\":\"hold\",\"ids\":[]}") << "empty";
        QTest::newRow("wave size")
            << QByteArray("{\"action\":\"hold\",\"ids\":[\"a\"],\"waves\":{\"size\":0}}")
            << "waves.size";
        QTest::newRow("override no boolean")
            << QByteArray("{\"action\":\"hold\",\"ids\":[\"a\"],\"override\":\"yes\"}")
            << "override";
        QTest::newRow("plan and action")
            << QByteArray("{\"plan_id\":\"p\",\"action\":\"hold\"}") << "plan_id";
        QTest::newRow("no reason")
            << QByteArray("{\"action\":\"hold\",\"ids\":[\"a\"]}") << "reason";
    }
    void badRequestsAreNamed() {
        QFETCH(QByteArray, body);
        QFETCH(QString, names);
        Fleet f(0);
        const Answer answer = f.start(body);
        QCOMPARE(answer.status, 400);
        QVERIFY2(answer.text("message").contains(names), qPrintable(answer.text("message")));
        QVERIFY(f.get(QStringLiteral("/actions")).array().isEmpty());
    }

    void plansThatAreGoneAreSaid() {
        Fleet f;
        const Answer unknown = f.start("{\"plan_id\":\"p\",\"reason\":\"r\"}");
        QCOMPARE(unknown.status, 404);
        QCOMPARE(unknown.error(), QStringLiteral("plan_not_found"));
        const Answer plan = f.post(QStringLiteral("/actions/plan"), f.body("hold", f.ids),
                                   QStringLiteral("operator"));
        f.clock.advance(std::chrono::minutes(2));
        const Answer late = f.start("{\"plan_id\":\"" + plan.text("plan_id").toUtf8() + "\"}");
        QCOMPARE(late.status, 409);
        QCOMPARE(late.error(), QStringLiteral("plan_expired"));
    }

    void aFilterChooses() {
        Fleet f(4);
        f.move(InstanceId(f.ids[1]), TransitionCause::StoppedServing);
        const Answer plan = f.post(QStringLiteral("/actions/plan"),
                                   "{\"action\":\"reinstall\",\"filter\":{\"status\":["
                                   "\"unavailable\"],\"zone\":\"zone-1\"}}",
                                   QStringLiteral("operator"));
        const QJsonArray items = plan.object().value(QLatin1String("items")).toArray();
        QCOMPARE(items.size(), 1);
        QCOMPARE(items.first().toObject().value(QLatin1String("id")).toString(), f.ids[1]);
    }

    void whoamiNamesAllActions() {
        Fleet f(0);
        const auto allowed = [&](const char* role) {
            return f.get(QStringLiteral("/whoami"), QLatin1String(role))
                .object()
                .value(QLatin1String("allowed_actions"))
                .toArray()
                .toVariantList();
        };
        for (const Action action : allActions) {
            QVERIFY(allowed("operator").contains(toString(action)));
            QVERIFY(!allowed("viewer").contains(toString(action)));
        }
    }
};

QTEST_GUILESS_MAIN(TestApiOperations)
#include "tst_apioperations.moc"
