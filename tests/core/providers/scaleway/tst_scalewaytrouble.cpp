#include "core/base/timeformat.h"
#include "tests/core/providers/scaleway/scalewayfixture.h"

using namespace vigie;
using namespace std::chrono_literals;

/// What the provider does when Scaleway does what it should not: nothing is made twice, nothing is
/// leaked, and nothing is taken for gone that is not.
class TestScalewayTrouble : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingButATypedAnswerIsAbsence_data();
    void nothingButATypedAnswerIsAbsence();
    void slownessIsNoAbsence();
    void aListWithAHoleIsNone();
    void aFailingListMakesNoMachine();
    void aLostAnswerMakesNoSecondServer_data();
    void aLostAnswerMakesNoSecondServer();
    void aCrashMakesNoSecondServer();
    void anOrderThatNeverArrivedIsRepeated();
    void anOrderThatMayNotLeaveIsNone();
    void aHalfMadeServerIsCompleted();
    void aHalfMadeServerIsDeletedWithItsVolumes();
    void attachedVolumesWait();
    void aVolumeIsGoneOnlyWhenBothApisSaySo();
    void rateLimitsAreHonoured();
    void refusalsAreTyped_data();
    void refusalsAreTyped();
    void lockedServersAreLeftToScaleway();
    void theKeyGoesNowhereElse();
};

void TestScalewayTrouble::nothingButATypedAnswerIsAbsence_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    const QByteArray other = "00000000-0000-0000-0000-00000000dead";
    QTest::newRow("401") << 401 << QByteArray(R"({"type":"denied_authentication"})");
    QTest::newRow("401 that says not_found") << 401 << QByteArray(R"({"type":"not_found"})");
    QTest::newRow("403") << 403 << QByteArray(R"({"type":"permissions_denied"})");
    QTest::newRow("429") << 429 << QByteArray(R"({"type":"too_many_requests"})");
    QTest::newRow("500") << 500 << QByteArray("oops");
    QTest::newRow("500 that says not_found") << 500 << QByteArray(R"({"type":"not_found"})");
    QTest::newRow("404 of a proxy") << 404 << QByteArray("<html>not found</html>");
    QTest::newRow("404 without a body") << 404 << QByteArray();
    QTest::newRow("404 of another id")
        << 404 << QByteArray(R"({"type":"not_found","resource_id":")" + other + R"("})");
    QTest::newRow("404 of no id") << 404 << QByteArray(R"({"type":"not_found"})");
    QTest::newRow("404 of a route") << 404 << QByteArray(R"({"type":"unknown_resource"})");
    QTest::newRow("200 that is rubbish") << 200 << QByteArray("{\"server\":");
    QTest::newRow("200 that is empty") << 200 << QByteArray("{}");
    QTest::newRow("200 about another server")
        << 200 << QByteArray(R"({"server":{"state":"running","id":")" + other + R"("}})");
    QTest::newRow("a redirect") << 302 << QByteArray();
}

void TestScalewayTrouble::nothingButATypedAnswerIsAbsence() {
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    ScalewayFixture f;
    const MachineId id = f.create()->id;
    f.cloud.trouble({"GET", "/fr-par-2/servers/", faults::json(status, body)});
    const auto described = f.describe(id);
    QVERIFY(!described);
    QVERIFY(described.error().kind != FailureKind::NotFound);
    f.clock.advance(1h);
    // A deletion that is told so goes no further either.
    f.cloud.trouble({"GET", "/fr-par-2/servers/", faults::json(status, body)});
    QVERIFY(!f.command(MachineCommandKind::Delete, id));
    QCOMPARE(f.cloud.volumes.size(), 2U);
}

void TestScalewayTrouble::slownessIsNoAbsence() {
    ScalewayFixture f;
    const MachineId id = f.create()->id;
    const auto before = f.cloud.requests().size();
    f.cloud.trouble({"GET", "/fr-par-2/servers/", faults::silence()});
    std::optional<Outcome<Machine>> answer;
    const auto asking = [](ScalewayProvider& provider, MachineId machine,
                           std::optional<Outcome<Machine>>& out) -> Task<> {
        out.emplace(co_await provider.describe(std::move(machine), {}));
    };
    const Task<> running = asking(*f.provider, id, answer);
    QTRY_VERIFY(f.cloud.requests().size() > before);
    QVERIFY(!answer);
    f.clock.advance(31s);
    QTRY_VERIFY(answer);
    QVERIFY(!*answer);
    QVERIFY(answer->error().kind == FailureKind::Timeout);
}

