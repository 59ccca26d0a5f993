#include "core/http/httpserver.h"
#include "tests/support/rawclient.h"

#include <QFile>
#include <QHostAddress>
#include <QTcpServer>
#include <QTest>

#include <deque>
#include <memory>
#include <sys/socket.h>
#include <vector>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const QByteArray get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// A server whose requests wait until the test answers them.
class HeldServer {
public:
    explicit HeldServer(HttpServerOptions options = {})
        : m_server(std::make_unique<HttpServer>(
              std::move(options), [this](ServerRequest request, HttpServer::Respond respond) {
                  requests.push_back(std::move(request));
                  held.push_back(std::move(respond));
              })) {
        const auto port = m_server->listen(QStringLiteral("127.0.0.1"), 0);
        if (!port)
            qFatal("%s", qUtf8Printable(port.error().message));
        m_port = *port;
    }

    quint16 port() const { return m_port; }
    HttpServer& server() { return *m_server; }
    void destroy() { m_server.reset(); }
    bool waitFor(size_t count) {
        return QTest::qWaitFor([this, count] { return held.size() >= count; });
    }
    bool waitForConnections(int count) {
        return QTest::qWaitFor([this, count] { return m_server->connections() == count; }, 20000);
    }
    void answerFirst(ServerResponse response) {
        const auto respond = std::move(held.front());
        held.pop_front();
        respond(std::move(response));
    }

    std::vector<ServerRequest> requests;
    std::deque<HttpServer::Respond> held;

private:
    std::unique_ptr<HttpServer> m_server;
    quint16 m_port = 0;
};

HttpServerOptions shortTimes() {
    HttpServerOptions options;
    options.headerTimeout = 200ms;
    options.bodyTimeout = 200ms;
    options.idleTimeout = 200ms;
    options.writeTimeout = 400ms;
    return options;
}

ServerResponse ok() {
    return ServerResponse::text(200, "ok");
}

/// Resident memory of this process, in bytes.
qint64 residentBytes() {
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * 4096;
}

} // namespace

