#include "tests/core/sources/sourcebench.h"
#include "tests/support/faultyserver.h"
#include "tests/support/testcertificate.h"

#include <QTest>

using namespace vigie;
using namespace vigie::test;
using namespace std::chrono_literals;

namespace {

QByteArray histogram(const QByteArray& name, const QByteArray& labels = {}) {
    const QByteArray comma = labels.isEmpty() ? QByteArray() : labels + ',';
    const QByteArray braces = labels.isEmpty() ? QByteArray() : '{' + labels + '}';
    return name + "_bucket{" + comma + "le=\"0.1\"} 3\n" + name + "_bucket{" + comma +
           "le=\"+Inf\"} 4\n" + name + "_sum" + braces + " 0.5\n" + name + "_count" + braces +
           " 4\n";
}

const QByteArray page =
    "# HELP up Is it up.\n# TYPE up gauge\nup 1\n"
    "# TYPE gc_seconds histogram\n" +
    histogram("gc_seconds") + "# TYPE body_bytes histogram\n" + histogram("body_bytes") +
    "# TYPE query_ms histogram\n" + histogram("query_ms") +
    "# TYPE prometheus_http_request_duration_seconds histogram\n" +
    histogram("prometheus_http_request_duration_seconds", "handler=\"/api\"") +
    histogram("prometheus_http_request_duration_seconds", "handler=\"/metrics\"");

Fault metrics(const QByteArray& body) {
    return faults::answer(200, body, {{"Content-Type", "text/plain; version=0.0.4"}});
}

SourceConfig prometheusAt(const QUrl& url) {
    return SourceBench::at(url, QStringLiteral("prometheus"));
}

} // namespace