void TestScalewayTrouble::aListWithAHoleIsNone() {
    ScalewayFixture f;
    for (int i = 0; i < 3; ++i)
        f.cloud.addServer(f.zone, {f.cluster});
    const Fault hole = faults::answer(
        200, R"({"servers":[]})", {{"X-Total-Count", "3"}, {"Content-Type", "application/json"}});
    f.cloud.trouble({"GET", "page=2", hole});
    QVERIFY(!f.machines());
    f.cloud.trouble({"GET", "/fr-par-2/servers?", faults::json(200, "{}")});
    QVERIFY(!f.machines());
    f.cloud.trouble({"GET", "/fr-par-2/servers?", faults::json(200, "[]")});
    QVERIFY(!f.machines());
    f.cloud.trouble({"GET", "page=2", scalewayfaults::error(500, "internal")});
    QVERIFY(!f.machines());
    f.cloud.trouble({"GET", "/block/", faults::truncated("{\"volumes\":[", 500)});
    QVERIFY(!f.volumes());
    QCOMPARE(f.machines()->size(), 3U);
}

void TestScalewayTrouble::aFailingListMakesNoMachine() {
    ScalewayFixture f;
    for (const Fault& fault :
         {scalewayfaults::error(500, "internal"), faults::garbage(), faults::reset(),
          faults::json(200, "<html>"), scalewayfaults::error(403, "permissions_denied")}) {
        f.cloud.trouble({"GET", "/fr-par-2/servers?", fault});
        QVERIFY(!f.create());
    }
    QCOMPARE(f.cloud.created, 0);
    QVERIFY(f.create());
    QCOMPARE(f.cloud.created, 1);
}

void TestScalewayTrouble::aLostAnswerMakesNoSecondServer_data() {
    QTest::addColumn<bool>("listsLag");
    QTest::newRow("lists show it at once") << false;
    QTest::newRow("lists show it later") << true;
}

void TestScalewayTrouble::aLostAnswerMakesNoSecondServer() {
    QFETCH(bool, listsLag);
    ScalewayFixture f;
    f.cloud.listsLag = listsLag;
    for (const Fault& fault : {scalewayfaults::error(500, "internal"), faults::reset(),
                               faults::json(201, "{\"server\":{"), faults::closeWithoutAnswer()}) {
        f.cloud.created = 0;
        auto wish = f.wish(newUuid());
        f.cloud.trouble({"POST", "/servers", fault, true});
        QVERIFY(!f.create(wish));
        QCOMPARE(f.cloud.created, 1);
        f.restart(); // and the daemon, too
        if (listsLag) {
            const auto waits = f.create(wish);
            QVERIFY(!waits);
            QCOMPARE(waits.error().code, QStringLiteral("create_unsettled"));
            QVERIFY(waits.error().retryAfter.has_value());
            QVERIFY(waits.error().kind == FailureKind::Conflict); // no breaker opens for it
            f.cloud.showAll();
        }
        const auto found = f.create(wish);
        QVERIFY2(found, found ? "" : qPrintable(found.error().message));
        QCOMPARE(f.cloud.created, 1);
        QCOMPARE(found->volumes.size(), 2U);
        QVERIFY(f.server(found->id).userData.contains(wish.boot.bootstrapSecret.toUtf8()));
    }
}

void TestScalewayTrouble::aCrashMakesNoSecondServer() {
    ScalewayFixture f;
    f.cloud.listsLag = true;
    // It is made and answered, and the daemon dies before it is written down anywhere else.
    const MachineId id = f.create()->id;
    f.restart();
    QVERIFY(f.machines()->empty());
    const auto again = f.create();
    QVERIFY(again);
    QVERIFY(again->id == id);
    QCOMPARE(f.cloud.created, 1);
}

void TestScalewayTrouble::anOrderThatNeverArrivedIsRepeated() {
    ScalewayFixture f;
    f.cloud.trouble({"POST", "/servers", scalewayfaults::error(502, "gateway")});
    QVERIFY(!f.create());
    QVERIFY(!f.create()); // may still show up
    f.clock.advance(119s);
    QVERIFY(!f.create());
    f.clock.advance(2s);
    QVERIFY(f.create());
    QCOMPARE(f.cloud.created, 1);
}

void TestScalewayTrouble::anOrderThatMayNotLeaveIsNone() {
    ScalewayFixture f;
    const Failure lost{FailureKind::Cancelled,
                       QStringLiteral("others took over"),
                       0,
                       {},
                       QStringLiteral("lease_lost"),
                       {}};
    std::optional<Failure> refusal = lost;
    qsizetype lookedBefore = -1;
    f.provider->askBeforeEachOrder([&]() -> std::optional<Failure> {
        if (lookedBefore < 0)
            lookedBefore = f.cloud.requests().size();
        return refusal;
    });
    const auto refused = f.create();
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, QStringLiteral("lease_lost"));
    QVERIFY(lookedBefore > 0); // asked after the lists were waited for
    QCOMPARE(f.cloud.created, 0);
    // Certainly nothing was made: there is nothing to wait for.
    refusal.reset();
    const auto made = f.create();
    QVERIFY(made);
    QCOMPARE(f.cloud.created, 1);
    refusal = lost;
    QVERIFY(f.describe(made->id)); // to look is no order
    QVERIFY(f.machines());
    for (const auto kind : {MachineCommandKind::Start, MachineCommandKind::Delete})
        QVERIFY(!f.command(kind, made->id));
    QVERIFY(f.describe(made->id)->state == MachineState::Stopped);
}

