#include "core/http/waitasked.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

// 2026-11-22T08:00:00Z, in seconds since 1970: 1795334400.
const WallTime now{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 8h};

} // namespace

class TestWaitAsked : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void headers_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("headers"); // "name: value" lines
        QTest::addColumn<double>("seconds");  // negative: nothing
        const auto row = [](const char* name, int status, const char* headers, double seconds) {
            QTest::newRow(name) << status << QString::fromLatin1(headers) << seconds;
        };
        row("nothing", 429, "", -1);
        row("seconds", 429, "Retry-After: 7", 7);
        row("seconds with any status", 500, "retry-after: 7", 7);
        row("a date", 503, "Retry-After: Sun, 22 Nov 2026 08:00:30 GMT", 30);
        row("by the server's clock", 503,
            "Retry-After: Sun, 22 Nov 2026 09:00:30 GMT\nDate: Sun, 22 Nov 2026 09:00:00 GMT", 30);
        row("a date gone by", 503, "Retry-After: Sun, 22 Nov 2026 07:00:00 GMT", 0);
        row("milliseconds before seconds", 429, "Retry-After: 2\nretry-after-ms: 1250", 1.25);
        row("Retry-After before a reset", 429, "X-RateLimit-Reset: 60\nRetry-After: 2", 2);
        row("OpenAI, one limit used up", 429,
            "x-ratelimit-remaining-requests: 12\nx-ratelimit-reset-requests: 1m0s\n"
            "x-ratelimit-remaining-tokens: 0\nx-ratelimit-reset-tokens: 6m0.5s",
            360.5);
        row("OpenAI, both used up", 429,
            "x-ratelimit-remaining-requests: 0\nx-ratelimit-reset-requests: 20ms\n"
            "x-ratelimit-remaining-tokens: 0\nx-ratelimit-reset-tokens: 7s",
            7);
        row("none used up", 429, "x-ratelimit-remaining: 5\nx-ratelimit-reset: 30", -1);
        row("seconds from now", 429, "X-RateLimit-Reset: 30", 30);
        row("seconds since 1970", 403, "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1795334445",
            45);
        row("milliseconds since 1970", 429, "X-Rate-Limit-Reset: 1795334445000", 45);
        row("a time, as Anthropic", 529,
            "anthropic-ratelimit-requests-remaining: 0\n"
            "anthropic-ratelimit-requests-reset: 2026-11-22T08:01:00Z",
            60);
        row("earlier drafts", 429, "RateLimit: limit=100, remaining=0, reset=5", 5);
        row("earlier drafts, not used up", 429, "RateLimit: limit=100, remaining=9, reset=5", -1);
        row("later drafts", 429, "RateLimit: \"default\";r=0;t=30, \"day\";r=7;t=3600", 30);
        row("a reset of an answer that is no refusal", 500, "X-RateLimit-Reset: 30", -1);
        row("a day at most", 429, "X-RateLimit-Reset: 999999", 86400);
        row("a reset gone by", 429, "X-RateLimit-Reset: 1795334000", 0);
        row("rubbish", 429, "X-RateLimit-Reset: soon\nRetry-After: later", -1);
        row("not a number", 429, "X-RateLimit-Reset: nan", -1);
        row("infinite", 429, "retry-after-ms: inf", -1);
        row("negative", 429, "X-RateLimit-Reset: -5", -1);
        row("unit missing", 429, "X-RateLimit-Reset: 5m3", -1);
        row("unknown unit", 429, "X-RateLimit-Reset: 5weeks", -1);
    }
    void headers() {
        QFETCH(int, status);
        QFETCH(QString, headers);
        QFETCH(double, seconds);
        HttpReply reply;
        reply.status = status;
        reply.receivedAt = now;
        for (const QString& line : headers.split(u'\n', Qt::SkipEmptyParts))
            reply.headers.append({line.section(QStringLiteral(": "), 0, 0).toLatin1(),
                                  line.section(QStringLiteral(": "), 1).toLatin1()});
        const auto wait = waitAsked(reply);
        QCOMPARE(wait.has_value(), seconds >= 0);
        if (wait)
            QCOMPARE(std::chrono::duration<double>(*wait).count(), seconds);
    }
};

QTEST_APPLESS_MAIN(TestWaitAsked)
#include "tst_waitasked.moc"
