#include "core/http/endpoint.h"
#include "tests/core/http/clientcall.h"
#include "tests/support/fakeclock.h"
#include "tests/support/faultyserver.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// One call under way, on a clock that the test moves.
struct Call {
    Call(Endpoint& endpoint, HttpRequest request) {
        scope.spawn([](Endpoint& e, HttpRequest r, std::stop_token stop,
                       std::optional<Outcome<HttpReply>>& out) -> Task<> {
            Outcome<HttpReply> answer = co_await e.call(std::move(r), std::move(stop));
            out.emplace(std::move(answer));
        }(endpoint, std::move(request), scope.token(), result));
    }
    std::optional<Outcome<HttpReply>> result;
    TaskScope scope;
};

EndpointOptions options() {
    EndpointOptions made;
    made.name = QStringLiteral("peer");
    made.firstDelay = 1s;
    made.jitter = 0;
    return made;
}

EndpointOptions quick() {
    EndpointOptions made = options();
    made.firstDelay = 1ms;
    return made;
}

HttpRequest request(const FaultyServer& server, const QByteArray& method = "GET") {
    HttpRequest made = get(server.url());
    made.method = method;
    return made;
}

} // namespace

class TestEndpoint : public QObject {
    Q_OBJECT

private:
    SystemClock m_clock; // with waits of a millisecond; where waits matter, a FakeClock