void TestScalewayTrouble::aHalfMadeServerIsCompleted() {
    for (const QByteArray& step :
         {QByteArray("/block/"), QByteArray("/instance/v1/zones/fr-par-2/volumes"),
          QByteArray("user_data"), QByteArray("/servers/")}) {
        ScalewayFixture f;
        f.cloud.trouble({"PATCH", step, scalewayfaults::error(500, "internal")});
        QVERIFY(!f.create());
        f.restart();
        const auto listed = f.machines();
        QCOMPARE(listed->size(), 1U);
        QVERIFY(listed->front().unfinished); // not to be started: it knows nothing yet
        auto wish = f.wish();
        wish.boot.bootstrapSecret = QStringLiteral("anew");
        const auto completed = f.create(wish);
        QVERIFY(completed);
        QVERIFY(!completed->unfinished);
        QVERIFY(!f.machines()->front().unfinished);
        QCOMPARE(f.cloud.created, 1);
        QCOMPARE(completed->volumes.size(), 2U);
        QVERIFY(f.server(completed->id).userData.contains("anew"));
    }
}

void TestScalewayTrouble::aHalfMadeServerIsDeletedWithItsVolumes() {
    ScalewayFixture f;
    f.cloud.trouble({"PATCH", "/block/", scalewayfaults::error(500, "internal")});
    QVERIFY(!f.create());
    const MachineId id = f.machines()->front().id;
    for (int i = 0; i < 3; ++i)
        QVERIFY(f.command(MachineCommandKind::Delete, id));
    QVERIFY(f.cloud.servers.empty());
    QVERIFY(f.cloud.volumes.empty());
}

void TestScalewayTrouble::attachedVolumesWait() {
    ScalewayFixture f;
    f.cloud.volumesLinger = true;
    const auto machine = f.create();
    QVERIFY(f.command(MachineCommandKind::Delete, machine->id));
    QVERIFY(f.describe(machine->id)->state == MachineState::Absent);
    const auto pending = f.command(MachineCommandKind::Delete, machine->id);
    QVERIFY(!pending);
    QVERIFY(pending.error().kind == FailureKind::Conflict);
    QCOMPARE(pending.error().code, QStringLiteral("VOLUMES_DELETE_PENDING"));
    QVERIFY(!f.deleteVolume(machine->volumes.front().id));
    QVERIFY(f.cloud.deletedVolumes.isEmpty());
    QCOMPARE(f.volumes()->size(), 2U);
    f.cloud.freeVolumes();
    QVERIFY(f.command(MachineCommandKind::Delete, machine->id));
    QVERIFY(f.cloud.volumes.empty());
}

void TestScalewayTrouble::aVolumeIsGoneOnlyWhenBothApisSaySo() {
    ScalewayFixture f;
    const QString id = f.zone + QLatin1Char('/') + f.cloud.addVolume(f.zone, false, {f.cluster}).id;
    f.cloud.trouble({"GET", "/instance/", scalewayfaults::error(500, "internal")});
    QVERIFY(!f.deleteVolume(id));
    f.cloud.trouble({"GET", "/block/", scalewayfaults::error(403, "permissions_denied")});
    QVERIFY(!f.deleteVolume(id));
    QCOMPARE(f.cloud.volumes.size(), 1U);
    f.cloud.trouble({"DELETE", "/volumes/", scalewayfaults::error(500, "internal")});
    QVERIFY(!f.deleteVolume(id));
    QVERIFY(f.deleteVolume(id));
    QVERIFY(f.cloud.volumes.empty());
}

