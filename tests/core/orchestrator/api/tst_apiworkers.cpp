#include "tests/core/orchestrator/api/apifixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// A worker as the daemon meets it: an instance, what it shows, and what it says.
struct Worker {
    ApiFixture& api;
    InstanceId id;
    QString shows;
    QString name = QStringLiteral("worker-1");

    QByteArray body(const char* status) const {
        QJsonObject object{{QStringLiteral("instance_id"), id.value()},
                           {QStringLiteral("worker_id"), name},
                           {QStringLiteral("status"), QLatin1String(status)},
                           {QStringLiteral("health_port"), 8080},
                           {QStringLiteral("vllm_port"), 8000}};
        return QJsonDocument(object).toJson(QJsonDocument::Compact);
    }
    Answer enroll() {
        return api.post(QStringLiteral("/internal/worker/register"), body("starting"), shows);
    }
    Answer beat(const char* status) {
        return api.post(QStringLiteral("/internal/worker/heartbeat"), body(status), shows);
    }
    /// Registers and takes the token that is handed out.
    QString enrolled() {
        shows = enroll().text("bootstrap_token");
        return shows;
    }
};

Worker bootedWorker(ApiFixture& api) {
    const InstanceId id = api.deploy();
    return {api, id, api.boot(id)};
}

} // namespace