/// Time limits, counts, slow clients and lifetimes.
class TestHttpServerLimits final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void givesUpOnASlowHeader() {
        HeldServer held(shortTimes());
        RawClient client(held.port());
        client.send("GET / HTTP/1.1\r\nHost: loc");
        const auto response = client.response();
        QVERIFY(response);
        QCOMPARE(response->status, 408);
        QCOMPARE(response->header("Connection"), QByteArray("close"));
        QVERIFY(client.waitClosed());
    }

    void givesUpOnOneByteASecond() {
        HeldServer held(shortTimes());
        RawClient client(held.port());
        QByteArray rest = "GET / HTTP/1.1\r\nX: " + QByteArray(10000, 'x');
        const bool closed = QTest::qWaitFor([&] {
            client.send(rest.left(1)); // on each turn of this loop, about every 10 ms
            rest.remove(0, 1);
            return client.unread().startsWith("HTTP/1.1 408 ");
        });
        QVERIFY(closed);
    }

    void givesUpOnASlowBody() {
        HeldServer held(shortTimes());
        RawClient client(held.port());
        client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
        const auto response = client.response();
        QVERIFY(response);
        QCOMPARE(response->status, 408);
        QVERIFY(client.waitClosed());
        QVERIFY(held.requests.empty());
    }

    void closesIdleConnectionsSilently() {
        HeldServer held(shortTimes());
        RawClient silent(held.port());
        QVERIFY(silent.waitClosed());
        QVERIFY(silent.unread().isEmpty());

        RawClient kept(held.port());
        kept.send(get);
        QVERIFY(held.waitFor(1));
        held.answerFirst(ok());
        QVERIFY(kept.response());
        QVERIFY(kept.waitClosed());
        QVERIFY(kept.unread().isEmpty());
        QVERIFY(held.waitForConnections(0));
    }

    void neverTimesOutAHandler() {
        HeldServer held(shortTimes());
        RawClient client(held.port());
        client.send(get);
        QVERIFY(held.waitFor(1));
        // Longer than every limit: another connection's time-out tells that it has passed.
        for (int i = 0; i < 4; ++i) {
            RawClient timekeeper(held.port());
            QVERIFY(timekeeper.waitClosed());
        }
        held.answerFirst(ok());
        const auto response = client.response();
        QVERIFY(response);
        QCOMPARE(response->status, 200);
    }

    void refusesConnectionsOverTheLimit() {
        HttpServerOptions options;
        options.maxConnections = 2;
        HeldServer held(options);
        RawClient first(held.port());
        RawClient second(held.port());
        QVERIFY(held.waitForConnections(2));
        RawClient third(held.port());
        third.send(get);
        const auto refusal = third.response();
        QVERIFY(refusal);
        QCOMPARE(refusal->status, 503);
        QCOMPARE(refusal->header("Connection"), QByteArray("close"));
        QCOMPARE(refusal->header("Retry-After"), QByteArray("1"));
        QVERIFY(third.waitClosed());

        first.socket().abort();
        QVERIFY(held.waitForConnections(1));
        RawClient fourth(held.port());
        fourth.send(get);
        QVERIFY(held.waitFor(1));
        held.answerFirst(ok());
        QVERIFY(fourth.response());
    }

    void survivesAFloodOverTheLimit() {
        HttpServerOptions options;
        options.maxConnections = 1;
        HeldServer held(options);
        RawClient first(held.port());
        QVERIFY(held.waitForConnections(1));
        std::vector<std::unique_ptr<RawClient>> flood;
        for (int i = 0; i < 200; ++i)
            flood.push_back(std::make_unique<RawClient>(held.port()));
        for (const auto& client : flood)
            QVERIFY(client->waitClosed());
        first.send(get);
        QVERIFY(held.waitFor(1));
        held.answerFirst(ok());
        QVERIFY(first.response());
    }

    void boundsTheBodiesItHolds() {
        HttpServerOptions options;
        options.maxBodyBytes = 1000;
        options.maxPendingBodyBytes = 1500;
        HeldServer held(options);
        const QByteArray post =
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n";
        RawClient first(held.port());
        first.send(post + QByteArray(1000, 'a'));
        QVERIFY(held.waitFor(1));
        RawClient second(held.port());
        second.send(post);
        const auto refusal = second.response();
        QVERIFY(refusal);
        QCOMPARE(refusal->status, 503);
        held.answerFirst(ok());
        QVERIFY(first.response());
        RawClient third(held.port());
        third.send(post + QByteArray(1000, 'c'));
        QVERIFY(held.waitFor(1));
    }

    void losesNoAnswerToAClientThatStillSends() {
        HttpServerOptions options;
        options.maxBodyBytes = 1000;
        HeldServer held(options);
        RawClient client(held.port());
        client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8000000\r\n\r\n");
        client.send(QByteArray(8000000, 'x'));
        const auto response = client.response();
        QVERIFY(response);
        QCOMPARE(response->status, 413);
    }

    void sharesOneBodyAmongSlowReaders() {
        HeldServer held;
        constexpr int readers = 50;
        const auto body = std::make_shared<const QByteArray>(QByteArray(7 * 1024 * 1024, 'f'));
        std::vector<std::unique_ptr<QTcpSocket>> clients;
        const qint64 before = residentBytes();
        for (int i = 0; i < readers; ++i) {
            auto client = std::make_unique<QTcpSocket>();
            client->setReadBufferSize(1024);
            client->connectToHost(QHostAddress(QHostAddress::LocalHost), held.port());
            QVERIFY(client->waitForConnected());
            client->write(get);
            client->flush();
            clients.push_back(std::move(client));
        }
        QVERIFY(held.waitFor(readers));
        for (int i = 0; i < readers; ++i) {
            ServerResponse response = ok();
            response.body = body;
            held.answerFirst(std::move(response));
        }
        // All are being written to once each has received something.
        QVERIFY(QTest::qWaitFor([&clients] {
            return std::all_of(clients.begin(), clients.end(),
                               [](const auto& client) { return client->bytesAvailable() > 0; });
        }));
        QCOMPARE(held.server().connections(), readers);
        const qint64 cost = residentBytes() - before;
        qInfo("%d clients that don't read cost %lld KiB", readers,
              static_cast<long long>(cost / 1024));
#ifndef VIGIE_SANITIZED
        QVERIFY2(cost < 20 * 1024 * 1024, QByteArray::number(cost).constData());
#endif
        // Another client is served meanwhile.
        RawClient other(held.port());
        other.send(get);
        QVERIFY(held.waitFor(1));
        held.answerFirst(ok());
        QVERIFY(other.response());
    }

    void dropsAReaderWithoutProgress() {
        HeldServer held(shortTimes());
        QTcpSocket client;
        client.setReadBufferSize(1024);
        client.connectToHost(QHostAddress(QHostAddress::LocalHost), held.port());
        QVERIFY(client.waitForConnected());
        client.write(get);
        QVERIFY(held.waitFor(1));
        held.answerFirst(ServerResponse::text(200, QByteArray(30 * 1024 * 1024, 'x')));
        QVERIFY(held.waitForConnections(0));
    }

    void servesASlowButSteadyReader() {
        HeldServer held(shortTimes());
        QTcpSocket client;
        client.setReadBufferSize(512 * 1024);
        client.connectToHost(QHostAddress(QHostAddress::LocalHost), held.port());
        QVERIFY(client.waitForConnected());
        client.write(get);
        QVERIFY(held.waitFor(1));
        constexpr qint64 size = 40 * 1024 * 1024;
        held.answerFirst(ServerResponse::text(200, QByteArray(size, 'x')));
        qint64 received = 0;
        QVERIFY(QTest::qWaitFor(
            [&] {
                received += client.read(512 * 1024).size(); // then pauses about 10 ms
                return received >= size;
            },
            60000));
    }

    void noticesAClientThatLeaves() {
        HeldServer held;
        auto client = std::make_unique<RawClient>(held.port());
        client->send(get);
        QVERIFY(held.waitFor(1));
        // A reset, not a polite end.
        const linger reset{1, 0};
        setsockopt(int(client->socket().socketDescriptor()), SOL_SOCKET, SO_LINGER, &reset,
                   sizeof reset);
        client.reset();
        QVERIFY(held.waitForConnections(0));
        held.answerFirst(ok()); // goes nowhere
        RawClient next(held.port());
        next.send(get);
        QVERIFY(held.waitFor(1));
        held.answerFirst(ok());
        QVERIFY(next.response());
    }

    void letsGoOfAClientThatClosed() {
        HeldServer held(shortTimes());
        {
            RawClient client(held.port());
            client.send(get);
            QVERIFY(held.waitFor(1));
        }
        QVERIFY(held.waitForConnections(0)); // with the handler still holding the request
    }

    void answersAfterTheClientStoppedSending() {
        HeldServer held;
        RawClient client(held.port());
        client.send(get);
        QVERIFY(held.waitFor(1));
        ::shutdown(int(client.socket().socketDescriptor()), SHUT_WR);
        RawClient other(held.port()); // gives the server time to see it
        other.send(get);
        QVERIFY(held.waitFor(2));
        held.answerFirst(ok());
        const auto response = client.response();
        QVERIFY(response);
        QCOMPARE(response->status, 200);
    }

    void refusesARequestThatIsCut() {
        HeldServer held;
        RawClient client(held.port());
        client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
        client.socket().waitForBytesWritten();
        ::shutdown(int(client.socket().socketDescriptor()), SHUT_WR);
        const auto response = client.response();
        QVERIFY(response);
        QCOMPARE(response->status, 400);
        QVERIFY(held.requests.empty());
    }

    void readsAheadWhileAHandlerThinks() {
        HeldServer held;
        RawClient client(held.port());
        client.send(get);
        QVERIFY(held.waitFor(1));
        client.send(get + get);
        RawClient other(held.port());
        other.send(get);
        QVERIFY(held.waitFor(2));
        QCOMPARE(held.requests.size(), size_t(2)); // one at a time on each connection
        for (int i = 0; i < 3; ++i) {
            QVERIFY(held.waitFor(1));
            held.answerFirst(ok());
        }
        QVERIFY(held.waitFor(1));
        held.answerFirst(ok());
        for (int i = 0; i < 3; ++i)
            QVERIFY(client.response());
        QVERIFY(other.response());
    }

    void takesOnlyTheFirstAnswer() {
        HeldServer held;
        RawClient client(held.port());
        client.send(get);
        QVERIFY(held.waitFor(1));
        const auto respond = held.held.front();
        held.held.clear();
        respond(ServerResponse::text(200, "first"));
        respond(ServerResponse::text(500, "second"));
        client.send(get);
        QVERIFY(held.waitFor(1));
        respond(ServerResponse::text(500, "third"));
        held.answerFirst(ServerResponse::text(200, "next"));
        auto response = client.response();
        QVERIFY(response);
        QCOMPARE(response->body, QByteArray("first"));
        response = client.response();
        QVERIFY(response);
        QCOMPARE(response->body, QByteArray("next"));
        QVERIFY(client.unread().isEmpty());
    }

    void answersForAHandlerThatDropsARequest() {
        HeldServer held;
        RawClient client(held.port());
        client.send(get);
        QVERIFY(held.waitFor(1));
        held.held.clear();
        const auto response = client.response();
        QVERIFY(response);
        QCOMPARE(response->status, 500);
        QVERIFY(response->body.contains("\"error\":\"internal\""));
    }

    void cannotBeMadeToSplitResponses() {
        HeldServer held;
        RawClient client(held.port());
        client.send(get);
        QVERIFY(held.waitFor(1));
        ServerResponse response = ok();
        response.headers.emplaceBack("X-Name", "a\r\nSet-Cookie: evil\r\n\r\n<html>");
        response.headers.emplaceBack("Bad Name", "x");
        response.headers.emplaceBack("Content-Length", "99");
        response.headers.emplaceBack("Transfer-Encoding", "chunked");
        response.contentType = "text/plain\r\nX-Evil: 1";
        held.answerFirst(std::move(response));
        const auto got = client.response();
        QVERIFY(got);
        QCOMPARE(got->count("Content-Length"), 1);
        QCOMPARE(got->header("Content-Length"), QByteArray("2"));
        QCOMPARE(got->count("Transfer-Encoding"), 0);
        QCOMPARE(got->count("Set-Cookie"), 0);
        QCOMPARE(got->count("X-Evil"), 0);
        QVERIFY(!got->head.contains("Bad Name"));
        QCOMPARE(got->body, QByteArray("ok"));
    }

    void sendsNoBodyWhereNoneMayBe_data() {
        QTest::addColumn<int>("status");
        QTest::newRow("no content") << 204;
        QTest::newRow("not modified") << 304;
    }

    void sendsNoBodyWhereNoneMayBe() {
        QFETCH(int, status);
        HeldServer held;
        RawClient client(held.port());
        client.send(get + get);
        QVERIFY(held.waitFor(1));
        held.answerFirst(ServerResponse::text(status, "must not be sent"));
        QVERIFY(held.waitFor(1));
        held.answerFirst(ok());
        auto response = client.response();
        QVERIFY(response);
        QCOMPARE(response->status, status);
        QCOMPARE(response->count("Content-Length"), 0);
        response = client.response();
        QVERIFY(response);
        QCOMPARE(response->body, QByteArray("ok"));
    }

    void replacesAnImpossibleStatus() {
        HeldServer held;
        for (const int status : {0, 100, 199, 600, -1}) {
            RawClient client(held.port());
            client.send(get);
            QVERIFY(held.waitFor(1));
            held.answerFirst(ServerResponse::text(status, "x"));
            const auto response = client.response();
            QVERIFY(response);
            QCOMPARE(response->status, 500);
        }
    }

    void closesWhenTheHandlerSaysSo() {
        HeldServer held;
        RawClient client(held.port());
        client.send(get);
        QVERIFY(held.waitFor(1));
        ServerResponse response = ok();
        response.headers.emplaceBack("Connection", "close");
        held.answerFirst(std::move(response));
        const auto got = client.response();
        QVERIFY(got);
        QCOMPARE(got->count("Connection"), 1);
        QVERIFY(client.waitClosed());
    }

    void diesWithRequestsInHand() {
        HeldServer held;
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 10; ++i) {
            clients.push_back(std::make_unique<RawClient>(held.port()));
            clients.back()->send(i % 2 == 0 ? get : QByteArray("GET / HT"));
        }
        QVERIFY(held.waitFor(5));
        held.answerFirst(ServerResponse::text(200, QByteArray(20 * 1024 * 1024, 'x')));
        clients[2]->send(get); // perhaps still on its way through the door
        held.destroy();
        for (const auto& respond : held.held)
            respond(ok()); // goes nowhere
        for (const auto& client : clients)
            QVERIFY(client->waitClosed());
    }

    void closesOneListenerGently() {
        HeldServer held;
        const auto second = held.server().listen(QStringLiteral("127.0.0.1"), 0);
        QVERIFY(second);
        RawClient idle(held.port());
        RawClient busy(held.port());
        RawClient elsewhere(*second);
        busy.send(get + get);
        QVERIFY(held.waitFor(1));
        QVERIFY(held.waitForConnections(3));
        held.server().close(held.port());
        QVERIFY(idle.waitClosed());
        RawClient late(held.port());
        QVERIFY(!late.isConnected());
        held.answerFirst(ok());
        const auto response = busy.response();
        QVERIFY(response);
        QCOMPARE(response->status, 200);
        QCOMPARE(response->header("Connection"), QByteArray("close"));
        QVERIFY(busy.waitClosed());
        QVERIFY(busy.unread().isEmpty());
        elsewhere.send(get);
        QVERIFY(held.waitFor(1));
        QCOMPARE(held.requests.back().localPort, *second);
        held.answerFirst(ok());
        QVERIFY(elsewhere.response());

        const auto again = held.server().listen(QStringLiteral("127.0.0.1"), held.port());
        QVERIFY2(again, again ? "" : qUtf8Printable(again.error().message));
        QCOMPARE(*again, held.port());
    }

    void saysWhyItCannotListen() {
        HeldServer held;
        QTcpServer taken;
        QVERIFY(taken.listen(QHostAddress(QHostAddress::LocalHost)));
        const auto busy = held.server().listen(QStringLiteral("127.0.0.1"), taken.serverPort());
        QVERIFY(!busy);
        QVERIFY(busy.error().message.contains(QString::number(taken.serverPort())));
        QVERIFY(busy.error().message.contains(QStringLiteral("127.0.0.1")));
        QVERIFY(busy.error().message.contains(QStringLiteral("in use")));
        const auto own = held.server().listen(QStringLiteral("127.0.0.1"), held.port());
        QVERIFY(!own);
        const auto name = held.server().listen(QStringLiteral("no.such.host"), 0);
        QVERIFY(!name);
        QVERIFY(name.error().kind == FailureKind::Invalid);
        const auto foreign = held.server().listen(QStringLiteral("192.0.2.1"), 0);
        QVERIFY(!foreign);
    }

    void acceptsTheHostsItIsTold() {
        HttpServerOptions options;
        options.allowedHosts = {QStringLiteral("Vigie.example"), QStringLiteral("other:8003")};
        HeldServer held(options);
        const auto status = [&held](const QByteArray& host) {
            RawClient client(held.port());
            client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            if (QTest::qWaitFor([&] { return !held.held.empty() || !client.unread().isEmpty(); }) &&
                !held.held.empty())
                held.answerFirst(ok());
            const auto response = client.response();
            return response ? response->status : 0;
        };
        QCOMPARE(status("vigie.example"), 200);
        QCOMPARE(status("VIGIE.EXAMPLE:1234"), 200);
        QCOMPARE(status("other:8003"), 200);
        QCOMPARE(status("other:8004"), 421);
        QCOMPARE(status("evil.example"), 421);
    }

    void serves300ClientsAtOnce() {
        HttpServer server({}, [](const ServerRequest& request, const HttpServer::Respond& respond) {
            respond(ServerResponse::text(200, request.path.toUtf8()));
        });
        const auto port = server.listen(QStringLiteral("127.0.0.1"), 0);
        QVERIFY(port);
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 300; ++i) {
            clients.push_back(std::make_unique<RawClient>(*port));
            clients.back()->send("GET /" + QByteArray::number(i) +
                                 " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        for (size_t i = 0; i < clients.size(); ++i) {
            const auto response = clients[i]->response();
            QVERIFY(response);
            QCOMPARE(response->body, "/" + QByteArray::number(qulonglong(i)));
        }
    }
};

QTEST_GUILESS_MAIN(TestHttpServerLimits)
#include "tst_httpserverlimits.moc"
