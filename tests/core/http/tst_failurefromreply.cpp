#include "core/http/httpclient.h"
#include "core/http/retryafter.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const WallTime now{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 8h};

HttpReply reply(int status, const QByteArray& body = {}, const HttpHeaders& headers = {}) {
    HttpReply made;
    made.status = status;
    made.body = body;
    made.headers = headers;
    made.receivedAt = now;
    return made;
}

} // namespace

class TestFailureFromReply : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void kinds_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("kind");
        QTest::newRow("302") << 302 << "malformed";
        QTest::newRow("400") << 400 << "invalid_request";
        QTest::newRow("401") << 401 << "unauthorized";
        QTest::newRow("403") << 403 << "forbidden";
        QTest::newRow("404") << 404 << "not_found";
        QTest::newRow("405") << 405 << toString(FailureKind::Unsupported);
        QTest::newRow("408") << 408 << "timeout";
        QTest::newRow("409") << 409 << "conflict";
        QTest::newRow("410") << 410 << "not_found";
        QTest::newRow("413") << 413 << "invalid_request";
        QTest::newRow("418") << 418 << "invalid_request";
        QTest::newRow("422") << 422 << "invalid_request";
        QTest::newRow("429") << 429 << "rate_limited";
        QTest::newRow("500") << 500 << "server_error";
        QTest::newRow("503") << 503 << "server_error";
        QTest::newRow("599") << 599 << "server_error";
    }
    void kinds() {
        QFETCH(int, status);
        QFETCH(QString, kind);
        const Failure failure = failureFromReply(reply(status), QStringLiteral("GET x"));
        QCOMPARE(toString(failure.kind), kind);
        QCOMPARE(failure.httpStatus, status);
        QVERIFY(failure.message.startsWith(QStringLiteral("GET x: answered %1").arg(status)));
    }

    void readsTheBody_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("says");
        QTest::newRow("both") << QByteArray(R"({"error":"not_found","message":"No instance i-1."})")
                              << "not_found"
                              << ": No instance i-1.";
        QTest::newRow("code only") << QByteArray(R"({"error":"not_found"})") << "not_found"
                                   << " (not_found)";
        QTest::newRow("html") << QByteArray("<html>Not here</html>") << ""
                              << "";
        QTest::newRow("empty") << QByteArray() << ""
                               << "";
        QTest::newRow("other json") << QByteArray("[1,2]") << ""
                                    << "";
        QTest::newRow("wrong types") << QByteArray(R"({"error":{"a":1},"message":7})") << ""
                                     << "";
        QTest::newRow("binary") << QByteArray("\xff\xfe\x00{", 4) << ""
                                << "";
        QTest::newRow("lines and bells")
            << QByteArray(R"({"error":"e","message":"one\ntwo\u0007"})") << "e"
            << ": one two";
    }
    void readsTheBody() {
        QFETCH(QByteArray, body);
        QFETCH(QString, code);
        QFETCH(QString, says);
        const Failure failure = failureFromReply(reply(404, body), QStringLiteral("GET x"));
        QCOMPARE(failure.code, code);
        QCOMPARE(failure.message,
                 QStringLiteral("GET x: answered 404, there is no such thing there") + says);
    }

    void aNovelIsCutShort() {
        const QByteArray body = "{\"message\":\"" + QByteArray(5000, 'a') + "\"}";
        QVERIFY(failureFromReply(reply(500, body), QStringLiteral("GET x")).message.size() < 400);
    }

    void retryAfter_data() {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<qint64>("seconds"); // -1: nothing
        QTest::newRow("seconds") << QByteArray("120") << qint64(120);
        QTest::newRow("zero") << QByteArray("0") << qint64(0);
        QTest::newRow("blanks") << QByteArray(" 5 ") << qint64(5);
        QTest::newRow("IMF") << QByteArray("Sun, 22 Nov 2026 08:00:30 GMT") << qint64(30);
        QTest::newRow("RFC 850") << QByteArray("Sunday, 22-Nov-26 08:00:30 GMT") << qint64(30);
        QTest::newRow("asctime") << QByteArray("Sun Nov 22 08:00:30 2026") << qint64(30);
        QTest::newRow("past") << QByteArray("Sun, 22 Nov 2026 07:00:00 GMT") << qint64(0);
        QTest::newRow("far") << QByteArray("999999999999999999999999") << qint64(86400);
        QTest::newRow("far date") << QByteArray("Sun, 22 Nov 2126 08:00:30 GMT") << qint64(86400);
        QTest::newRow("negative") << QByteArray("-5") << qint64(-1);
        QTest::newRow("fraction") << QByteArray("1.5") << qint64(-1);
        QTest::newRow("words") << QByteArray("soon") << qint64(-1);
        QTest::newRow("empty") << QByteArray("") << qint64(-1);
    }
    void retryAfter() {
        QFETCH(QByteArray, value);
        QFETCH(qint64, seconds);
        const auto wait = fromRetryAfter(value, now);
        QCOMPARE(wait ? qint64(std::chrono::floor<std::chrono::seconds>(*wait).count()) : -1,
                 seconds);
    }

    void datesAreMeasuredByTheServersClock() {
        // A server whose clock is an hour ahead of ours asks for 30 s, not for an hour.
        const HttpReply busy = reply(503, {},
                                     {{"Date", "Sun, 22 Nov 2026 09:00:00 GMT"},
                                      {"Retry-After", "Sun, 22 Nov 2026 09:00:30 GMT"}});
        QVERIFY(failureFromReply(busy, QStringLiteral("x")).retryAfter == 30s);
    }

    void correlationIds() {
        QCOMPARE(failureFromReply(reply(500, R"({"correlation_id":"c-1"})"), {}).correlationId,
                 QStringLiteral("c-1"));
        QCOMPARE(failureFromReply(reply(500, {}, {{"x-correlation-id", "c-2"}}), {}).correlationId,
                 QStringLiteral("c-2"));
    }
};

QTEST_GUILESS_MAIN(TestFailureFromReply)
#include "tst_failurefromreply.moc"