class TestApiWorkers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aNewBootstrapSecretReplacesTheOld() {
        ApiFixture api;
        Worker worker = bootedWorker(api);
        const QString old = worker.shows;
        const QString path = ApiFixture::at(worker.id, "/bootstrap_secret");
        const QString former = QStringLiteral("of before a reinstall that waits");
        ControlPlane::Change change;
        change.edit = [former](InstanceRecord& r) { r.formerSecretHash = hashSecret(former); };
        await(api.plane.apply(worker.id, std::move(change)));
        QCOMPARE(api.post(path, {}, QStringLiteral("operator")).status, 403);
        const HttpHeaders key{{"Idempotency-Key", "one"}};
        const Answer made =
            api.post(path, R"({"reason":"it leaked"})", QStringLiteral("admin"), key);
        QCOMPARE(made.status, 201);
        QCOMPARE(made.header("Cache-Control"), QByteArray("no-store"));
        const QString secret = made.text("secret");
        QVERIFY(secret.size() >= 32 && secret != old);
        for (const QString& refused : {old, former}) {
            worker.shows = refused;
            QCOMPARE(worker.enroll().status, 401);
        }
        worker.shows = secret;
        QCOMPARE(worker.enroll().status, 200);
        // The secret is kept nowhere, not even for its Idempotency-Key.
        const Answer again =
            api.post(path, R"({"reason":"it leaked"})", QStringLiteral("admin"), key);
        QCOMPARE(again.status, 201);
        QVERIFY(again.text("secret") != secret);
        const auto logged = **await(api.store.actionLogs({}));
        QVERIFY(std::ranges::any_of(logged, [](const ActionLog& entry) {
            return entry.actionType == QLatin1String("BOOTSTRAP_SECRET_MADE") &&
                   entry.metadata.contains("it leaked");
        }));
        QFile database(api.folder.filePath(QStringLiteral("f.db-wal")));
        QVERIFY(database.open(QIODevice::ReadOnly));
        const QByteArray bytes = database.readAll();
        QVERIFY(bytes.contains("BOOTSTRAP_SECRET_MADE") && !bytes.contains(secret.toLatin1()));
    }

    void noBootstrapSecretWithoutAMachine() {
        ApiFixture api;
        const InstanceId id = api.deploy();
        const QString path = ApiFixture::at(id, "/bootstrap_secret");
        QCOMPARE(api.post(path, {}, QStringLiteral("admin")).status, 409);
        QCOMPARE(api.call({"DELETE", ApiFixture::at(id), QStringLiteral("admin"), {}, {}}).status,
                 202);
        QCOMPARE(api.post(path, {}, QStringLiteral("admin")).status, 409);
        const QString none = QStringLiteral("/instances/%1/bootstrap_secret").arg(newUuid());
        QCOMPARE(api.post(none, {}, QStringLiteral("admin")).status, 404);
    }

    void fromBootToReady() {
        ApiFixture api;
        Worker worker = bootedWorker(api);
        const Answer first = worker.enroll();
        QCOMPARE(first.status, 200);
        QCOMPARE(first.text("status"), QStringLiteral("registered"));
        const QString token = first.text("bootstrap_token");
        QVERIFY(token.size() >= 32);
        QVERIFY(token.startsWith(first.text("bootstrap_token_prefix")));
        QCOMPARE(api.status(worker.id), QStringLiteral("installing"));
        const InstanceRecord record = *api.plane.find(worker.id);
        QVERIFY(!record.workerTokenHash.contains(token));
        QCOMPARE(record.instance.workerHealthPort, std::optional(8080));

        worker.shows = token;
        QCOMPARE(worker.beat("starting").status, 200);
        QCOMPARE(api.status(worker.id), QStringLiteral("starting"));
        QCOMPARE(worker.beat("ready").status, 200);
        QCOMPARE(api.status(worker.id), QStringLiteral("ready"));
        api.clock.advance(4s);
        QCOMPARE(worker.beat("ready").status, 200);
        const QJsonObject beats = api.get(ApiFixture::at(worker.id, "/heartbeats")).object();
        QCOMPARE(beats.value(QLatin1String("intervals_ms")).toArray().last().toDouble(), 4000.0);
        QCOMPARE(beats.value(QLatin1String("heartbeat_age_ms")).toDouble(), 0.0);
        QStringList states;
        for (const QJsonValue& row : api.get(ApiFixture::at(worker.id, "/history")).array())
            states.append(row.toObject().value(QLatin1String("to_status")).toString());
        QCOMPARE(states.join(QLatin1Char(' ')),
                 QStringLiteral("provisioning booting installing starting ready"));
    }

    void aWorkerThatBeatsAtOnceCatchesUp() {
        ApiFixture api;
        Worker worker = bootedWorker(api);
        QCOMPARE(worker.beat("ready").status, 200);
        QCOMPARE(api.status(worker.id), QStringLiteral("ready"));
    }

    void whoMaySpeak() {
        ApiFixture api;
        Worker one = bootedWorker(api);
        const QString bootstrap = one.shows;
        const QString token = one.enrolled();
        Worker other = bootedWorker(api);
        const auto with = [&](const QString& shown) {
            one.shows = shown;
            const int answered = one.beat("ready").status;
            const int registered = one.enroll().status;
            return QPair(answered, registered);
        };
        QCOMPARE(with({}), QPair(401, 401));
        QCOMPARE(with(QStringLiteral("guess")), QPair(401, 401));
        QCOMPARE(with(other.shows), QPair(403, 403));
        QCOMPARE(with(QStringLiteral("admin")), QPair(401, 401));
        QCOMPARE(with(token), QPair(200, 200));
        QCOMPARE(with(bootstrap), QPair(200, 200));
    }

    void unknownInstances() {
        ApiFixture api;
        Worker worker = bootedWorker(api);
        worker.id = InstanceId(newUuid());
        for (const Answer& answer : {worker.enroll(), worker.beat("ready")}) {
            QCOMPARE(answer.status, 404);
            QCOMPARE(answer.error(), QStringLiteral("instance_not_found"));
        }
    }

    void aTokenIsHandedOutOnceEach() {
        ApiFixture api;
        Worker worker = bootedWorker(api);
        const QString bootstrap = worker.shows;
        const QString first = worker.enrolled();
        // With its token it gets none; restarted, with the secret, it gets a new one and the old
        // one is worth nothing.
        QVERIFY(!worker.enroll().object().contains(QLatin1String("bootstrap_token")));
        worker.shows = bootstrap;
        const QString second = worker.enrolled();
        QVERIFY(!second.isEmpty());
        QVERIFY(second != first);
        QCOMPARE(worker.beat("ready").status, 200);
        worker.shows = first;
        QCOMPARE(worker.beat("ready").status, 401);
    }

    void twoWorkersOfOneInstance() {
        ApiFixture api;
        Worker worker = bootedWorker(api);
        Worker twin = worker;
        twin.name = QStringLiteral("worker-2");
        worker.enrolled();
        worker.beat("ready");
        const Answer refused = twin.enroll();
        QCOMPARE(refused.status, 409);
        QCOMPARE(refused.error(), QStringLiteral("token_already_exists_or_race"));
        QCOMPARE(worker.beat("ready").status, 200);
        api.clock.advance(12s);
        QCOMPARE(twin.enroll().status, 200);
    }

    void ofTwoRegistersAtOnceOneWins() {
        ApiFixture api;
        Worker worker = bootedWorker(api);
        const ApiFixture::Wish wish{"POST",
                                    QStringLiteral("/internal/worker/register"),
                                    worker.shows,
                                    worker.body("starting"),
                                    {}};
        const auto a = api.begin(wish);
        const auto b = api.begin(wish);
        QTRY_VERIFY(a->status != 0 && b->status != 0);
        QList<int> statuses{a->status, b->status};
        std::ranges::sort(statuses);
        QCOMPARE(statuses, (QList<int>{200, 409}));
        worker.shows = (a->status == 200 ? a : b)->text("bootstrap_token");
        QCOMPARE(worker.beat("ready").status, 200);
    }

    void anOlderIncarnationRevivesNothing() {
        ApiFixture api;
        Worker old = bootedWorker(api);
        const QString secret = old.shows;
        const QString token = old.enrolled();
        old.beat("ready");
        QCOMPARE(
            api.post(ApiFixture::at(old.id, "/reinstall"), {}, QStringLiteral("operator")).status,
            202);
        QTRY_COMPARE(api.provider.byId.value(ApiFixture::machine).reinstalls, 1);
        QCOMPARE(api.status(old.id), QStringLiteral("booting"));
        for (const QString& shown : {secret, token}) {
            old.shows = shown;
            QCOMPARE(old.enroll().status, 401);
            QCOMPARE(old.beat("ready").status, 401);
        }
        QCOMPARE(api.status(old.id), QStringLiteral("booting"));
        QVERIFY(!api.plane.live(old.id)->lastBeat);
        Worker fresh{api, old.id,
                     api.provider.byId.value(ApiFixture::machine).boot.bootstrapSecret};
        fresh.enrolled();
        QCOMPARE(fresh.beat("ready").status, 200);
        QCOMPARE(api.status(old.id), QStringLiteral("ready"));
    }

    void whoComesBackBeforeItsReinstallIsHeard() {
        ApiFixture api;
        Worker old = bootedWorker(api);
        const QString secret = old.shows;
        const QString token = old.enrolled();
        old.beat("ready");
        api.move(old.id, TransitionCause::VerdictDead);
        api.provider.failCommand =
            Failure{FailureKind::ServerError, QStringLiteral("away"), 0, {}, {}, {}};
        Reinstaller::Request request;
        request.byPerson = false;
        QVERIFY(await(api.jobs.reinstaller().begin(old.id, std::move(request))));
        QTRY_VERIFY(api.plane.find(old.id)->nextAttemptAt);
        // It is evidence, and no worker of the new incarnation.
        old.shows = secret;
        old.shows = old.enrolled();
        QVERIFY(old.shows != token);
        QCOMPARE(old.beat("ready").status, 200);
        QCOMPARE(api.status(old.id), QStringLiteral("booting"));
        QVERIFY(api.plane.find(old.id)->workerId.isEmpty());
        api.provider.failCommand.reset();
        api.clock.advance(1min);
        api.jobs.reinstaller().resume();
        QTRY_VERIFY(api.plane.find(old.id)->workInHand.isEmpty());
        QCOMPARE(api.provider.byId.value(ApiFixture::machine).reinstalls, 0);
        QCOMPARE(old.beat("ready").status, 200);
        QCOMPARE(api.status(old.id), QStringLiteral("ready"));
    }

    void aLateWorkerIsTakenBack() {
        ApiFixture api;
        Worker worker = bootedWorker(api);
        ControlPlane::Change change;
        change.cause = TransitionCause::StartupLimitPassed;
        change.edit = [](InstanceRecord& record) {
            record.instance.errorCode = QString::fromUtf16(errorcode::startupTimeout);
        };
        await(api.plane.apply(worker.id, std::move(change)));
        QCOMPARE(api.status(worker.id), QStringLiteral("startup_failed"));
        QCOMPARE(worker.enroll().status, 200);
        QCOMPARE(api.status(worker.id), QStringLiteral("installing"));
    }

    void whoBeatAllAlongIsTakenBackWhenItIsReady() {
        ApiFixture api;
        Worker worker = bootedWorker(api);
        worker.enrolled();
        worker.beat("starting");
        ControlPlane::Change change;
        change.cause = TransitionCause::StartupLimitPassed;
        change.edit = [](InstanceRecord& record) {
            record.heardAtLimit = true;
            record.instance.errorCode = QString::fromUtf16(errorcode::startupTimeout);
        };
        await(api.plane.apply(worker.id, std::move(change)));
        QCOMPARE(worker.beat("starting").status, 200);
        QCOMPARE(api.status(worker.id), QStringLiteral("startup_failed"));
        QCOMPARE(worker.enroll().status, 200); // its agent began anew
        QCOMPARE(api.status(worker.id), QStringLiteral("startup_failed"));
        QCOMPARE(worker.beat("ready").status, 200);
        QCOMPARE(api.status(worker.id), QStringLiteral("ready"));
    }

    void aBeatRevivesTheDeadUnlessWorkBegan() {
        ApiFixture api;
        Worker worker = bootedWorker(api);
        worker.enrolled();
        worker.beat("ready");
        api.move(worker.id, TransitionCause::VerdictDead);
        QCOMPARE(worker.beat("ready").status, 200);
        QCOMPARE(api.status(worker.id), QStringLiteral("ready"));
        QCOMPARE(
            api.get(QStringLiteral("/action_logs?action_type=WORKER_RECOVERED")).array().size(), 1);
    }

    void theEndedAreToldSo() {
        ApiFixture api;
        Worker worker = bootedWorker(api);
        api.move(worker.id, TransitionCause::TerminateAsked);
        QCOMPARE(worker.beat("ready").status, 200);
        QCOMPARE(api.status(worker.id), QStringLiteral("terminating"));
        api.move(worker.id, TransitionCause::ProviderConfirmedGone);
        QCOMPARE(worker.beat("ready").status, 409);
        QCOMPARE(worker.enroll().error(), QStringLiteral("instance_is_over"));
    }

    void beatsAreTakenWhileTheStoreIsAway() {
        ApiFixture api;
        Worker worker = bootedWorker(api);
        worker.enrolled();
        api.breakable->broken = true;
        QCOMPARE(worker.beat("starting").status, 200);
        QVERIFY(api.plane.live(worker.id)->lastBeat);
        QCOMPARE(api.status(worker.id), QStringLiteral("installing"));
        const Answer answer = worker.enroll();
        QCOMPARE(answer.status, 503);
        api.breakable->broken = false;
        QCOMPARE(worker.beat("starting").status, 200);
        QCOMPARE(api.status(worker.id), QStringLiteral("starting"));
    }

    void rubbish_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no json") << QByteArray("beat!");
        QTest::newRow("array") << QByteArray("[]");
        QTest::newRow("no instance") << QByteArray("{\"status\":\"ready\"}");
        QTest::newRow("instance is a number") << QByteArray("{\"instance_id\":5}");
        QTest::newRow("nul") << QByteArray("\0\0\0", 3);
        QTest::newRow("cut") << QByteArray("{\"instance_id\":\"");
        QTest::newRow("deep") << QByteArray(10000, '[');
        QTest::newRow("not utf-8") << QByteArray("{\"instance_id\":\"\xff\xfe\"}");
    }
    void rubbish() {
        QFETCH(QByteArray, body);
        ApiFixture api;
        for (const char* path : {"/internal/worker/register", "/internal/worker/heartbeat"}) {
            const Answer answer = api.post(QLatin1String(path), body, QStringLiteral("x"));
            QVERIFY2(answer.status == 400, answer.body.constData());
            QCOMPARE(answer.error(), QStringLiteral("invalid_request"));
        }
    }
};

QTEST_GUILESS_MAIN(TestApiWorkers)
#include "tst_apiworkers.moc"
