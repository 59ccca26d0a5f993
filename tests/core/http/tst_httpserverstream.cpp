#include "core/http/httpserver.h"
#include "tests/support/rawclient.h"

#include <QTest>

#include <vector>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const QByteArray get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// A server that answers every request with a stream the test writes to.
class StreamServer {
public:
    explicit StreamServer(HttpServerOptions options = {}, qsizetype mostPending = 256 * 1024)
        : server(std::move(options),
                 [this, mostPending](const ServerRequest&, const HttpServer::Respond& respond) {
                     ServerResponse response;
                     response.contentType = "text/event-stream";
                     response.stream = std::make_shared<ResponseStream>(mostPending);
                     streams.push_back(response.stream);
                     respond(std::move(response));
                 }) {
        port = *server.listen(QStringLiteral("127.0.0.1"), 0);
    }
    std::vector<std::shared_ptr<ResponseStream>> streams;
    HttpServer server;
    quint16 port = 0;
};

} // namespace

class TestHttpServerStream final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sendsEachPieceAsItComes() {
        StreamServer served;
        RawClient client(served.port);
        client.send(get);
        QTRY_COMPARE(served.streams.size(), size_t(1));
        QByteArray seen;
        QTRY_VERIFY((seen += client.unread()).endsWith("\r\n\r\n"));
        QVERIFY(seen.contains("Content-Type: text/event-stream\r\n"));
        QVERIFY(seen.contains("Connection: close\r\n"));
        QVERIFY(!seen.contains("Content-Length") && !seen.contains("Transfer-Encoding"));
        for (const char* piece : {"one", "two", "three"}) {
            QVERIFY(served.streams[0]->write(piece));
            QTRY_VERIFY((seen += client.unread()).endsWith(piece));
        }
        served.streams[0]->write("last");
        served.streams[0]->end();
        QVERIFY(client.waitClosed());
        QVERIFY((seen + client.unread()).endsWith("onetwothreelast"));
        QVERIFY(!served.streams[0]->write("too late"));
    }

    void whatWasWrittenBeforeIsSentToo() {
        StreamServer served;
        HttpServer early({}, [](const ServerRequest&, const HttpServer::Respond& respond) {
            ServerResponse response;
            response.stream = std::make_shared<ResponseStream>();
            response.stream->write("early");
            response.stream->end();
            respond(std::move(response));
        });
        RawClient client(*early.listen(QStringLiteral("127.0.0.1"), 0));
        client.send(get);
        QVERIFY(client.waitClosed());
        QVERIFY(client.unread().endsWith("\r\n\r\nearly"));
    }

    void headHasNoStream() {
        StreamServer served;
        RawClient client(served.port);
        client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QVERIFY(client.waitClosed());
        QVERIFY(client.unread().endsWith("\r\n\r\n"));
        QVERIFY(!served.streams[0]->write("x"));
    }

    void noticesAClientThatLeaves() {
        StreamServer served;
        {
            RawClient client(served.port);
            client.send(get);
            QTRY_COMPARE(served.streams.size(), size_t(1));
            QVERIFY(served.streams[0]->write("hello"));
        }
        QTRY_VERIFY(!served.streams[0]->isOpen());
        QTRY_COMPARE(served.server.connections(), 0);
    }

    void dropsWhoDoesNotRead() {
        StreamServer served({}, 64 * 1024);
        RawClient client(served.port);
        client.socket().setReadBufferSize(1);
        client.send(get);
        QTRY_COMPARE(served.streams.size(), size_t(1));
        const QByteArray piece(16 * 1024, 'x');
        // What the kernel takes for the client has a bound as well.
        int taken = 0;
        QTRY_VERIFY(
            (served.streams[0]->write(piece) ? ++taken : 0, served.streams[0]->isDropped()));
        QVERIFY(taken < 1000);
        QTRY_COMPARE(served.server.connections(), 0);
    }

    void streamsAreBounded() {
        HttpServerOptions options;
        options.maxStreams = 2;
        StreamServer served(options);
        RawClient one(served.port);
        RawClient two(served.port);
        one.send(get);
        two.send(get);
        QTRY_COMPARE(served.streams.size(), size_t(2));
        QTRY_VERIFY(one.unread().contains("200 OK"));
        QTRY_VERIFY(two.unread().contains("200 OK"));
        RawClient three(served.port);
        three.send(get);
        const auto refused = three.response();
        QVERIFY(refused && refused->status == 503);
        QVERIFY(!refused->header("Retry-After").isEmpty());
        QVERIFY(!served.streams[2]->isOpen());
        served.streams[0]->end();
        QVERIFY(one.waitClosed());
        RawClient four(served.port);
        four.send(get);
        QTRY_VERIFY(four.unread().contains("200 OK"));
    }

    void theServerMayDieWithStreamsOpen() {
        std::shared_ptr<ResponseStream> stream;
        {
            StreamServer served;
            RawClient client(served.port);
            client.send(get);
            QTRY_COMPARE(served.streams.size(), size_t(1));
            stream = served.streams[0];
        }
        QVERIFY(!stream->write("nobody"));
    }
};

QTEST_GUILESS_MAIN(TestHttpServerStream)
#include "tst_httpserverstream.moc"
