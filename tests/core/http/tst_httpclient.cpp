#include "core/http/connectionbudget.h"
#include "core/http/httpclient.h"
#include "tests/core/http/clientcall.h"
#include "tests/support/fakeclock.h"
#include "tests/support/faultyserver.h"

#include <QFile>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// Resident memory of this process in bytes, at its highest so far.
qint64 peakMemory() {
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray& line : status.readAll().split('\n'))
        if (line.startsWith("VmHWM:"))
            return line.mid(6).simplified().split(' ').first().toLongLong() * 1024;
    return 0;
}

} // namespace

class TestHttpClient : public QObject {
    Q_OBJECT

private:
    SystemClock m_clock;

private Q_SLOTS:
    /// performance.md, "QNetworkAccessManager" 1: the server closes without answering.
    void nothingIsSentTwice_data() {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("warm"); // the connection has served a request before
        QTest::addColumn<bool>("reset");
        for (const QByteArray method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
            for (const bool body : {false, true})
                for (const bool warm : {false, true})
                    for (const bool reset : {false, true}) {
                        if (body && (method == "GET" || method == "HEAD"))
                            continue;
                        QTest::addRow("%s%s%s%s", method.constData(), body ? " body" : "",
                                      warm ? " warm" : "", reset ? " reset" : "")
                            << method << (body ? QByteArray(5000, 'b') : QByteArray()) << warm
                            << reset;
                    }
    }
    void nothingIsSentTwice() {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, body);
        QFETCH(bool, warm);
        QFETCH(bool, reset);
        FaultyServer server;
        HttpClient client(m_clock);
        if (warm)
            QVERIFY(finish(client, get(server.url())));
        server.play({reset ? faults::reset() : faults::closeWithoutAnswer()});
        HttpRequest request = get(server.url(QStringLiteral("/act")));
        request.method = method;
        request.body = body;
        const auto outcome = finish(client, request);
        QVERIFY(!outcome);
        const bool reads = method == "GET" || method == "HEAD";
        QCOMPARE(toString(outcome.error().kind),
                 toString(reads ? FailureKind::Network : FailureKind::OutcomeUnknown));
        QVERIFY2(outcome.error().message.contains(QStringLiteral("without an HTTP answer")),
                 qPrintable(outcome.error().message));
        // Whatever would come after the failure has come by the time this is answered.
        server.play({faults::answer(204)});
        QVERIFY(finish(client, get(server.url(QStringLiteral("/after")))));
        QCOMPARE(server.requests().size(), (warm ? 1 : 0) + 2);
        const FaultyRequest& received = server.requests().at(warm ? 1 : 0);
        QCOMPARE(received.method, method);
        QCOMPARE(received.body, body);
    }

    void aStatusLineAndThenACloseIsNotSentTwiceEither() {
        FaultyServer server;
        server.play({faults::raw("HTTP/1.1 200 OK\r\nContent-Le")});
        HttpClient client(m_clock);
        HttpRequest request = get(server.url());
        request.method = "POST";
        const auto outcome = finish(client, request);
        QVERIFY(!outcome);
        QCOMPARE(toString(outcome.error().kind), toString(FailureKind::OutcomeUnknown));
        server.play({faults::answer(204)});
        QVERIFY(finish(client, get(server.url())));
        QCOMPARE(server.requests().size(), 2);
    }

    /// ... 2: setTransferTimeout lets one byte a second run for ever.
    void oneByteASecondEndsAtTheDeadline_data() {
        QTest::addColumn<int>("before"); // bytes to wait for: in the header, in the body
        QTest::newRow("slow header") << 10;
        QTest::newRow("slow body") << 80;
    }
    void oneByteASecondEndsAtTheDeadline() {
        QFETCH(int, before);
        FakeClock clock; // the client's: ten of its seconds pass when the test says so
        FaultyServer server;
        server.play({faults::drip(faults::answer(200, QByteArray(5000, 'x')), 2ms)});
        HttpClient client(clock);
        std::optional<Outcome<HttpReply>> result;
        TaskScope scope;
        scope.spawn([](HttpClient& c, HttpRequest r, std::stop_token stop,
                       std::optional<Outcome<HttpReply>>& out) -> Task<> {
            Outcome<HttpReply> answer = co_await c.send(std::move(r), std::move(stop));
            out.emplace(std::move(answer));
        }(client, get(server.url()), scope.token(), result));
        QTRY_VERIFY(server.bytesSent() > before);
        clock.advance(9999ms);
        QVERIFY(!result);
        clock.advance(1ms);
        QVERIFY(result);
        QCOMPARE(toString(result->error().kind), toString(FailureKind::Timeout));
        QVERIFY2(result->error().message.contains(QStringLiteral("within 10 s")),
                 qPrintable(result->error().message));
        QTRY_COMPARE(server.openConnections(), 0); // and the connection is gone
    }

