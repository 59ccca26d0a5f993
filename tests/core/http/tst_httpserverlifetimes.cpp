#include "tests/core/http/heldserver.h"

#include <QHostAddress>
#include <QTcpServer>

#include <sys/socket.h>

using namespace vigie;
using namespace std::chrono_literals;

/// Clients that leave, handlers that answer in odd ways, and a server that ends.
class TestHttpServerLifetimes final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noticesAClientThatLeaves() {
        HeldServer held;
        auto client = std::make_unique<RawClient>(held.port());
        client->send(plainGet);
        QVERIFY(held.waitFor(1));
        // A reset, not a polite end.
        const linger reset{1, 0};
        setsockopt(int(client->socket().socketDescriptor()), SOL_SOCKET, SO_LINGER, &reset,
                   sizeof reset);
        client.reset();
        QVERIFY(held.waitForConnections(0));
        held.answerFirst(ok()); // goes nowhere
        RawClient next(held.port());
        next.send(plainGet);
        QVERIFY(held.waitFor(1));
        held.answerFirst(ok());
        QVERIFY(next.response());
    }

    void letsGoOfAClientThatClosed() {
        HeldServer held(shortTimes());
        {
            RawClient client(held.port());
            client.send(plainGet);
            QVERIFY(held.waitFor(1));
        }
        QVERIFY(held.waitForConnections(0)); // with the handler still holding the request
    }

    void answersAfterTheClientStoppedSending() {
        HeldServer held;
        RawClient client(held.port());
        client.send(plainGet);
        QVERIFY(held.waitFor(1));
        ::shutdown(int(client.socket().socketDescriptor()), SHUT_WR);
        RawClient other(held.port()); // gives the server time to see it
        other.send(plainGet);
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
        client.send(plainGet);
        QVERIFY(held.waitFor(1));
        client.send(plainGet + plainGet);
        RawClient other(held.port());
        other.send(plainGet);
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
        client.send(plainGet);
        QVERIFY(held.waitFor(1));
        const auto respond = held.held.front();
        held.held.clear();
        respond(ServerResponse::text(200, "first"));
        respond(ServerResponse::text(500, "second"));
        client.send(plainGet);
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
        client.send(plainGet);
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
        client.send(plainGet);
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
        client.send(plainGet + plainGet);
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
            client.send(plainGet);
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
        client.send(plainGet);
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
            clients.back()->send(i % 2 == 0 ? plainGet : QByteArray("GET / HT"));
        }
        QVERIFY(held.waitFor(5));
        held.answerFirst(ServerResponse::text(200, QByteArray(20 * 1024 * 1024, 'x')));
        clients[2]->send(plainGet); // perhaps still on its way through the door
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
        busy.send(plainGet + plainGet);
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
        elsewhere.send(plainGet);
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

QTEST_GUILESS_MAIN(TestHttpServerLifetimes)
#include "tst_httpserverlifetimes.moc"
