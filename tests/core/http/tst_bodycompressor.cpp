#include "core/base/door.h"
#include "core/http/bodycompressor.h"
#include "core/http/gzip.h"
#include "core/http/httpserver.h"
#include "tests/support/rawclient.h"

#include <QTest>

#include <random>
#include <zlib.h>

using namespace vigie;

namespace {

QByteArray gunzipped(const QByteArray& bytes, qsizetype size) {
    z_stream stream{};
    if (inflateInit2(&stream, MAX_WBITS + 16) != Z_OK)
        return {};
    QByteArray out(size + 1, Qt::Uninitialized);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.constData()));
    stream.avail_in = uInt(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = uInt(out.size());
    const bool whole = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_in == 0;
    out.resize(whole ? qsizetype(stream.total_out) : 0);
    inflateEnd(&stream);
    return out;
}

/// In many pieces, some of them empty.
BodyCompressor::Body text(qsizetype size) {
    const auto body = std::make_shared<ResponseBody>();
    for (int i = 0; body->size() < size; ++i) {
        body->append("{\"id\":" + QByteArray::number(i) + "},");
        if (i % 100 == 0)
            body->append({});
    }
    return body;
}

} // namespace

class TestBodyCompressor final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsAcceptEncoding_data() {
        QTest::addColumn<bool>("accepted");
        const auto row = [](const char* header, bool accepted) {
            QTest::newRow(header) << accepted;
        };
        row("", false);
        row("gzip", true);
        row("GZIP", true);
        row("x-gzip", true);
        row("deflate", false);
        row("identity", false);
        row("br, gzip;q=0.5", true);
        row("gzip;q=0", false);
        row("gzip; q=0.000", false);
        row("*", true);
        row("*;q=0", false);
        row("*, gzip;q=0", false);
        row("gzip;q=1, *;q=0", true);
        row("gzip;q=rubbish", false);
        row(",,;;=", false);
    }

    void readsAcceptEncoding() {
        QFETCH(bool, accepted);
        QCOMPARE(acceptsGzip(QTest::currentDataTag()), accepted);
    }

    void knowsWhatGetsSmaller() {
        QVERIFY(isCompressible("application/json"));
        QVERIFY(isCompressible("application/problem+json; charset=utf-8"));
        QVERIFY(isCompressible("text/plain; version=0.0.4"));
        QVERIFY(!isCompressible("image/png"));
        QVERIFY(!isCompressible(""));
    }

    void compressesLosslessly() {
        const auto body = text(300000);
        const QByteArray small = gzipped(*body);
        QVERIFY(!small.isEmpty() && small.size() < body->size() / 2);
        QCOMPARE(gunzipped(small, body->size()), body->joined());
    }

    void leavesNoiseAlone() {
        std::mt19937 random(1);
        QByteArray noise(50000, '\0');
        for (char& byte : noise)
            byte = char(random());
        QVERIFY(gzipped(ResponseBody(noise)).isEmpty());
        QVERIFY(gzipped(ResponseBody()).isEmpty());
    }

    void compressesASharedBodyOnce() {
        BodyCompressor compressor;
        const Door door;
        const auto body = text(100000);
        std::vector<BodyCompressor::Body> results;
        for (int i = 0; i < 3; ++i)
            compressor.compress(body,
                                [handle = door.handle(), &results](BodyCompressor::Body small) {
                                    handle.post([small, &results] { results.push_back(small); });
                                });
        QVERIFY(QTest::qWaitFor([&results] { return results.size() == 3; }));
        QVERIFY(results[0]);
        QCOMPARE(results[1], results[0]);
        QCOMPARE(results[2], results[0]);
    }

    void diesWithBodiesWaiting() {
        const Door door;
        for (int i = 0; i < 5; ++i) {
            BodyCompressor compressor;
            for (int j = 0; j < 20; ++j)
                compressor.compress(text(20000), [](const BodyCompressor::Body&) {});
        }
    }

    void servesBothKindsOfClients() {
        const auto body = text(300000);
        HttpServer server(
            {}, [&body](const ServerRequest& request, const HttpServer::Respond& respond) {
                ServerResponse response = ServerResponse::json(200, "{\"small\":true}");
                if (request.path == QLatin1String("/large"))
                    response.body = body;
                response.headers.emplaceBack("ETag", "\"1\"");
                respond(std::move(response));
            });
        const auto port = server.listen(QStringLiteral("127.0.0.1"), 0);
        QVERIFY(port);
        const auto request = [](const char* method, const char* path, const char* more) {
            return QByteArray(method) + ' ' + path + " HTTP/1.1\r\nHost: localhost\r\n" + more +
                   "\r\n";
        };
        RawClient client(*port);
        client.send(request("GET", "/large", "Accept-Encoding: gzip\r\n"));
        auto response = client.response();
        QVERIFY(response);
        QCOMPARE(response->header("Content-Encoding"), QByteArray("gzip"));
        QCOMPARE(response->header("Vary"), QByteArray("Accept-Encoding"));
        QCOMPARE(response->header("ETag"),
                 QByteArray("W/\"1\"")); // other bytes than the plain form
        QCOMPARE(gunzipped(response->body, body->size()), body->joined());

        client.send(request("GET", "/large", ""));
        response = client.response();
        QVERIFY(response);
        QCOMPARE(response->count("Content-Encoding"), 0);
        QCOMPARE(response->header("Vary"), QByteArray("Accept-Encoding")); // a cache keeps it apart
        QCOMPARE(response->header("ETag"), QByteArray("\"1\""));
        QCOMPARE(response->body, body->joined());

        client.send(request("GET", "/small", "Accept-Encoding: gzip\r\n"));
        response = client.response();
        QVERIFY(response);
        QCOMPARE(response->count("Content-Encoding"), 0);
        QCOMPARE(response->count("Vary"), 0);

        client.send(request("HEAD", "/large", "Accept-Encoding: gzip\r\n"));
        response = client.response(true);
        QVERIFY(response);
        QCOMPARE(response->header("Content-Length"), QByteArray::number(body->size()));
    }

    void survivesClientsThatLeaveMeanwhile() {
        const auto body = text(3000000);
        HttpServer server({}, [&body](const ServerRequest&, const HttpServer::Respond& respond) {
            ServerResponse response = ServerResponse::json(200, {});
            response.body = body;
            respond(std::move(response));
        });
        const auto port = server.listen(QStringLiteral("127.0.0.1"), 0);
        QVERIFY(port);
        for (int i = 0; i < 10; ++i)
            RawClient(*port).send(
                "GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n");
        QVERIFY(QTest::qWaitFor([&server] { return server.connections() == 0; }));
    }
};

QTEST_GUILESS_MAIN(TestBodyCompressor)
#include "tst_bodycompressor.moc"
