#include "core/http/responsehead.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

class TestResponseHead final : public QObject {
    Q_OBJECT

    static ResponseFraming framing() {
        ResponseFraming f;
        f.date = "Sun, 06 Nov 1994 08:49:37 GMT";
        f.serverName = "vigie";
        return f;
    }

private Q_SLOTS:
    void writesTheWholeHead() {
        ServerResponse response = ServerResponse::json(202, "{}");
        response.headers = {{"ETag", "\"7\""}};
        QCOMPARE(responseHead(response, framing()),
                 QByteArray("HTTP/1.1 202 Accepted\r\n"
                            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                            "Server: vigie\r\n"
                            "Content-Type: application/json\r\n"
                            "Content-Length: 2\r\n"
                            "ETag: \"7\"\r\n\r\n"));
    }

    void saysWhatBecomesOfTheConnection() {
        ResponseFraming f = framing();
        QVERIFY(!responseHead({}, f).contains("Connection"));
        f.http10 = true;
        QVERIFY(responseHead({}, f).contains("Connection: keep-alive\r\n"));
        f.keepAlive = false;
        QVERIFY(responseHead({}, f).contains("Connection: close\r\n"));
    }

    void framesAnEmptyBody() {
        const QByteArray head = responseHead({}, framing());
        QVERIFY(head.contains("Content-Length: 0\r\n"));
        QVERIFY(!head.contains("Content-Type"));
        ServerResponse none;
        none.status = 304;
        QVERIFY(!responseHead(none, framing()).contains("Content-Length"));
    }

    void knowsWhichHaveABody() {
        QVERIFY(responseHasBody(200, false));
        QVERIFY(responseHasBody(500, false));
        QVERIFY(!responseHasBody(200, true));
        QVERIFY(!responseHasBody(204, false));
        QVERIFY(!responseHasBody(304, false));
    }

    void writesDates_data() {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QByteArray>("date");
        QTest::newRow("epoch") << qint64(0) << QByteArray("Thu, 01 Jan 1970 00:00:00 GMT");
        QTest::newRow("RFC") << qint64(784111777) << QByteArray("Sun, 06 Nov 1994 08:49:37 GMT");
        QTest::newRow("leap day") << qint64(1709251199)
                                  << QByteArray("Thu, 29 Feb 2024 23:59:59 GMT");
        QTest::newRow("before the epoch")
            << qint64(-1) << QByteArray("Wed, 31 Dec 1969 23:59:59 GMT");
    }

    void writesDates() {
        QFETCH(qint64, seconds);
        QTEST(httpDate(WallTime(std::chrono::seconds(seconds))), "date");
        QTEST(httpDate(WallTime(std::chrono::seconds(seconds) + 999ms)), "date");
    }
};

QTEST_GUILESS_MAIN(TestResponseHead)
#include "tst_responsehead.moc"
