#include "core/http/httpserver.h"
#include "tests/support/rawclient.h"

#include <QHostAddress>
#include <QTest>

using namespace vigie;

namespace {

ServerResponse echo(const ServerRequest& request) {
    QByteArray text = request.method + ' ' + request.path.toUtf8();
    for (const auto& [key, value] : request.query.queryItems(QUrl::FullyDecoded))
        text += ' ' + key.toUtf8() + '=' + value.toUtf8();
    return ServerResponse::text(200, text + '|' + request.body);
}

} // namespace

/// Every fault that performance.md lists of other servers, and what HTTP asks beyond it.
class TestHttpServer final : public QObject {
    Q_OBJECT

    static HttpServerOptions options() {
        HttpServerOptions o;
        o.maxBodyBytes = 1000;
        o.maxHeaderBytes = 2000;
        return o;
    }

    /// A request of so many bytes, with many small fields.
    static QByteArray headerOf(qsizetype bytes) {
        QByteArray request = "GET / HTTP/1.1\r\nHost: localhost\r\n";
        while (request.size() < bytes - 60)
            request += "X: " + QByteArray(40, 'x') + "\r\n";
        const qsizetype left = bytes - request.size() - 7; // "X: ", and two line ends
        return request + "X: " + QByteArray(left, 'x') + "\r\n\r\n";
    }

    ServerRequest m_last;
    int m_handled = 0;
    HttpServer m_server{options(), [this](ServerRequest request, HttpServer::Respond respond) {
                            ++m_handled;
                            m_last = request;
                            respond(echo(request));
                        }};
    quint16 m_port = 0;

private Q_SLOTS:
    void initTestCase() {
        const auto port = m_server.listen(QStringLiteral("127.0.0.1"), 0);
        QVERIFY(port);
        m_port = *port;
    }

    void init() { m_handled = 0; }

    void answersWithWhatAServerOwes() {
        RawClient client(m_port);
        client.send("GET /a%20b/%C3%A9?x=1&y=%26 HTTP/1.1\r\nHost: localhost\r\n"
                    "X-Thing: one\r\nx-thing: two\r\n\r\n");
        const auto response = client.response();
        QVERIFY(response);
        QCOMPARE(response->status, 200);
        QCOMPARE(response->body, QByteArray("GET /a b/\xC3\xA9 x=1 y=&|"));
        QCOMPARE(response->header("Content-Type"), QByteArray("text/plain; charset=utf-8"));
        QCOMPARE(response->header("Server"), QByteArray("vigie"));
        QCOMPARE(response->header("Connection"), QByteArray());
        const QDateTime date =
            QLocale::c().toDateTime(QString::fromLatin1(response->header("Date")),
                                    QStringLiteral("ddd, dd MMM yyyy HH:mm:ss 'GMT'"));
        QVERIFY2(date.isValid(), response->header("Date").constData());
        QCOMPARE(m_last.header("X-THING"), QByteArray("one"));
        QCOMPARE(m_last.peerAddress, QStringLiteral("127.0.0.1"));
        QCOMPARE(m_last.localPort, m_port);
    }

    void keepsTheConnection() {
        RawClient client(m_port);
        for (int i = 0; i < 3; ++i) {
            client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nab");
            const auto response = client.response();
            QVERIFY(response);
            QCOMPARE(response->body, QByteArray("POST /|ab"));
        }
        QVERIFY(client.isConnected());
    }

    void answersPipelinedRequestsInOrder() {
        RawClient client(m_port);
        QByteArray all;
        for (int i = 0; i < 20; ++i)
            all += "POST /" + QByteArray::number(i) +
                   " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx";
        client.send(all);
        for (int i = 0; i < 20; ++i) {
            const auto response = client.response();
            QVERIFY(response);
            QCOMPARE(response->body, "POST /" + QByteArray::number(i) + "|x");
        }
    }

    void takesARequestByteByByte() {
        RawClient client(m_port);
        for (const char byte :
             QByteArray("PUT /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc")) {
            client.send(QByteArray(1, byte));
            client.socket().waitForBytesWritten();
        }
        const auto response = client.response();
        QVERIFY(response);
        QCOMPARE(response->body, QByteArray("PUT /x|abc"));
    }

    void takesChunkedBodies() {
        RawClient client(m_port);
        client.send("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nX-Trailer: evil\r\n\r\n"
                    "GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n");
        const auto first = client.response();
        QVERIFY(first);
        QCOMPARE(first->body, QByteArray("POST /|abcde"));
        const auto second = client.response();
        QVERIFY(second);
        QCOMPARE(second->body, QByteArray("GET /next|"));
    }