    Outcome<HttpReply> run(Endpoint& endpoint, HttpRequest what) {
        Call call(endpoint, std::move(what));
        while (!call.result)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        return *std::move(call.result);
    }

private Q_SLOTS:
    void whatIsRetried_data() {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<bool>("idempotent"); // with an Idempotency-Key
        QTest::addColumn<int>("status");      // 0: closed without an answer
        QTest::addColumn<int>("received");
        QTest::addColumn<int>("failures"); // as the breaker counts them
        QTest::newRow("500") << QByteArray("GET") << false << 500 << 3 << 3;
        QTest::newRow("503") << QByteArray("GET") << false << 503 << 3 << 3;
        QTest::newRow("429") << QByteArray("GET") << false << 429 << 3 << 3;
        QTest::newRow("closed") << QByteArray("GET") << false << 0 << 3 << 3;
        QTest::newRow("HEAD closed") << QByteArray("HEAD") << false << 0 << 3 << 3;
        for (const int status : {400, 401, 403, 404, 408, 409, 422})
            QTest::addRow("%d", status) << QByteArray("GET") << false << status << 1 << 0;
        QTest::newRow("POST 500") << QByteArray("POST") << false << 500 << 1 << 1;
        QTest::newRow("POST closed") << QByteArray("POST") << false << 0 << 1 << 1;
        QTest::newRow("DELETE closed") << QByteArray("DELETE") << false << 0 << 1 << 1;
        QTest::newRow("POST 500 with key") << QByteArray("POST") << true << 500 << 3 << 3;
        QTest::newRow("POST closed with key") << QByteArray("POST") << true << 0 << 3 << 3;
    }
    void whatIsRetried() {
        QFETCH(QByteArray, method);
        QFETCH(bool, idempotent);
        QFETCH(int, status);
        QFETCH(int, received);
        QFETCH(int, failures);
        FaultyServer server;
        server.play({status ? faults::json(status, R"({"error":"e","message":"Because."})")
                            : faults::closeWithoutAnswer()});
        HttpClient client(m_clock);
        Endpoint endpoint(m_clock, client, quick());
        HttpRequest what = request(server, method);
        if (idempotent)
            what.headers = {{"Idempotency-Key", "k"}};
        const auto outcome = run(endpoint, what);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().httpStatus, status);
        QCOMPARE(server.requests().size(), received);
        QCOMPARE(endpoint.retries(), quint64(received - 1));
        QCOMPARE(endpoint.breaker().failures, failures);
        QCOMPARE(endpoint.breaker().calls, received);
        QCOMPARE(endpoint.latency().count(), std::uint64_t(received));
    }

    void aLaterAttemptSucceeds() {
        FaultyServer server;
        server.play({faults::answer(500), faults::closeWithoutAnswer(), faults::answer(200, "ok")});
        HttpClient client(m_clock);
        Endpoint endpoint(m_clock, client, quick());
        const auto outcome = run(endpoint, request(server));
        QVERIFY(outcome);
        QCOMPARE(outcome->body, QByteArray("ok"));
        QCOMPARE(outcome->attempts, 3);
        QCOMPARE(endpoint.breaker().consecutiveFailures, 0);
    }

    void notModifiedIsAnAnswer() {
        FaultyServer server;
        server.play({faults::answer(304)});
        HttpClient client(m_clock);
        Endpoint endpoint(m_clock, client, quick());
        QCOMPARE(run(endpoint, request(server))->status, 304);
    }

    void waitsGrow() {
        FakeClock clock;
        FaultyServer server;
        server.play({faults::answer(500)});
        HttpClient client(clock);
        Endpoint endpoint(clock, client, options());
        Call call(endpoint, request(server));
        QTRY_COMPARE(endpoint.latency().count(), 1U);
        clock.advance(999ms);
        QCOMPARE(endpoint.retries(), 0U);
        clock.advance(1ms);
        QCOMPARE(endpoint.retries(), 1U);
        QTRY_COMPARE(endpoint.latency().count(), 2U);
        clock.advance(1999ms);
        QCOMPARE(endpoint.retries(), 1U);
        clock.advance(1ms);
        QTRY_VERIFY(call.result);
        QCOMPARE(server.requests().size(), 3);
    }

    void retryAfterIsHonoured_data() {
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("seconds") << QByteArray("7");
        // The FakeClock's wall time is 2026-11-01; the answer carries no Date.
        QTest::newRow("date") << QByteArray("Sun, 01 Nov 2026 00:00:07 GMT");
    }
    void retryAfterIsHonoured() {
        QFETCH(QByteArray, value);
        FakeClock clock;
        FaultyServer server;
        server.play({faults::retryAfter(429, value), faults::answer(200)});
        HttpClient client(clock);
        Endpoint endpoint(clock, client, options());
        Call call(endpoint, request(server));
        QTRY_COMPARE(endpoint.latency().count(), 1U);
        clock.advance(6999ms);
        QCOMPARE(server.requests().size(), 1);
        QCOMPARE(endpoint.retries(), 0U);
        clock.advance(1ms);
        QTRY_VERIFY(call.result);
        QVERIFY(*call.result);
    }

    void retryAfterBeyondTheDeadlineIsToldAtOnce() {
        FakeClock clock;
        FaultyServer server;
        server.play({faults::retryAfter(503, "120")});
        HttpClient client(clock);
        Endpoint endpoint(clock, client, options());
        Call call(endpoint, request(server));
        QTRY_VERIFY(call.result);
        QCOMPARE(server.requests().size(), 1);
        QVERIFY(call.result->error().retryAfter == 120s);
    }

    void theOverallDeadlineEndsEverything() {
        FakeClock clock;
        FaultyServer server;
        server.play({faults::silence()});
        HttpClient client(clock);
        auto made = options();
        made.overallDeadline = 15s;
        Endpoint endpoint(clock, client, made);
        Call call(endpoint, request(server)); // each attempt may take 10 s
        QTRY_COMPARE(server.requests().size(), 1);
        clock.advance(11s); // the first attempt's deadline and the wait
        QTRY_COMPARE(server.requests().size(), 2);
        clock.advance(3999ms);
        QVERIFY(!call.result);
        clock.advance(1ms);
        QVERIFY(call.result);
        QCOMPARE(toString(call.result->error().kind), toString(FailureKind::Timeout));
    }

    void theBreakerOpensAndHeals() {
        FakeClock clock;
        FaultyServer server;
        server.play({faults::answer(500)});
        HttpClient client(clock);
        auto made = options();
        made.maxAttempts = 1;
        made.breakerFailures = 3;
        made.openFor = 60s;
        Endpoint endpoint(clock, client, made);
        for (int i = 0; i < 3; ++i) {
            Call call(endpoint, request(server));
            QTRY_VERIFY(call.result);
        }
        const WallTime openedAt = clock.wallNow();
        const Breaker open = endpoint.breaker();
        QCOMPARE(toString(open.computed), toString(BreakerMode::Open));
        QCOMPARE(open.name, QStringLiteral("peer"));
        QCOMPARE(open.failureThreshold, 3);
        QVERIFY(open.openedAt == openedAt);
        QVERIFY(open.nextAttemptAt == openedAt + 60s);
        QCOMPARE(open.transitions.size(), std::size_t{1});
        QVERIFY(open.transitions[0].cause.contains(QStringLiteral("3 consecutive failures")));

        Call refused(endpoint, request(server));
        QVERIFY(refused.result);
        const Failure& refusal = refused.result->error();
        QCOMPARE(toString(refusal.kind), toString(FailureKind::BreakerOpen));
        QVERIFY(refusal.retryAfter == 60s);
        QVERIFY2(refusal.message.contains(QStringLiteral("\"peer\" is open for another 1 min")),
                 qPrintable(refusal.message));
        QCOMPARE(server.requests().size(), 3);
        QCOMPARE(endpoint.breaker().notPermitted, 1);
        QCOMPARE(endpoint.breaker().failures, 3); // a refusal is no failure

        clock.jumpWall(1h); // stamps are what they were
        QVERIFY(endpoint.breaker().openedAt == openedAt);
        clock.advance(60s);
        QCOMPARE(toString(endpoint.breaker().computed), toString(BreakerMode::HalfOpen));
        server.play({faults::answer(200)});
        Call trial(endpoint, request(server));
        QTRY_VERIFY(trial.result);
        QCOMPARE(toString(endpoint.breaker().computed), toString(BreakerMode::Closed));
    }

    void aRefusalIsWaitedOutWhenItFits() {
        FakeClock clock;
        FaultyServer server;
        server.play({faults::answer(500), faults::answer(200)});
        HttpClient client(clock);
        auto made = options();
        made.breakerFailures = 1;
        made.openFor = 5s;
        Endpoint endpoint(clock, client, made);
        Call call(endpoint, request(server));
        QTRY_COMPARE(server.requests().size(), 1);
        QTRY_COMPARE(endpoint.breaker().failures, 1);
        clock.advance(1s); // the retry is refused: open for another 4 s
        QCOMPARE(endpoint.breaker().notPermitted, 1);
        clock.advance(4s);
        QTRY_VERIFY(call.result);
        QVERIFY(*call.result);
        QCOMPARE((*call.result)->attempts, 2);
    }

    void aCancelledCallFreesItsTrial() {
        FakeClock clock;
        FaultyServer server;
        server.play({faults::answer(500), faults::silence()});
        HttpClient client(clock);
        auto made = options();
        made.maxAttempts = 1;
        made.breakerFailures = 1;
        Endpoint endpoint(clock, client, made);
        {
            Call failing(endpoint, request(server));
            QTRY_VERIFY(failing.result);
        }
        clock.advance(30s);
        {
            Call trial(endpoint, request(server));
            QTRY_COMPARE(server.requests().size(), 2);
            Call other(endpoint, request(server));
            QVERIFY(other.result); // refused: the trial is under way
            trial.scope.requestStop();
            QVERIFY(trial.result);
            QCOMPARE(toString(trial.result->error().kind), toString(FailureKind::Cancelled));
        }
        server.play({faults::answer(200)});
        Call next(endpoint, request(server));
        QTRY_VERIFY(next.result);
        QVERIFY(*next.result);
    }

    void aStopEndsTheWait() {
        FakeClock clock;
        FaultyServer server;
        server.play({faults::answer(500)});
        HttpClient client(clock);
        Endpoint endpoint(clock, client, options());
        Call call(endpoint, request(server));
        QTRY_COMPARE(endpoint.latency().count(), 1U);
        call.scope.requestStop();
        QVERIFY(call.result);
        QCOMPARE(toString(call.result->error().kind), toString(FailureKind::Cancelled));
    }

    void switchedOffItStillCallsAndSaysSo_data() {
        QTest::addColumn<bool>("resilience");
        QTest::addColumn<bool>("breaker");
        QTest::addColumn<int>("perCall");
        QTest::newRow("breaker off") << true << false << 3;
        QTest::newRow("all off") << false << true << 1;
    }
    void switchedOffItStillCallsAndSaysSo() {
        QFETCH(bool, resilience);
        QFETCH(bool, breaker);
        QFETCH(int, perCall);
        FaultyServer server;
        server.play({faults::answer(500)});
        HttpClient client(m_clock);
        auto made = quick();
        made.breakerFailures = 1;
        made.resilienceEnabled = resilience;
        made.breakerEnabled = breaker;
        Endpoint endpoint(m_clock, client, made);
        for (int i = 1; i <= 3; ++i) {
            QVERIFY(!run(endpoint, request(server)));
            QCOMPARE(server.requests().size(), i * perCall);
        }
        const Breaker seen = endpoint.breaker();
        QCOMPARE(toString(seen.effective), toString(BreakerMode::Disabled));
        QVERIFY(seen.override_);
        QCOMPARE(seen.override_->reason, QStringLiteral("switched off by configuration"));
    }

    void aMistakeOfOursIsNotHeldAgainstThePeer() {
        HttpClient client(m_clock);
        Endpoint endpoint(m_clock, client, quick());
        QVERIFY(!run(endpoint, get(QUrl(QStringLiteral("nonsense")))));
        QCOMPARE(endpoint.breaker().calls, 0);
    }
};

QTEST_GUILESS_MAIN(TestEndpoint)
#include "tst_endpoint.moc"
