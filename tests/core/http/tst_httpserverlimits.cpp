#include "tests/core/http/heldserver.h"

#include <QFile>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

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
        kept.send(plainGet);
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
        client.send(plainGet);
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
        third.send(plainGet);
        const auto refusal = third.response();
        QVERIFY(refusal);
        QCOMPARE(refusal->status, 503);
        QCOMPARE(refusal->header("Connection"), QByteArray("close"));
        QCOMPARE(refusal->header("Retry-After"), QByteArray("1"));
        QVERIFY(third.waitClosed());

        first.socket().abort();
        QVERIFY(held.waitForConnections(1));
        RawClient fourth(held.port());
        fourth.send(plainGet);
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
        first.send(plainGet);
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
        const auto body = std::make_shared<const ResponseBody>(QByteArray(7 * 1024 * 1024, 'f'));
        std::vector<std::unique_ptr<QTcpSocket>> clients;
        const qint64 before = residentBytes();
        for (int i = 0; i < readers; ++i) {
            auto client = std::make_unique<QTcpSocket>();
            client->setReadBufferSize(1024);
            client->connectToHost(QHostAddress(QHostAddress::LocalHost), held.port());
            QVERIFY(client->waitForConnected());
            client->write(plainGet);
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
        other.send(plainGet);
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
        client.write(plainGet);
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
        client.write(plainGet);
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
};

QTEST_GUILESS_MAIN(TestHttpServerLimits)
#include "tst_httpserverlimits.moc"