void TestScalewayTrouble::rateLimitsAreHonoured() {
    ScalewayFixture f;
    const MachineId id = f.create()->id;
    f.cloud.trouble({"GET", "/fr-par-2/servers/", scalewayfaults::rateLimited(20)});
    const auto limited = f.describe(id);
    QVERIFY(!limited);
    QVERIFY(limited.error().kind == FailureKind::RateLimited);
    QVERIFY(limited.error().retryAfter == 20s);
    const auto sent = f.cloud.requests().size();
    f.clock.advance(19s);
    const auto quiet = f.machines();
    QVERIFY(!quiet);
    QVERIFY(quiet.error().kind == FailureKind::RateLimited);
    QVERIFY(quiet.error().retryAfter == 1s);
    QCOMPARE(quiet.error().httpStatus, 0);
    QCOMPARE(f.cloud.requests().size(), sent); // nothing was sent
    f.clock.advance(1s);
    QVERIFY(f.describe(id));
    f.cloud.trouble({"GET", "/fr-par-2/servers/", faults::retryAfter(429, "7")});
    QVERIFY(f.describe(id).error().retryAfter == 7s);
    f.clock.advance(7s);
    const QByteArray at = toRfc3339(f.clock.wallNow() + 30s).toUtf8();
    f.cloud.trouble(
        {"GET", "/fr-par-2/servers/", faults::json(429, "{\"limit\":{\"reset\":\"" + at + "\"}}")});
    QVERIFY(f.describe(id).error().retryAfter == 30s);
}

void TestScalewayTrouble::refusalsAreTyped_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, int status, const char* body, FailureKind kind,
                        const char* code, const char* says) {
        QTest::newRow(name) << status << QByteArray(body) << toString(kind)
                            << QString::fromLatin1(code) << QString::fromLatin1(says);
    };
    row("arguments", 400,
        R"({"type":"invalid_arguments","details":[{"argument_name":"commercial_type",)"
        R"("reason":"constraint","help_message":"no such type"}]})",
        FailureKind::Invalid, "invalid_arguments", "commercial_type: constraint (no such type)");
    row("old arguments", 400, R"({"type":"invalid_request_error","fields":{"image":["is wrong"]}})",
        FailureKind::Invalid, "invalid_arguments", "image: is wrong");
    row("image", 404, R"({"type":"not_found","resource":"image"})", FailureKind::Invalid,
        "not_found", "not_found");
    row("quota", 403,
        R"({"type":"quotas_exceeded","details":[{"resource":"gpu","quota":2,"current":2}]})",
        FailureKind::Forbidden, "quota_exceeded", "gpu: 2 of 2 used");
    row("rights", 403,
        R"({"type":"permissions_denied","details":[{"resource":"servers","action":"write"}]})",
        FailureKind::Forbidden, "permissions_denied", "servers: write");
    row("key", 401, R"({"type":"denied_authentication","reason":"expired"})",
        FailureKind::Unauthorized, "denied_authentication", "expired");
    row("stock", 503, R"({"type":"out_of_stock","resource":"L4-1-24G"})", FailureKind::Conflict,
        "out_of_stock", "out_of_stock");
    row("conflict", 409, R"({"type":"transient_state","current_state":"stopping"})",
        FailureKind::Conflict, "transient_state", "stopping");
}

void TestScalewayTrouble::refusalsAreTyped() {
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QString, kind);
    QFETCH(QString, code);
    QFETCH(QString, says);
    ScalewayFixture f;
    f.cloud.trouble({"POST", "/servers", faults::json(status, body)});
    const auto refused = f.create();
    QVERIFY(!refused);
    QCOMPARE(toString(refused.error().kind), kind);
    QCOMPARE(refused.error().code, code);
    QVERIFY2(refused.error().message.contains(says), qPrintable(refused.error().message));
    QVERIFY(!refused.error().message.contains(QString::fromLatin1(FakeScaleway::secretKey())));
    // A clear refusal made nothing: the next one need not wait.
    f.restart();
    QVERIFY(f.create());
    QCOMPARE(f.cloud.created, 1);
}

void TestScalewayTrouble::lockedServersAreLeftToScaleway() {
    ScalewayFixture f;
    const MachineId id = f.create()->id;
    f.server(id).state = QStringLiteral("locked");
    const auto refused = f.command(MachineCommandKind::Delete, id);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, QStringLiteral("resource_locked"));
    f.server(id).state = QStringLiteral("running");
    f.server(id).allowedActions = {QStringLiteral("reboot")};
    QVERIFY(!f.command(MachineCommandKind::Delete, id));
    QCOMPARE(f.cloud.requestsLike("POST", "/action"), 0);
    QCOMPARE(f.cloud.servers.size(), 1U);
}

void TestScalewayTrouble::theKeyGoesNowhereElse() {
    ScalewayFixture f;
    FaultyServer elsewhere;
    const MachineId id = f.create()->id;
    f.cloud.trouble({"GET", "/fr-par-2/servers/", faults::redirect(elsewhere.url().toEncoded())});
    QVERIFY(!f.describe(id));
    QVERIFY(elsewhere.requests().isEmpty());
}

QTEST_GUILESS_MAIN(TestScalewayTrouble)
#include "tst_scalewaytrouble.moc"