class TestPrometheusSource : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void histogramsOfTimeRequestsFirst() {
        FaultyServer server;
        server.play({metrics(page)});
        SourceBench bench(prometheusAt(server.url(QString())));
        const auto reading = bench.poll();
        QVERIFY2(reading, qPrintable(reading ? QString() : reading.error().message));
        QCOMPARE(server.requests().first().target, QByteArray("/metrics"));
        QVERIFY(reading->capabilities.metrics && !reading->capabilities.instances);
        QVERIFY(!reading->instances);
        QStringList names;
        for (const LatencySeries& series : reading->latencies)
            names << series.name;
        QCOMPARE(names, (QStringList{QStringLiteral("prometheus_http_request_duration_seconds"),
                                     QStringLiteral("prometheus_http_request_duration_seconds"),
                                     QStringLiteral("gc_seconds"), QStringLiteral("query_ms")}));
        QCOMPARE(reading->latencies[0].labels.value(QStringLiteral("handler")),
                 QStringLiteral("/api"));
        QVERIFY(!reading->latencies[0].own);
        QVERIFY(qFuzzyCompare(reading->latencies[0].foreign->buckets[0].upperBound, 0.1));
        QVERIFY(qFuzzyCompare(reading->latencies[3].foreign->buckets[0].upperBound, 0.0001));
        QVERIFY(has(reading->notices, QStringLiteral("1 histograms do not measure time")));
    }

    void theGivenPathIsAsked() {
        FaultyServer server;
        server.play({metrics(page)});
        SourceBench bench(prometheusAt(server.url(QStringLiteral("/federate?match=x"))));
        QVERIFY(bench.poll());
        QCOMPARE(server.requests().first().target, QByteArray("/federate?match=x"));
    }

    void manySeriesAreCutOffWithANotice() {
        QByteArray body = "# TYPE big_request_duration_seconds histogram\n";
        for (int i = 0; i < 300; ++i)
            body += histogram("big_request_duration_seconds", "n=\"" + QByteArray::number(i) + '"');
        FaultyServer server;
        server.play({metrics(body)});
        SourceBench bench(prometheusAt(server.url()));
        const auto reading = bench.poll();
        QVERIFY(reading);
        QCOMPARE(reading->latencies.size(), 200u);
        QVERIFY(has(reading->notices, QStringLiteral("200 of 300")));
    }

    void aTokenIsSent() {
        FaultyServer server;
        server.play({metrics(page)});
        SourceConfig config = prometheusAt(server.url());
        config.secret = QStringLiteral("t0p");
        SourceBench bench(config);
        QVERIFY(bench.poll());
        QCOMPARE(server.requests().first().header("Authorization"), QByteArray("Bearer t0p"));
    }

    void faultsHaveAMessageEach_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("then");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const Fault& fault, FailureKind kind,
                            const QString& says) {
            QTest::newRow(name) << fault.bytes << int(fault.then) << int(kind) << says;
        };
        using K = FailureKind;
        row("html", faults::answer(200, "<!DOCTYPE html><html></html>"), K::Malformed,
            QStringLiteral("a web page, not with Prometheus text"));
        row("json", faults::json(200, "{\"a\":1}"), K::Malformed, QStringLiteral("JSON"));
        row("404", faults::answer(404, "404 page not found"), K::NotFound,
            QStringLiteral("right path"));
        row("500", faults::answer(500), K::ServerError, QStringLiteral("500"));
        row("401", faults::answer(401), K::Unauthorized, QStringLiteral("401"));
        row("cut off by the connection", faults::truncated(page.left(200), page.size()),
            K::Malformed, QStringLiteral("middle of"));
        row("cut off at a line's middle", metrics(page.left(page.size() - 4)), K::Malformed,
            QStringLiteral("cut off"));
        row("binary", metrics(QByteArray("\x00\x01\xff\xfe garbage \x80", 14)), K::Malformed,
            QStringLiteral("no Prometheus text"));
        row("not http", faults::garbage(), K::Network, QStringLiteral("connection ended"));
        row("closed", faults::closeWithoutAnswer(), K::Network, QStringLiteral("connection ended"));
        row("200 MB announced", faults::hugeContentLength(200'000'000), K::TooLarge,
            QStringLiteral("16 MiB"));
        row("redirect loop", faults::redirect("/metrics"), K::Malformed,
            QStringLiteral("redirects more than"));
    }
    void faultsHaveAMessageEach() {
        QFETCH(QByteArray, bytes);
        QFETCH(int, then);
        QFETCH(int, kind);
        QFETCH(QString, says);
        Fault fault;
        fault.bytes = bytes;
        fault.then = static_cast<Fault::Then>(then);
        FaultyServer server;
        server.play({fault});
        SourceBench bench(prometheusAt(server.url()));
        const auto reading = bench.poll();
        QVERIFY(!reading);
        QVERIFY2(reading.error().message.contains(says), qPrintable(reading.error().message));
        QVERIFY2(reading.error().message.contains(QLatin1String("127.0.0.1")),
                 qPrintable(reading.error().message));
        QCOMPARE(vigie::toString(reading.error().kind),
                 vigie::toString(static_cast<FailureKind>(kind)));
        server.play({metrics(page)});
        QVERIFY(bench.poll()); // and it recovers
    }

    void aBodyWithoutEnd() {
        FaultyServer server;
        server.play({faults::endlessBody()});
        SourceBench bench(prometheusAt(server.url()));
        const auto reading = bench.poll();
        QVERIFY(!reading);
        QVERIFY2(reading.error().kind == FailureKind::TooLarge,
                 qPrintable(reading.error().message));
        QVERIFY(server.bytesSent() < 100'000'000);
    }

    void aSlowServer() {
        FaultyServer server;
        server.play({faults::drip(metrics(page), 20ms)});
        SourceConfig config = prometheusAt(server.url());
        config.interval = 1s; // a poll may take 3 s
        SourceBench bench(config);
        const auto reading = bench.poll();
        QVERIFY(!reading);
        QVERIFY2(reading.error().kind == FailureKind::Timeout, qPrintable(reading.error().message));
    }

    void aStoppedServer() {
        FaultyServer server;
        server.stop();
        SourceBench bench(prometheusAt(server.url()));
        auto reading = bench.poll();
        QVERIFY(!reading && reading.error().kind == FailureKind::Network);
        QVERIFY(reading.error().message.contains(QLatin1String("refused")));
        server.play({metrics(page)});
        QVERIFY(server.start());
        QVERIFY(bench.poll());
    }

    void aSelfSignedCertificate() {
        const TestCertificate own = makeTestCertificate();
        FaultyServer server;
        server.setTls(own.certificate, own.key);
        server.play({metrics(page)});
        QUrl url = server.url();
        url.setScheme(QStringLiteral("https"));
        SourceBench bench(prometheusAt(url));
        const auto reading = bench.poll();
        QVERIFY(!reading && reading.error().kind == FailureKind::Tls);
        QVERIFY2(reading.error().message.contains(QLatin1String("--ca")) &&
                     reading.error().message.contains(QLatin1String("Sources dialog")),
                 qPrintable(reading.error().message));
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.addCaCertificate(own.certificate);
        SourceBench trusting(prometheusAt(url));
        trusting.client.setTls(tls);
        const auto trusted = trusting.poll();
        QVERIFY2(trusted, qPrintable(trusted ? QString() : trusted.error().message));
    }

    void nothingCanBeDoneThere() {
        SourceBench bench(prometheusAt(QUrl(QStringLiteral("http://127.0.0.1:1"))));
        QVERIFY(bench.act(Action::Terminate, QStringLiteral("a")).error().kind ==
                FailureKind::Unsupported);
        QVERIFY(bench.inspect(QStringLiteral("a")).error().kind == FailureKind::Unsupported);
    }
};

QTEST_GUILESS_MAIN(TestPrometheusSource)
#include "tst_prometheussource.moc"
