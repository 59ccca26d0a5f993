#include "tests/core/orchestrator/api/apifixture.h"

#include <QFileInfo>
#include <QTest>

using namespace vigie;

class TestApiAccess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyRouteAsksForItsRole_data() {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("need");
        for (const Route& route : routeTable()) {
            QTest::addRow("%s %s", route.method, route.path)
                << QByteArray(route.method) << QString::fromLatin1(route.path)
                << static_cast<int>(route.need);
        }
    }
    void everyRouteAsksForItsRole() {
        QFETCH(QByteArray, method);
        QFETCH(QString, path);
        QFETCH(int, need);
        ApiFixture api;
        path.replace(QLatin1String("{id}"), newUuid());
        const auto status = [&](const QString& token) {
            return api.call({method, path, token, {}, {}}).status;
        };
        if (static_cast<Need>(need) == Need::Nobody) {
            QCOMPARE(status({}), path == QLatin1String("/auth/login") ? 400 : 200);
            return;
        }
        if (static_cast<Need>(need) == Need::Worker) {
            QCOMPARE(status({}), 400); // an empty body comes before anything else
            return;
        }
        const Answer anonymous = api.call({method, path, {}, {}, {}});
        QCOMPARE(anonymous.status, 401);
        QCOMPARE(anonymous.error(), QStringLiteral("unauthorized"));
        QCOMPARE(anonymous.header("WWW-Authenticate"), QByteArray("Bearer"));
        QCOMPARE(status(QStringLiteral("wrong-token")), 401);
        for (const Role role : {Role::Viewer, Role::Operator, Role::Admin, Role::Metrics}) {
            const Answer answer = api.call({method, path, toString(role), {}, {}});
            if (suffices(role, static_cast<Need>(need))) {
                QVERIFY2(answer.status != 401 && answer.status != 403, answer.body.constData());
            } else {
                QCOMPARE(answer.status, 403);
                QVERIFY(answer.text("message").contains(toString(role)));
            }
        }
    }

    void aWorkersTokenOpensNothingElse() {
        ApiFixture api;
        const InstanceId id = api.deploy();
        const QString secret = api.boot(id);
        const Answer answer = api.get(QStringLiteral("/instances"), secret);
        QCOMPARE(answer.status, 403);
        QVERIFY(answer.text("message").contains(QLatin1String("worker")));
    }

    void schemes_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("status");
        QTest::newRow("bearer") << QByteArray("Bearer %1") << 200;
        QTest::newRow("any case, blanks") << QByteArray("  bEaReR   %1  ") << 200;
        QTest::newRow("basic") << QByteArray("Basic %1") << 401;
        QTest::newRow("token alone") << QByteArray("%1") << 401;
        QTest::newRow("nothing after it") << QByteArray("Bearer ") << 401;
        QTest::newRow("truncated") << QByteArray("Bearer short") << 401;
    }
    void schemes() {
        QFETCH(QByteArray, header);
        QFETCH(int, status);
        ApiFixture api;
        header.replace("%1", api.tokens.value(QStringLiteral("viewer")).toUtf8());
        const Answer answer =
            api.call({"GET", QStringLiteral("/jobs"), {}, {}, {{"Authorization", header}}});
        QCOMPARE(answer.status, status);
    }

    void origins_data() {
        QTest::addColumn<QByteArray>("origin");
        QTest::addColumn<int>("status");
        QTest::newRow("same host") << QByteArray("http://127.0.0.1:8003") << 200;
        QTest::newRow("configured") << QByteArray("https://ops.example.org") << 200;
        QTest::newRow("other port") << QByteArray("http://127.0.0.1:9") << 403;
        QTest::newRow("foreign") << QByteArray("https://evil.example") << 403;
        QTest::newRow("null") << QByteArray("null") << 403;
    }
    void origins() {
        QFETCH(QByteArray, origin);
        QFETCH(int, status);
        ApiFixture api;
        const Answer answer =
            api.call({"GET", QStringLiteral("/version"), {}, {}, {{"Origin", origin}}});
        QCOMPARE(answer.status, status);
    }

    void whoami() {
        ApiFixture api;
        const Answer viewer = api.get(QStringLiteral("/whoami"));
        QCOMPARE(viewer.text("actor"), QStringLiteral("viewer"));
        QCOMPARE(viewer.text("role"), QStringLiteral("viewer"));
        QVERIFY(viewer.object().value(QLatin1String("allowed_actions")).toArray().isEmpty());
        const Answer admin = api.get(QStringLiteral("/whoami"), QStringLiteral("admin"));
        const QJsonArray actions = admin.object().value(QLatin1String("allowed_actions")).toArray();
        for (const char* action : {"deploy", "terminate", "reinstall", "archive"})
            QVERIFY(actions.contains(QLatin1String(action)));
    }

    void unknownPathsAndMethods() {
        ApiFixture api;
        const Answer nothing = api.get(QStringLiteral("/auth/logout"), {});
        QCOMPARE(nothing.status, 404);
        QCOMPARE(nothing.error(), QStringLiteral("not_found"));
        const Answer wrong =
            api.call({"PATCH", QStringLiteral("/instances"), QStringLiteral("admin"), {}, {}});
        QCOMPARE(wrong.status, 405);
        QCOMPARE(wrong.header("Allow"), QByteArray("GET, HEAD"));
    }

    void correlationIds() {
        ApiFixture api;
        const auto sent = [&](const QByteArray& id) {
            return api.call({"GET", QStringLiteral("/version"), {}, {}, {{"X-Correlation-Id", id}}})
                .header("X-Correlation-Id");
        };
        QCOMPARE(sent("abc-1.2:3_4"), QByteArray("abc-1.2:3_4"));
        QVERIFY(sent("two words") != "two words");
        QVERIFY(sent(QByteArray(129, 'x')) != QByteArray(129, 'x'));
        QCOMPARE(sent({}).size(), 36);
    }

    void theFirstAdminTokenIsWrittenAndKept() {
        QTemporaryDir folder;
        FakeClock clock;
        const QString url = QStringLiteral("sqlite:") + folder.filePath(QStringLiteral("f.db"));
        const QString file = folder.filePath(QStringLiteral("token"));
        QByteArray token;
        for (int start = 0; start < 2; ++start) {
            const auto store = openStore(url);
            QVERIFY(store);
            AccessControl access(clock, **store);
            const auto named = *await(access.open(file));
            QVERIFY(named);
            QCOMPARE(*named, file);
            QFile written(file);
            QVERIFY(written.open(QIODevice::ReadOnly));
            const QByteArray now = written.readAll().trimmed();
            if (start > 0)
                QCOMPARE(now, token);
            token = now;
            QVERIFY(access.callerOf(token));
            QVERIFY(access.callerOf(token)->role == Role::Admin);
            const auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup |
                                QFileDevice::ReadOther | QFileDevice::WriteOther;
            QVERIFY(!(QFileInfo(file).permissions() & others));
        }
        // The file is gone: nobody gets a new token by restarting.
        QVERIFY(QFile::remove(file));
        const auto store = openStore(url);
        AccessControl access(clock, **store);
        const auto named = *await(access.open(file));
        QVERIFY(named);
        QVERIFY(named->isEmpty());
        QVERIFY(!QFile::exists(file));
    }

    void theLogInOfPartATakesATokenForAnAccount() {
        ApiFixture api;
        const auto logIn = [&api](const QString& email, const QString& password) {
            const QJsonObject body{{QStringLiteral("email"), email},
                                   {QStringLiteral("password"), password}};
            return api.post(QStringLiteral("/auth/login"), QJsonDocument(body).toJson(), {});
        };
        const auto token =
            **await(api.access.addToken(QStringLiteral("ada@example.org"), Role::Viewer,
                                        api.clock.wallNow() + std::chrono::seconds(60)));
        const Answer in = logIn(QStringLiteral("ada@example.org"), token);
        QCOMPARE(in.status, 200);
        QCOMPARE(in.text("role"), QStringLiteral("viewer"));
        QCOMPARE(in.header("Cache-Control"), QByteArray("no-store"));
        const QString session = in.text("token");
        QCOMPARE(api.get(QStringLiteral("/jobs"), session).status, 200);
        QCOMPARE(api.post(QStringLiteral("/reconcile"), "{}", session).status, 403);
        // Neither another's name nor another word opens anything.
        for (const auto& [email, password] :
             {std::pair(QStringLiteral("bob"), token),
              std::pair(QStringLiteral("ada@example.org"), QStringLiteral("secret"))}) {
            const Answer refused = logIn(email, password);
            QCOMPARE(refused.status, 401);
            QCOMPARE(refused.error(), QStringLiteral("invalid_credentials"));
            QVERIFY(!refused.body.contains(token.toUtf8()));
        }
        for (const char* body :
             {"", "[]", "{\"email\":\"a\"}", "{\"email\":1,\"password\":\"b\"}"}) {
            const Answer refused = api.post(QStringLiteral("/auth/login"), body, {});
            QCOMPARE(refused.status, 400);
            QCOMPARE(refused.error(), QStringLiteral("invalid_request"));
        }
        api.clock.advance(std::chrono::seconds(61)); // the session ends with its token
        QCOMPARE(logIn(QStringLiteral("ada@example.org"), token).status, 401);
        QCOMPARE(api.get(QStringLiteral("/jobs"), session).status, 401);
    }

    void aTokenExpires() {
        ApiFixture api;
        const auto token = **await(api.access.addToken(
            QStringLiteral("brief"), Role::Viewer, api.clock.wallNow() + std::chrono::seconds(60)));
        QCOMPARE(api.get(QStringLiteral("/jobs"), token).status, 200);
        api.clock.advance(std::chrono::seconds(59));
        QCOMPARE(api.get(QStringLiteral("/jobs"), token).status, 200);
        api.clock.advance(std::chrono::seconds(2));
        QCOMPARE(api.get(QStringLiteral("/jobs"), token).status, 401);
    }

    // What another process did to the store counts within two seconds.
    void changesFromOutsideAreFollowed() {
        ApiFixture api;
        api.access.follow();
        AccessControl other(api.clock, api.store);
        const auto token = **await(other.addToken(QStringLiteral("late"), Role::Viewer));
        const auto status = [&] { return api.get(QStringLiteral("/jobs"), token).status; };
        QCOMPARE(status(), 401);
        api.clock.advance(std::chrono::milliseconds(1100));
        QTRY_COMPARE(status(), 200);
        // Those that are known stay good while the store is away.
        api.breakable->broken = true;
        api.clock.advance(std::chrono::seconds(5));
        QCoreApplication::processEvents();
        QCOMPARE(api.get(QStringLiteral("/whoami"), token).status, 200);
        api.breakable->broken = false;
        QVERIFY(await(api.store.removeToken(QStringLiteral("late")))->has_value());
        api.clock.advance(std::chrono::milliseconds(1100));
        QTRY_COMPARE(status(), 401);
    }

    void aTokenFileThatCannotBeWrittenIsAFailure() {
        QTemporaryDir folder;
        FakeClock clock;
        const auto store =
            openStore(QStringLiteral("sqlite:") + folder.filePath(QStringLiteral("f.db")));
        AccessControl access(clock, **store);
        const auto named = *await(access.open(folder.filePath(QStringLiteral("no/such/token"))));
        QVERIFY(!named);
        QVERIFY(named.error().message.contains(QLatin1String("no/such/token")));
        QVERIFY((*await((*store)->tokens()))->empty());
    }
};

QTEST_GUILESS_MAIN(TestApiAccess)
#include "tst_apiaccess.moc"
