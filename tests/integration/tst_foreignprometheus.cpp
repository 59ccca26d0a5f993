// A real Prometheus server as a source: its histograms are shown, and neither its end nor its
// silence shakes the dashboard or leaves anything looking fresh.

#include "tests/integration/engineobserver.h"
#include "tests/support/program.h"

#include <QFile>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTemporaryDir>

#include <csignal>

using namespace vigie;

namespace {

quint16 freePort() {
    QTcpServer probe;
    probe.listen(QHostAddress::LocalHost, 0);
    return probe.serverPort();
}

const LatencySeries* requestDurations(const FleetSnapshot& snapshot) {
    for (const LatencySeries& series : snapshot.latencies) {
        if (series.name == QLatin1String("prometheus_http_request_duration_seconds") &&
            series.foreign && series.foreign->count > 0)
            return &series;
    }
    return nullptr;
}

Freshness freshness(const FleetSnapshot& snapshot) {
    return snapshot.sources.empty() ? Freshness::Waiting : snapshot.sources.front().freshness;
}

} // namespace

class TestForeignPrometheus : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    quint16 m_port = 0;
    QString m_binary;

    QStringList arguments() const {
        return {QStringLiteral("--config.file=") + m_dir.filePath(QStringLiteral("prometheus.yml")),
                QStringLiteral("--storage.tsdb.path=") + m_dir.filePath(QStringLiteral("data")),
                QStringLiteral("--web.listen-address=127.0.0.1:%1").arg(m_port),
                QStringLiteral("--log.level=error")};
    }

private Q_SLOTS:
    void initTestCase() {
        m_binary = QStandardPaths::findExecutable(QStringLiteral("prometheus"));
        QVERIFY2(!m_binary.isEmpty(),
                 "Debian's package prometheus is missing: see packaging/deps.sh");
        QFile config(m_dir.filePath(QStringLiteral("prometheus.yml")));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write("global:\n  scrape_interval: 60s\n");
        m_port = freePort();
    }

    void showsItsHistogramsAndSurvivesItsEnd() {
        Program prometheus(m_binary);
        prometheus.start(arguments());
        const QUrl url(QStringLiteral("http://127.0.0.1:%1/metrics").arg(m_port));
        EngineObserver engine({sourceAt(url)});

        QVERIFY2(engine.waitFor([](const FleetSnapshot& s) { return requestDurations(s); }),
                 prometheus.standardError().constData());
        QVERIFY(freshness(engine.last()) == Freshness::Live);
        QCOMPARE(engine.last().sources.front().kind, QStringLiteral("prometheus"));
        QVERIFY(engine.waitFor([](const FleetSnapshot& s) {
            return std::any_of(s.latencies.begin(), s.latencies.end(), [&](const auto& series) {
                return series.name == QLatin1String("poll") && series.own->count() >= 4 &&
                       series.own->count() == s.sources.front().pollLatency.count();
            });
        }));
        const double p50 = histogramQuantile(0.5, *requestDurations(engine.last())->foreign);
        const double p99 = histogramQuantile(0.99, *requestDurations(engine.last())->foreign);
        QVERIFY(p50 > 0 && p50 <= p99);

        // Silent, not gone: a stopped process still accepts connections and never answers.
        prometheus.signal(SIGSTOP);
        QVERIFY(engine.waitFor([](const FleetSnapshot& s) {
            return freshness(s) == Freshness::Stale || freshness(s) == Freshness::Unreachable;
        }));
        QVERIFY(engine.last().blind());
        QVERIFY2(requestDurations(engine.last()), "the last good values must stay");
        prometheus.signal(SIGCONT);
        QVERIFY(
            engine.waitFor([](const FleetSnapshot& s) { return freshness(s) == Freshness::Live; }));

        prometheus.kill9();
        QVERIFY(engine.waitFor(
            [](const FleetSnapshot& s) { return freshness(s) == Freshness::Unreachable; }));
        const SourceStatus& source = engine.last().sources.front();
        QVERIFY(source.lastFailure);
        QVERIFY2(source.lastFailure->message.contains(QStringLiteral("127.0.0.1")),
                 qPrintable(source.lastFailure->message));
        QVERIFY(requestDurations(engine.last()));

        prometheus.start(arguments());
        QVERIFY(engine.waitFor(
            [](const FleetSnapshot& s) { return freshness(s) == Freshness::Live; }, 60'000));
        QVERIFY(!engine.last().sources.front().lastFailure);
    }
};

QTEST_GUILESS_MAIN(TestForeignPrometheus)
#include "tst_foreignprometheus.moc"