    void ignoresTrailers() {
        RawClient client(m_port);
        client.send("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "1\r\na\r\n0\r\nAuthorization: Bearer stolen\r\n\r\n");
        QVERIFY(client.response());
        QCOMPARE(m_last.header("Authorization"), QByteArray());
    }

    void closesWhenAskedTo_data() {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("connection");
        const QByteArray host = "Host: localhost\r\n";
        QTest::newRow("close") << "GET / HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n"
                               << QByteArray("close");
        QTest::newRow("close among others")
            << "GET / HTTP/1.1\r\n" + host + "Connection: TE, Close\r\n\r\n"
            << QByteArray("close");
        QTest::newRow("HTTP/1.0") << QByteArray("GET / HTTP/1.0\r\n\r\n") << QByteArray("close");
    }

    void closesWhenAskedTo() {
        QFETCH(QByteArray, request);
        RawClient client(m_port);
        client.send(request);
        const auto response = client.response();
        QVERIFY(response);
        QCOMPARE(response->status, 200);
        QTEST(response->header("Connection"), "connection");
        QVERIFY(client.waitClosed());
        QVERIFY(client.unread().isEmpty());
    }

    void keepsAnOldClientThatAsks() {
        RawClient client(m_port);
        for (int i = 0; i < 2; ++i) {
            client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            const auto response = client.response();
            QVERIFY(response);
            QCOMPARE(response->header("Connection"), QByteArray("keep-alive"));
        }
    }

    void answersHeadWithoutABody() {
        RawClient client(m_port);
        client.send("HEAD /x HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    "GET /y HTTP/1.1\r\nHost: localhost\r\n\r\n");
        const auto head = client.response(true);
        QVERIFY(head);
        QCOMPARE(head->status, 200);
        QCOMPARE(head->header("Content-Length"), QByteArray("8"));
        const auto next = client.response(); // framing is intact
        QVERIFY(next);
        QCOMPARE(next->status, 200);
        QCOMPARE(next->body, QByteArray("GET /y|"));
    }

    void waitsForContinue() {
        RawClient client(m_port);
        client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
                    "Expect: 100-continue\r\n\r\n");
        const auto interim = client.response();
        QVERIFY(interim);
        QCOMPARE(interim->status, 100);
        client.send("ok");
        const auto response = client.response();
        QVERIFY(response);
        QCOMPARE(response->status, 200);
        QCOMPARE(response->body, QByteArray("POST /|ok"));
    }

    void letsAnEagerClientSkipContinue() {
        RawClient client(m_port);
        client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
                    "Expect: 100-continue\r\n\r\nok");
        auto response = client.response();
        if (response && response->status == 100) // also allowed
            response = client.response();
        QVERIFY(response);
        QCOMPARE(response->body, QByteArray("POST /|ok"));
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        const auto row = [](const char* title, const QByteArray& request, int status) {
            QTest::newRow(title) << request << status;
        };
        const QByteArray host = "Host: localhost\r\n";
        const QByteArray get = "GET / HTTP/1.1\r\n";
        const QByteArray post = "POST / HTTP/1.1\r\n" + host;
        row("one word", "HELLO\r\n\r\n", 400);
        row("two words", "GET /\r\n\r\n", 400);
        row("garbage", QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 \r\n\r\n", 16),
            400);
        row("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400);
        row("version", "GET / HTTP/9.9\r\n" + host + "\r\n", 400);
        row("bare newlines", "GET / HTTP/1.1\nHost: localhost\n\n", 400);
        row("space before colon", get + "Host : localhost\r\n\r\n", 400);
        row("header without colon", get + host + "nonsense\r\n\r\n", 400);
        row("control character in header", get + host + QByteArray("X: a\0b\r\n\r\n", 10), 400);
        row("no Host", get + "\r\n", 400);
        row("two Hosts", get + host + host + "\r\n", 400);
        row("malformed Host", get + "Host: a b\r\n\r\n", 400);
        row("empty Host", get + "Host:\r\n\r\n", 400);
        row("Host with user", get + "Host: me@localhost\r\n\r\n", 400);
        row("foreign Host", get + "Host: evil.example\r\n\r\n", 421);
        row("foreign Host in target", "GET http://evil.example/ HTTP/1.1\r\n" + host + "\r\n", 421);
        row("look-alike Host", get + "Host: localhost.evil.example\r\n\r\n", 421);
        row("look-alike address", get + "Host: 127.0.0.1.evil.example\r\n\r\n", 421);
        row("bad escape", "GET /%zz HTTP/1.1\r\n" + host + "\r\n", 400);
        row("cut escape", "GET /%a HTTP/1.1\r\n" + host + "\r\n", 400);
        row("NUL in path", "GET /%00 HTTP/1.1\r\n" + host + "\r\n", 400);
        row("bad UTF-8 in path", "GET /%ff HTTP/1.1\r\n" + host + "\r\n", 400);
        row("fragment", "GET /#x HTTP/1.1\r\n" + host + "\r\n", 400);
        row("authority form", "CONNECT localhost:80 HTTP/1.1\r\n" + host + "\r\n", 400);
        row("asterisk form", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", 400);
        row("differing lengths", post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400);
        row("differing lengths in one", post + "Content-Length: 1, 2\r\n\r\nab", 400);
        row("negative length", post + "Content-Length: -1\r\n\r\n", 400);
        row("length with a sign", post + "Content-Length: +1\r\n\r\na", 400);
        row("hexadecimal length", post + "Content-Length: 0x1\r\n\r\na", 400);
        row("overflowing length", post + "Content-Length: 99999999999999999999\r\n\r\n", 400);
        row("length and chunked",
            post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
        row("chunked and length",
            post + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n", 400);
        row("length and another encoding",
            post + "Content-Length: 1\r\nTransfer-Encoding: gzip\r\n\r\na", 400);
        row("chunked twice",
            post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400);
        row("other encoding", post + "Transfer-Encoding: gzip\r\n\r\n", 501);
        row("encoding below chunked", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            501);
        row("chunked not last", post + "Transfer-Encoding: chunked, gzip\r\n\r\n", 501);
        row("encoding in HTTP/1.0",
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
        row("bad chunk", post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400);
        row("chunk too long for its size", post + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
            400);
        row("unknown expectation", post + "Expect: tea\r\nContent-Length: 1\r\n\r\n", 417);
        row("body too large", post + "Content-Length: 1001\r\n\r\n", 413);
        row("body too large to expect",
            post + "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n", 413);
        row("chunk too large", post + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n", 413);
        row("enormous chunk", post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", 413);
        QByteArray chunks = post + "Transfer-Encoding: chunked\r\n\r\n";
        for (int i = 0; i < 11; ++i)
            chunks += "64\r\n" + QByteArray(100, 'x') + "\r\n";
        row("many chunks too large", chunks, 413);
        row("header too large", get + host + "X: " + QByteArray(3000, 'x') + "\r\n\r\n", 431);
        row("endless header", get + host + "X: " + QByteArray(100000, 'x'), 431);
        row("target too long", "GET /" + QByteArray(3000, 'x') + " HTTP/1.1\r\n" + host + "\r\n",
            431);
        QByteArray many = get + host;
        for (int i = 0; i < 500; ++i)
            many += "X: y\r\n";
        row("too many headers", many + "\r\n", 431);
        row("a byte too many in many headers", headerOf(2001), 431);
        QByteArray blanks = get + host;
        for (int i = 0; i < 3; ++i)
            blanks += "X: " + QByteArray(700, ' ') + "y\r\n";
        row("blanks", blanks + "\r\n", 431);
    }

    void takesAHeaderWithinTheLimit() {
        RawClient client(m_port);
        client.send(headerOf(2000));
        auto response = client.response();
        QVERIFY(response);
        QCOMPARE(response->status, 200);
        // A body that comes along with its header does not count for that one.
        client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\nX: " +
                    QByteArray(1800, 'x') + "\r\n\r\n" + QByteArray(900, 'b'));
        response = client.response();
        QVERIFY(response);
        QCOMPARE(response->status, 200);
    }

    void refuses() {
        QFETCH(QByteArray, request);
        RawClient client(m_port);
        client.send(request);
        const auto response = client.response();
        QVERIFY(response);
        QTEST(response->status, "status");
        QCOMPARE(response->header("Connection"), QByteArray("close"));
        QCOMPARE(response->header("Content-Type"), QByteArray("application/json"));
        QVERIFY(response->body.startsWith("{\"error\":\""));
        QVERIFY(!response->header("Date").isEmpty());
        client.socket().disconnectFromHost();
        QVERIFY(client.waitClosed());
        QCOMPARE(client.unread(), QByteArray()); // one answer, whatever followed the mistake
        QCOMPARE(m_handled, 0);
    }

    void acceptsItsOwnNames_data() {
        QTest::addColumn<QByteArray>("host");
        for (const char* host : {"localhost", "LOCALHOST:80", "localhost.", "127.0.0.1:1",
                                 "127.1.2.3", "[::1]", "[::1]:8003"})
            QTest::newRow(host) << QByteArray(host);
    }

    void acceptsItsOwnNames() {
        QFETCH(QByteArray, host);
        RawClient client(m_port);
        client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        const auto response = client.response();
        QVERIFY(response);
        QCOMPARE(response->status, 200);
    }

    void takesTheAbsoluteForm() {
        RawClient client(m_port);
        client.send("GET HTTP://localhost:99?q=1 HTTP/1.1\r\nHost: other.example\r\n\r\n");
        const auto response = client.response();
        QVERIFY(response);
        QCOMPARE(response->body, QByteArray("GET / q=1|"));
    }

    void handsOnNoCutRequest() {
        {
            RawClient client(m_port);
            client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
        }
        QVERIFY(QTest::qWaitFor([this] { return m_server.connections() == 0; }));
        QCOMPARE(m_handled, 0);
    }

    void survivesRubbishOfAllLengths() {
        quint32 state = 1;
        for (int length = 1; length < 3000; length += 97) {
            RawClient client(m_port);
            QByteArray rubbish(length, '\0');
            for (char& byte : rubbish)
                byte = char((state = state * 1664525 + 1013904223) >> 24);
            client.send(rubbish + "\r\n\r\n");
            const auto response = client.response();
            QVERIFY(response);
            QVERIFY(response->status >= 400);
        }
        RawClient client(m_port);
        client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QVERIFY(client.response());
    }
};

QTEST_GUILESS_MAIN(TestHttpServer)
#include "tst_httpserver.moc"