    void silenceEndsAtTheDeadline() {
        FaultyServer server;
        server.play({faults::silence()});
        HttpClient client(m_clock);
        HttpRequest request = get(server.url());
        request.deadline = 50ms;
        request.method = "POST";
        const auto outcome = finish(client, request);
        QCOMPARE(toString(outcome.error().kind), toString(FailureKind::Timeout));
        QVERIFY(outcome.error().message.contains(QStringLiteral("may have been carried out")));
        QTRY_COMPARE(server.openConnections(), 0);
    }

    /// ... 4: limits are ours to keep.
    void tooLongAnswersAreCutOff_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("endless, chunked") << 0;
        QTest::newRow("endless, up to the close") << 1;
        QTest::newRow("announced too long") << 2;
        QTest::newRow("gzip bomb") << 3;
        QTest::newRow("one byte over") << 4;
    }
    void tooLongAnswersAreCutOff() {
        QFETCH(int, kind);
        constexpr qint64 limit = 1024 * 1024;
        FaultyServer server;
        const Fault faulty = kind == 0   ? faults::endlessBody(true)
                             : kind == 1 ? faults::endlessBody(false)
                             : kind == 2 ? faults::hugeContentLength(1LL << 40)
                             : kind == 3 ? faults::gzipBomb(1LL << 28)
                                         : faults::answer(200, QByteArray(limit + 1, 'x'));
        server.play({faulty});
        HttpClient client(m_clock);
        HttpRequest request = get(server.url());
        request.maxBodyBytes = limit;
        const qint64 before = peakMemory();
        const auto outcome = finish(client, request);
        QVERIFY(!outcome);
        QCOMPARE(toString(outcome.error().kind), toString(FailureKind::TooLarge));
        QVERIFY(outcome.error().message.contains(QStringLiteral("1048576")));
        if (kind < 3) // the others were in the kernel's buffers whole already
            QTRY_COMPARE(server.openConnections(), 0);
        const qint64 grown = peakMemory() - before;
#ifndef VIGIE_SANITIZED // a sanitizer keeps freed memory for long
        QVERIFY2(grown < 100 * limit, qPrintable(QString::number(grown)));
#else
        Q_UNUSED(grown);
#endif
    }

    void whatFitsIsTaken_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("form");
        const QByteArray exact(1024 * 1024, 'x');
        QTest::newRow("exactly the limit") << exact << 0;
        QTest::newRow("chunked") << exact << 1;
        QTest::newRow("gzip") << QByteArray(1024 * 1024, ' ') << 2;
        QTest::newRow("empty") << QByteArray() << 0;
        QTest::newRow("one byte") << QByteArray("x") << 1;
    }
    void whatFitsIsTaken() {
        QFETCH(QByteArray, body);
        QFETCH(int, form);
        FaultyServer server;
        const QByteArray half = body.left(body.size() / 2);
        server.play({form == 0 ? faults::answer(200, body, {{"X-Some", "thing"}})
                     : form == 1
                         ? faults::chunked(half.isEmpty() ? QList{body}
                                                          : QList{half, body.mid(half.size())})
                         : faults::gzipBomb(body.size())});
        HttpClient client(m_clock);
        HttpRequest request = get(server.url());
        request.maxBodyBytes = 1024 * 1024;
        const auto outcome = finish(client, request);
        QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().message));
        QCOMPARE(outcome->status, 200);
        QCOMPARE(outcome->body, body);
        QVERIFY(outcome->elapsed > 0ns);
        if (form == 0)
            QCOMPARE(outcome->header("x-some"), QByteArray("thing"));
    }

    void everyStatusIsAReply_data() {
        QTest::addColumn<int>("status");
        for (const int status : {200, 201, 204, 304, 400, 401, 403, 404, 405, 407, 409,
                                 410, 418, 422, 429, 500, 501, 502, 503, 504, 599})
            QTest::addRow("%d", status) << status;
    }
    void everyStatusIsAReply() {
        QFETCH(int, status);
        FaultyServer server;
        server.play({faults::json(status, status == 204 || status == 304
                                              ? QByteArray()
                                              : QByteArray(R"({"error":"x"})"))});
        HttpClient client(m_clock);
        for (const QByteArray method : {"GET", "POST"}) {
            HttpRequest request = get(server.url());
            request.method = method;
            const auto outcome = finish(client, request);
            QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().message));
            QCOMPARE(outcome->status, status);
        }
        QCOMPARE(server.requests().size(), 2);
    }

    void challengesAreAnswersToo_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("challenge");
        for (const int status : {401, 407})
            for (const QByteArray challenge :
                 {"Basic realm=\"r\"", "Bearer", "Digest realm=\"r\", nonce=\"n\"", "Negotiate"})
                QTest::addRow("%d %s", status, challenge.constData()) << status << challenge;
    }
    void challengesAreAnswersToo() {
        QFETCH(int, status);
        QFETCH(QByteArray, challenge);
        FaultyServer server;
        server.play({faults::answer(
            status, "who are you?",
            {{status == 401 ? "WWW-Authenticate" : "Proxy-Authenticate", challenge}})});
        HttpClient client(m_clock);
        for (const QByteArray method : {"GET", "POST"}) {
            HttpRequest request = get(server.url());
            request.method = method;
            const auto outcome = finish(client, request);
            QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().message));
            QCOMPARE(outcome->status, status);
            QCOMPARE(outcome->body, QByteArray("who are you?"));
        }
        QCOMPARE(server.requests().size(), 2);
    }

    void largeBodiesAreSentWhole() {
        FaultyServer server;
        HttpClient client(m_clock);
        HttpRequest request = get(server.url());
        request.method = "PUT";
        request.body = QByteArray(5 * 1024 * 1024, 'u');
        request.body[12345] = 'v';
        QVERIFY(finish(client, request));
        QCOMPARE(server.requests().size(), 1);
        QVERIFY(server.requests().first().body == request.body);
    }

    void manyAtOnce() {
        FaultyServer server;
        HttpClient client(m_clock);
        int good = 0;
        TaskScope scope;
        HttpRequest patient = get(server.url());
        patient.deadline = 60s; // all share six connections, on a machine that may be busy
        constexpr int calls = ConnectionBudget::maxRunning + 50;
        for (int i = 0; i < calls; ++i)
            scope.spawn([](HttpClient& c, HttpRequest r, std::stop_token stop, int& out) -> Task<> {
                const Outcome<HttpReply> answer = co_await c.send(std::move(r), std::move(stop));
                out += answer && answer->status == 200 ? 1 : 0;
            }(client, patient, scope.token(), good));
        QTRY_VERIFY_WITH_TIMEOUT(scope.idle(), 60'000);
        QCOMPARE(good, calls);
        QCOMPARE(server.requests().size(), calls);
        QVERIFY(server.connections() <= 6);
    }

    void headHasNoBody() {
        FaultyServer server;
        // A HEAD answer announces the length a GET would have.
        server.play({{"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nETag: \"e\"\r\n\r\n",
                      {},
                      {},
                      Fault::Then::KeepOpen}});
        HttpClient client(m_clock);
        HttpRequest request = get(server.url());
        request.method = "HEAD";
        const auto outcome = finish(client, request);
        QVERIFY(outcome);
        QCOMPARE(outcome->status, 200);
        QCOMPARE(outcome->header("ETag"), QByteArray("\"e\""));
        QVERIFY(outcome->body.isEmpty());
    }

    void connectionsAreReused() {
        FaultyServer server;
        HttpClient client(m_clock);
        for (int i = 0; i < 5; ++i)
            QVERIFY(finish(client, get(server.url())));
        QCOMPARE(server.connections(), 1);
    }

    void noCookiesAreKept() {
        FaultyServer server;
        server.play({faults::answer(200, {}, {{"Set-Cookie", "id=1; Path=/"}})});
        HttpClient client(m_clock);
        QVERIFY(finish(client, get(server.url())));
        QVERIFY(finish(client, get(server.url())));
        QVERIFY(server.requests().last().header("Cookie").isEmpty());
    }

    void aClientMayDieWithCallsUnderWay() {
        FaultyServer server;
        server.play({faults::silence()});
        auto client = std::make_unique<HttpClient>(m_clock);
        std::optional<Outcome<HttpReply>> result;
        TaskScope scope;
        scope.spawn([](HttpClient& c, HttpRequest r, std::stop_token stop,
                       std::optional<Outcome<HttpReply>>& out) -> Task<> {
            Outcome<HttpReply> answer = co_await c.send(std::move(r), std::move(stop));
            out.emplace(std::move(answer));
        }(*client, get(server.url()), scope.token(), result));
        QTRY_COMPARE(server.requests().size(), 1);
        client.reset();
        QVERIFY(result);
        QCOMPARE(toString(result->error().kind), toString(FailureKind::Cancelled));
    }
};

QTEST_GUILESS_MAIN(TestHttpClient)
#include "tst_httpclient.moc"
