#include "tests/core/sources/sourcebench.h"
#include "tests/support/partaserver.h"

#include <QTemporaryFile>
#include <QTest>

using namespace vigie;
using namespace vigie::test;
using namespace std::chrono_literals;

namespace {

SourceConfig withPassword(const PartAServer& server, const QString& password) {
    SourceConfig config = SourceBench::at(server.url());
    config.email = QStringLiteral("ops@example.org");
    config.secret = password;
    return config;
}

} // namespace

class TestPartA : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fleetLogAndNotices() {
        PartAServer server;
        server.setClockAhead(1h);
        server.add(QStringLiteral("b"));
        server.add(QStringLiteral("a"), InstanceStatus::Booting);
        server.beat(QStringLiteral("b"));
        SourceBench bench(SourceBench::at(server.url()));
        const auto reading = bench.poll();
        QVERIFY2(reading, qPrintable(reading ? QString() : reading.error().message));
        QCOMPARE(reading->instances->size(), 2u);
        QVERIFY(reading->instances->at(1)->workerLastHeartbeat);
        QVERIFY(reading->capabilities.actions && reading->capabilities.actionLog);
        QVERIFY(!reading->capabilities.assessments && !reading->capabilities.history &&
                !reading->capabilities.breakers);
        QVERIFY(!reading->breakers);
        QVERIFY(has(reading->notices, QStringLiteral("does not serve state history (part B")));
        QCOMPARE(reading->version, QStringLiteral("inventiv-backend 0.7.0"));
        const Duration offset = *reading->serverTime - bench.clock.wallNow();
        QVERIFY(std::chrono::abs(offset - 1h) < 2s);
    }

    void partBIsNotAskedForAtEveryPoll() {
        PartAServer server;
        SourceBench bench(SourceBench::at(server.url()));
        for (int i = 0; i < 5; ++i)
            QVERIFY(bench.poll());
        QCOMPARE(server.count("GET /fleet"), 1);
        QCOMPARE(server.count("GET /whoami"), 0);
        QCOMPARE(server.count("GET /circuit_breakers"), 0);
        QCOMPARE(server.count("GET /metrics"), 0);
        QCOMPARE(server.count("GET /instances"), 5);
    }

    void signsIn_data() {
        QTest::addColumn<int>("how");
        QTest::newRow("cookie") << int(PartAServer::Login::Cookie);
        QTest::newRow("token") << int(PartAServer::Login::Token);
    }
    void signsIn() {
        QFETCH(int, how);
        PartAServer server;
        server.setAccount(QStringLiteral("ops@example.org"), QStringLiteral("s3cret"),
                          static_cast<PartAServer::Login>(how));
        server.add(QStringLiteral("a"));
        SourceBench bench(withPassword(server, QStringLiteral("s3cret")));
        QVERIFY(bench.poll());
        QVERIFY(bench.poll());
        QCOMPARE(server.count("POST /auth/login"), 1);
        server.dropSessions();
        const auto reading = bench.poll();
        QVERIFY2(reading, qPrintable(reading ? QString() : reading.error().message));
        QCOMPARE(server.count("POST /auth/login"), 2);
        QVERIFY(reading->capabilities.actionLog);
    }

    void wrongPasswordIsSaidAndNotRepeated() {
        PartAServer server;
        server.setAccount(QStringLiteral("ops@example.org"), QStringLiteral("right"));
        SourceBench bench(withPassword(server, QStringLiteral("wrong")));
        for (int i = 0; i < 10; ++i) {
            const auto reading = bench.poll();
            QVERIFY(!reading);
            QVERIFY(reading.error().kind == FailureKind::Unauthorized);
            QVERIFY2(reading.error().message.contains(QLatin1String("invalid_credentials")),
                     qPrintable(reading.error().message));
            QVERIFY(!reading.error().message.contains(QLatin1String("wrong")));
        }
        QCOMPARE(server.count("POST /auth/login"), 1);
    }

    void aSessionRefusedForEverEndsInOneMoreLogin() {
        PartAServer server;
        server.setAccount(QStringLiteral("ops@example.org"), QStringLiteral("x"));
        server.setFault(QStringLiteral("/instances"), faults::json(401, "{\"error\":\"nope\"}"));
        SourceBench bench(withPassword(server, QStringLiteral("x")));
        const auto reading = bench.poll();
        QVERIFY(!reading);
        QVERIFY(reading.error().message.contains(QLatin1String("new session was refused too")));
        QCOMPARE(server.count("POST /auth/login"), 2);
    }

    void tokenMissingOrWrong() {
        PartAServer server;
        server.setToken("good");
        SourceBench open(SourceBench::at(server.url()));
        auto reading = open.poll();
        QVERIFY(!reading && reading.error().message.contains(QLatin1String("--token-file")));
        SourceConfig config = SourceBench::at(server.url());
        config.secret = QStringLiteral("bad");
        SourceBench bad(config);
        reading = bad.poll();
        QVERIFY(!reading && reading.error().kind == FailureKind::Unauthorized);
        QVERIFY(!reading.error().message.contains(QLatin1String("bad")));
        config.secret = QStringLiteral("good");
        SourceBench good(config);
        QVERIFY(good.poll());
    }

    void aTokenFileIsReadAgainWhenRefused() {
        PartAServer server;
        server.setToken("one");
        QTemporaryFile file;
        QVERIFY(file.open());
        const auto put = [&](const QByteArray& token) {
            file.resize(0);
            file.seek(0);
            file.write(token);
            file.flush();
        };
        put("one\n");
        SourceConfig config = SourceBench::at(server.url());
        config.tokenFile = file.fileName();
        SourceBench bench(config);
        QVERIFY(bench.poll());
        server.setToken("two");
        QVERIFY(!bench.poll());
        put("two\n");
        QVERIFY(bench.poll());
        config.tokenFile = QStringLiteral("/nonexistent/token");
        SourceBench lost(config);
        const auto reading = lost.poll();
        QVERIFY(!reading && reading.error().message.contains(QLatin1String("/nonexistent/token")));
    }

    void actions() {
        PartAServer server;
        server.add(QStringLiteral("a"));
        SourceBench bench(SourceBench::at(server.url()));
        QVERIFY(bench.poll());
        auto done = bench.act(Action::Terminate, QStringLiteral("a"), QStringLiteral("déjà fini"));
        QCOMPARE(done.value(), QStringLiteral("termination started"));
        const FaultyRequest& sent = server.requests().last();
        QCOMPARE(sent.header("X-Vigie-Reason"), QByteArray("d%C3%A9j%C3%A0%20fini"));
        QVERIFY(!sent.header("X-Correlation-Id").isEmpty());
        QVERIFY(sent.header("Idempotency-Key").isEmpty()); // it would not be honoured there
        QVERIFY(!bench.act(Action::Reinstall, QStringLiteral("a")));
        server.setStatus(QStringLiteral("a"), InstanceStatus::Terminated);
        QCOMPARE(bench.act(Action::Terminate, QStringLiteral("a")).value(),
                 QStringLiteral("already_terminated"));
        const auto refused = bench.act(Action::Reinstall, QStringLiteral("a"));
        QVERIFY(!refused && refused.error().httpStatus == 400);
        QVERIFY(refused.error().message.contains(QLatin1String("instance_terminated")));
        QCOMPARE(bench.act(Action::Archive, QStringLiteral("a")).value(),
                 QStringLiteral("archived"));
        QVERIFY(bench.poll()->instances->empty());
        QCOMPARE(bench.poll()->actionLog->size(), 2u);
        const auto unknown = bench.act(Action::Terminate, QStringLiteral("no/such thing"));
        QVERIFY(!unknown && unknown.error().kind == FailureKind::NotFound);
    }

    void aLostAnswerIsNotSentTwice() {
        PartAServer server;
        server.add(QStringLiteral("a"));
        EndpointOptions retrying = SourceBench::once();
        retrying.maxAttempts = 3;
        retrying.firstDelay = 1ms;
        SourceBench bench(SourceBench::at(server.url()), retrying);
        QVERIFY(bench.poll());
        server.setFault(QStringLiteral("/instances/a"), faults::closeWithoutAnswer());
        const auto done = bench.act(Action::Terminate, QStringLiteral("a"));
        QVERIFY(!done && done.error().kind == FailureKind::OutcomeUnknown);
        QCOMPARE(server.count("DELETE /instances/a"), 1);
    }

    void inspection() {
        PartAServer server;
        server.add(QStringLiteral("a"));
        Volume volume;
        volume.id = VolumeId(QStringLiteral("v1"));
        volume.sizeGb = 100;
        server.addVolume(QStringLiteral("a"), volume);
        SourceBench bench(SourceBench::at(server.url()));
        QVERIFY(bench.poll());
        QVERIFY(bench.act(Action::Reinstall, QStringLiteral("a")));
        const auto seen = bench.inspect(QStringLiteral("a"));
        QVERIFY2(seen, qPrintable(seen ? QString() : seen.error().message));
        QCOMPARE(seen->volumes.size(), 1u);
        QCOMPARE(seen->actions.size(), 1u);
        QVERIFY(seen->history.empty());
        QVERIFY(seen->notices.join(QLatin1Char(' ')).contains(QLatin1String("part B")));
        const auto unknown = bench.inspect(QStringLiteral("zz"));
        QVERIFY(!unknown && unknown.error().kind == FailureKind::NotFound);
    }

    void whatIsNoOrchestrator_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const Fault& fault, const QString& says) {
            QTest::newRow(name) << fault.bytes << says;
        };
        row("a web page", faults::answer(200, "<!DOCTYPE html><html></html>"),
            QStringLiteral("a web page"));
        row("404 everywhere", faults::answer(404, "nope"),
            QStringLiteral("Neither /fleet nor /instances"));
        row("another JSON", faults::json(200, "{\"hello\":\"world\"}"), QString());
        row("half a JSON", faults::json(200, "[{\"id\":\"a\",\"sta"), QString());
        row("empty", faults::json(200, ""), QString());
        row("an error as 200", faults::json(200, "{\"error\":\"db_down\"}"), QString());
    }
    void whatIsNoOrchestrator() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, says);
        PartAServer server;
        server.add(QStringLiteral("a"));
        Fault fault;
        fault.bytes = bytes;
        server.setFault(QStringLiteral("*"), fault);
        SourceBench bench(SourceBench::at(server.url()));
        const auto reading = bench.poll();
        QVERIFY(!reading);
        QVERIFY2(reading.error().message.contains(says), qPrintable(reading.error().message));
        QVERIFY(!reading.error().message.isEmpty());
        server.clearFaults();
        QVERIFY(bench.poll());
    }

    void anUnreadableLogIsOnlyANotice() {
        PartAServer server;
        server.add(QStringLiteral("a"));
        server.setFault(QStringLiteral("/action_logs"), faults::json(500, "{\"error\":\"db\"}"));
        SourceBench bench(SourceBench::at(server.url()));
        const auto reading = bench.poll();
        QVERIFY(reading);
        QVERIFY(!reading->actionLog);
        QVERIFY(has(reading->notices, QStringLiteral("action log could not be read")));
    }
};

QTEST_GUILESS_MAIN(TestPartA)
#include "tst_parta.moc"
