#include "tests/core/orchestrator/api/apifixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

Answer deploy(ApiFixture& api, const QByteArray& key, const QByteArray& body = {},
              const char* token = "operator") {
    return api.post(QStringLiteral("/deployments"), body.isEmpty() ? ApiFixture::deployment : body,
                    QLatin1String(token), {{"Idempotency-Key", key}});
}

} // namespace

class TestApiIdempotency : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theSameRequestIsDoneOnce() {
        ApiFixture api;
        const Answer first = deploy(api, "key-1");
        const Answer again = deploy(api, "key-1");
        QCOMPARE(first.status, 202);
        QCOMPARE(again.status, 202);
        QCOMPARE(again.body, first.body);
        QCOMPARE(again.header("Idempotency-Replayed"), QByteArray("true"));
        QCOMPARE(api.plane.ids().size(), size_t(1));
        QCOMPARE(deploy(api, "key-2").status, 202);
        QCOMPARE(api.plane.ids().size(), size_t(2));
    }

    void anotherRequestUnderTheKeyIsRefused() {
        ApiFixture api;
        deploy(api, "key-1");
        QByteArray body = ApiFixture::deployment;
        const Answer other = deploy(api, "key-1", body.replace("\"m\"", "\"n\""));
        QCOMPARE(other.status, 422);
        QCOMPARE(other.error(), QStringLiteral("idempotency_key_reused"));
        const Answer elsewhere = api.post(QStringLiteral("/jobs/x/run"), {},
                                          QStringLiteral("operator"), {{"Idempotency-Key", "k"}});
        QCOMPARE(elsewhere.status, 403); // admission comes first
        QCOMPARE(api.plane.ids().size(), size_t(1));
    }

    /// Its answer is a token, and who asks has shown nothing yet.
    void aLoginIsNeverKept() {
        ApiFixture api;
        const auto logIn = [&api](const QString& password) {
            const QJsonObject body{{QStringLiteral("email"), QStringLiteral("admin")},
                                   {QStringLiteral("password"), password}};
            return api.post(QStringLiteral("/auth/login"), QJsonDocument(body).toJson(), {},
                            {{"Idempotency-Key", "key-1"}});
        };
        QCOMPARE(logIn(api.tokens.value(QStringLiteral("admin"))).status, 200);
        const Answer wrong = logIn(QStringLiteral("guessed"));
        QCOMPARE(wrong.status, 401); // no 422: nothing is known of that key
        QCOMPARE(logIn(QStringLiteral("guessed")).header("Idempotency-Replayed"), QByteArray());
    }

    void keysBelongToTheirCaller() {
        ApiFixture api;
        deploy(api, "key-1");
        QCOMPARE(deploy(api, "key-1", {}, "admin").header("Idempotency-Replayed"), QByteArray());
        QCOMPARE(api.plane.ids().size(), size_t(2));
    }

    void refusalsAreRememberedToo() {
        ApiFixture api;
        const Answer first = deploy(api, "key-1", "{}");
        QCOMPARE(first.status, 400);
        QCOMPARE(deploy(api, "key-1", "{}").header("Idempotency-Replayed"), QByteArray("true"));
    }

    /// What stood in the way may be gone, or another orchestrator may be asked.
    void conflictsAreNot() {
        ApiFixture api;
        const InstanceId id = api.deploy();
        const auto reinstall = [&api, &id] {
            return api.post(ApiFixture::at(id, "/reinstall"), "{\"reason\":\"r\"}",
                            QStringLiteral("operator"), {{"Idempotency-Key", "key-1"}});
        };
        QCOMPARE(reinstall().status, 409);
        const Answer again = reinstall();
        QCOMPARE(again.status, 409);
        QCOMPARE(again.header("Idempotency-Replayed"), QByteArray());
    }

    void outagesAreNot() {
        ApiFixture api;
        api.breakable->broken = true;
        QCOMPARE(deploy(api, "key-1").status, 503);
        api.breakable->broken = false;
        QCOMPARE(deploy(api, "key-1").status, 202);
        QCOMPARE(api.plane.ids().size(), size_t(1));
    }

    void repeatsThatComeTogetherAreOne() {
        ApiFixture api;
        const ApiFixture::Wish wish{"POST",
                                    QStringLiteral("/deployments"),
                                    QStringLiteral("operator"),
                                    ApiFixture::deployment,
                                    {{"Idempotency-Key", "key-1"}}};
        const auto a = api.begin(wish);
        const auto b = api.begin(wish);
        const auto c = api.begin(wish);
        QTRY_VERIFY(a->status != 0 && b->status != 0 && c->status != 0);
        QCOMPARE(b->body, a->body);
        QCOMPARE(c->body, a->body);
        QCOMPARE(api.plane.ids().size(), size_t(1));
    }

    void aDayLaterTheKeyIsFree() {
        ApiFixture api;
        const Answer first = deploy(api, "key-1");
        api.clock.advance(24h + 1s);
        const Answer next = deploy(api, "key-1");
        QCOMPARE(next.status, 202);
        QVERIFY(next.text("instance_id") != first.text("instance_id"));
        QCOMPARE(api.plane.ids().size(), size_t(2));
    }

    void aDayLaterTheKeyIsFreeForActionsToo() {
        ApiFixture api;
        const QByteArray id = api.deploy().value().toUtf8();
        const auto act = [&api, &id](const QByteArray& action) {
            const QByteArray body =
                "{\"action\":\"" + action + "\",\"reason\":\"r\",\"ids\":[\"" + id + "\"]}";
            return api.post(QStringLiteral("/actions"), body, QStringLiteral("operator"),
                            {{"Idempotency-Key", "key-1"}});
        };
        const Answer held = act("hold");
        QCOMPARE(held.status, 202);
        QCOMPARE(act("release").status, 422);
        api.clock.advance(24h + 1s);
        const Answer released = act("release");
        QCOMPARE(released.status, 202);
        QVERIFY(released.text("operation_id") != held.text("operation_id"));
    }

    void anAnswerThatWasLostInACrashIsMadeAgain() {
        ApiFixture api;
        api.breakable->losesAnswers = true;
        const Answer first = deploy(api, "key-1");
        api.breakable->losesAnswers = false;
        api.clock.advance(23h + 59min); // and another day has begun
        const Answer again = deploy(api, "key-1");
        QCOMPARE(again.status, 202);
        QCOMPARE(again.text("instance_id"), first.text("instance_id"));
        QCOMPARE(api.plane.ids().size(), size_t(1));
    }

    void anotherRequestAfterALostAnswerIsDone() {
        ApiFixture api;
        api.breakable->losesAnswers = true;
        deploy(api, "key-1");
        api.breakable->losesAnswers = false;
        QByteArray body = ApiFixture::deployment;
        QCOMPARE(deploy(api, "key-1", body.replace("\"m\"", "\"n\"")).status, 202);
        QCOMPARE(api.plane.ids().size(), size_t(2));
    }

    void unusableKeys_data() {
        QTest::addColumn<QByteArray>("key");
        QTest::newRow("blank inside") << QByteArray("a b");
        QTest::newRow("long") << QByteArray(256, 'x');
        QTest::newRow("not ascii") << QByteArray("\xc3\xa9");
    }
    void unusableKeys() {
        QFETCH(QByteArray, key);
        ApiFixture api;
        QCOMPARE(deploy(api, key).status, 400);
        QVERIFY(api.plane.ids().empty());
    }
};

QTEST_GUILESS_MAIN(TestApiIdempotency)
#include "tst_apiidempotency.moc"
