#include "core/http/httpclient.h"
#include "tests/core/http/clientcall.h"
#include "tests/support/fakeclock.h"
#include "tests/support/faultyserver.h"
#include "tests/support/testcertificate.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

QSslConfiguration trusting(const QSslCertificate& authority) {
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setCaCertificates({authority});
    return tls;
}

} // namespace

Q_DECLARE_METATYPE(vigie::FailureKind)

/// What goes wrong on the way to an answer, and what a client must not be led to do.
class TestHttpClientTrouble : public QObject {
    Q_OBJECT

private:
    SystemClock m_clock;

private Q_SLOTS:
    void brokenAnswers_data() {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<int>("kind");
        QTest::addColumn<FailureKind>("expected");
        QTest::addColumn<QString>("says");
        QTest::newRow("truncated") << QByteArray("GET") << 0 << FailureKind::Malformed
                                   << "in the middle of the answer, after 4 bytes";
        QTest::newRow("truncated POST") << QByteArray("POST") << 0 << FailureKind::OutcomeUnknown
                                        << "may have been carried out";
        QTest::newRow("garbage") << QByteArray("GET") << 1 << FailureKind::Network
                                 << "without an HTTP answer";
        QTest::newRow("truncated chunk")
            << QByteArray("GET") << 2 << FailureKind::Malformed << "in the middle of the answer";
        QTest::newRow("not gzip") << QByteArray("GET") << 3 << FailureKind::Malformed
                                  << "can't be unpacked";
    }
    void brokenAnswers() {
        QFETCH(QByteArray, method);
        QFETCH(int, kind);
        QFETCH(FailureKind, expected);
        QFETCH(QString, says);
        FaultyServer server;
        server.play({kind == 0   ? faults::truncated("half", 5000)
                     : kind == 1 ? faults::garbage()
                     : kind == 2 ? faults::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                                               "\r\nff\r\nabc")
                                 : faults::answer(200, QByteArray(100, 'x'),
                                                  {{"Content-Encoding", "gzip"}})});
        HttpClient client(m_clock);
        HttpRequest request = get(server.url());
        request.method = method;
        request.deadline = 5s;
        const auto outcome = finish(client, request);
        QVERIFY(!outcome);
        QVERIFY2(outcome.error().kind == expected, qPrintable(outcome.error().message));
        QVERIFY2(outcome.error().message.contains(says), qPrintable(outcome.error().message));
        QVERIFY(outcome.error().message.contains(QStringLiteral("http://127.0.0.1:")));
        QCOMPARE(server.requests().size(), 1);
    }

    void nobodyThere() {
        FaultyServer server;
        const QUrl url = server.url();
        server.stop();
        HttpClient client(m_clock);
        const auto outcome = finish(client, get(url));
        QCOMPARE(toString(outcome.error().kind), toString(FailureKind::Network));
        QCOMPARE(outcome.error().message,
                 QStringLiteral("GET %1: connection refused: nothing listens there")
                     .arg(url.toString()));
    }

    void resetConnectionsFail() {
        FaultyServer server;
        server.resetConnections(true);
        HttpClient client(m_clock);
        HttpRequest request = get(server.url());
        request.method = "POST";
        const auto outcome = finish(client, request);
        QVERIFY(!outcome);
        QVERIFY(server.requests().isEmpty());
    }

    void redirects_data() {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("location");
        QTest::addColumn<int>("expected"); // status, or 0 for a refusal
        QTest::addColumn<QString>("says");
        QTest::newRow("relative") << QByteArray("GET") << QByteArray("/there") << 200 << "";
        QTest::newRow("head") << QByteArray("HEAD") << QByteArray("/there") << 200 << "";
        QTest::newRow("post stays") << QByteArray("POST") << QByteArray("/there") << 302 << "";
        QTest::newRow("delete stays") << QByteArray("DELETE") << QByteArray("/there") << 302 << "";
        QTest::newRow("loop") << QByteArray("GET") << QByteArray("/here") << 0
                              << "redirects more than 5 times";
        QTest::newRow("file") << QByteArray("GET") << QByteArray("file:///etc/passwd") << 0
                              << "redirects to file:";
        QTest::newRow("nowhere") << QByteArray("GET") << QByteArray() << 0
                                 << "without saying where to";
        QTest::newRow("no host") << QByteArray("GET") << QByteArray("http:///x") << 0
                                 << "without saying where to";
    }
    void redirects() {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, location);
        QFETCH(int, expected);
        QFETCH(QString, says);
        FaultyServer server;
        server.setScript([&](const FaultyRequest& request) {
            return request.target == "/there" ? faults::answer(200) : faults::redirect(location);
        });
        HttpClient client(m_clock);
        HttpRequest request = get(server.url(QStringLiteral("/here")));
        request.method = method;
        const auto outcome = finish(client, request);
        QCOMPARE(outcome ? outcome->status : 0, expected);
        if (!outcome) {
            QCOMPARE(toString(outcome.error().kind), toString(FailureKind::Malformed));
            QVERIFY2(outcome.error().message.contains(says), qPrintable(outcome.error().message));
            QVERIFY(server.requests().size() <= 6);
        }
        if (expected == 302)
            QCOMPARE(server.requests().size(), 1);
    }

    void credentialsStayWithTheirHost() {
        FaultyServer first, second;
        first.play({faults::redirect(second.url(QStringLiteral("/x")).toEncoded())});
        HttpClient client(m_clock);
        HttpRequest request = get(first.url());
        request.headers = {{"Authorization", "Bearer secret"},
                           {"Cookie", "a=b"},
                           {"X-Api-Key", "secret"},
                           {"Accept", "text/plain"}};
        QVERIFY(finish(client, request));
        QCOMPARE(first.requests().first().header("Authorization"), QByteArray("Bearer secret"));
        const FaultyRequest& elsewhere = second.requests().first();
        QCOMPARE(elsewhere.header("Accept"), QByteArray("text/plain"));
        for (const QByteArray name : {"Authorization", "Cookie", "X-Api-Key"})
            QVERIFY2(elsewhere.header(name).isEmpty(), name.constData());
    }

    void aRedirectChainHasOneDeadline() {
        FakeClock clock;
        FaultyServer server;
        server.setScript([&](const FaultyRequest& request) {
            clock.advance(3s);
            return faults::redirect(request.target + "x");
        });
        HttpClient client(clock);
        HttpRequest request = get(server.url());
        request.maxRedirects = 100;
        const auto outcome = finish(client, request);
        QCOMPARE(toString(outcome.error().kind), toString(FailureKind::Timeout));
        QCOMPARE(server.requests().size(), 4);
    }

    void aStopAborts() {
        FaultyServer server;
        server.play({faults::silence()});
        HttpClient client(m_clock);
        std::optional<Outcome<HttpReply>> result;
        TaskScope scope;
        scope.spawn([](HttpClient& c, HttpRequest r, std::stop_token stop,
                       std::optional<Outcome<HttpReply>>& out) -> Task<> {
            Outcome<HttpReply> answer = co_await c.send(std::move(r), std::move(stop));
            out.emplace(std::move(answer));
        }(client, get(server.url()), scope.token(), result));
        QTRY_COMPARE(server.requests().size(), 1);
        scope.requestStop();
        QVERIFY(result);
        QCOMPARE(toString(result->error().kind), toString(FailureKind::Cancelled));
        QTRY_COMPARE(server.openConnections(), 0);
    }

    void tlsErrorsAreClear_data() {
        QTest::addColumn<QByteArray>("altName");
        QTest::addColumn<int>("days");
        QTest::addColumn<int>("issuer");   // 0 self-signed, 1 unknown authority, 2 known authority
        QTest::addColumn<QString>("says"); // empty: it works
        QTest::newRow("self-signed") << QByteArray("IP:127.0.0.1") << 2 << 0
                                     << "self-signed and not trusted here; give that certificate "
                                        "with --ca FILE";
        QTest::newRow("unknown authority")
            << QByteArray("IP:127.0.0.1") << 2 << 1
            << "from an authority that is not trusted here; give the authority's certificate with "
               "--ca FILE";
        QTest::newRow("own authority") << QByteArray("IP:127.0.0.1") << 2 << 2 << "";
        QTest::newRow("other host")
            << QByteArray("DNS:elsewhere.example") << 2 << 2 << "is not for 127.0.0.1";
        QTest::newRow("expired") << QByteArray("IP:127.0.0.1") << -1 << 2 << "expired on 20";
    }
    void tlsErrorsAreClear() {
        QFETCH(QByteArray, altName);
        QFETCH(int, days);
        QFETCH(int, issuer);
        QFETCH(QString, says);
        TestCertificateOptions rootOptions;
        rootOptions.commonName = "Test authority";
        rootOptions.authority = true;
        const TestCertificate root = makeTestCertificate(rootOptions);
        TestCertificateOptions options;
        options.commonName = "elsewhere.example";
        options.subjectAltName = altName;
        options.days = days;
        options.issuer = issuer == 0 ? nullptr : &root;
        const TestCertificate mine = makeTestCertificate(options);
        FaultyServer server;
        server.setTls(mine.certificate, mine.key);
        HttpClient client(m_clock);
        if (issuer == 2)
            client.setTls(trusting(root.certificate));
        const auto outcome = finish(client, get(server.url()));
        if (says.isEmpty()) {
            QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().message));
            return;
        }
        QVERIFY(!outcome);
        QCOMPARE(toString(outcome.error().kind), toString(FailureKind::Tls));
        QVERIFY2(outcome.error().message.contains(says), qPrintable(outcome.error().message));
        QVERIFY(server.requests().isEmpty());
    }

    void aSelfSignedCertificateCanBeTrusted() {
        const TestCertificate mine = makeTestCertificate();
        FaultyServer server;
        server.setTls(mine.certificate, mine.key);
        HttpClient client(m_clock);
        QSslConfiguration tls = trusting(mine.certificate);
        tls.setPeerVerifyMode(QSslSocket::VerifyNone); // can't be turned off
        client.setTls(tls);
        const auto outcome = finish(client, get(server.url()));
        QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().message));
        HttpClient strict(m_clock);
        tls.setCaCertificates({});
        strict.setTls(tls);
        QVERIFY(!finish(strict, get(server.url())));
    }

    void plainHttpWhereTlsIsExpected() {
        FaultyServer server;
        QUrl url = server.url();
        url.setScheme(QStringLiteral("https"));
        HttpClient client(m_clock);
        server.play({faults::raw("HTTP/1.1 400 Bad Request\r\n\r\n")});
        const auto outcome = finish(client, get(url));
        QVERIFY(!outcome);
        QCOMPARE(toString(outcome.error().kind), toString(FailureKind::Tls));
        QVERIFY2(outcome.error().message.contains(QStringLiteral("is it an https port?")),
                 qPrintable(outcome.error().message));
    }

    void wrongRequestsAreRefused_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("value");
        const QString good = QStringLiteral("http://127.0.0.1:9/");
        QTest::newRow("file") << "file:///etc/passwd" << QByteArray("GET") << QByteArray("v");
        QTest::newRow("no host") << "http:///x" << QByteArray("GET") << QByteArray("v");
        QTest::newRow("empty") << "" << QByteArray("GET") << QByteArray("v");
        QTest::newRow("verb") << good << QByteArray("GET /x") << QByteArray("v");
        QTest::newRow("no verb") << good << QByteArray() << QByteArray("v");
        QTest::newRow("header injection") << good << QByteArray("GET") << QByteArray("v\r\nX: y");
    }
    void wrongRequestsAreRefused() {
        QFETCH(QString, url);
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, value);
        HttpClient client(m_clock);
        HttpRequest request = get(QUrl(url));
        request.method = method;
        request.headers = {{"X-Header", value}};
        QCOMPARE(toString(finish(client, request).error().kind), toString(FailureKind::Invalid));
    }

    void secretsStayOutOfMessages() {
        FaultyServer server;
        server.play({faults::closeWithoutAnswer()});
        HttpClient client(m_clock);
        QUrl url = server.url(QStringLiteral("/p?token=hidden"));
        url.setUserName(QStringLiteral("someone"));
        url.setPassword(QStringLiteral("s3cret"));
        HttpRequest request = get(url);
        request.headers = {{"X-Token", "hidden"}};
        const auto outcome = finish(client, request);
        for (const auto& secret : {"hidden", "s3cret", "someone"})
            QVERIFY2(!outcome.error().message.contains(QLatin1String(secret)),
                     qPrintable(outcome.error().message));
        QCOMPARE(server.requests().first().header("Authorization"),
                 "Basic " + QByteArray("someone:s3cret").toBase64());
        QCOMPARE(server.requests().first().target, QByteArray("/p?token=hidden"));
    }
};

QTEST_GUILESS_MAIN(TestHttpClientTrouble)
#include "tst_httpclienttrouble.moc"
