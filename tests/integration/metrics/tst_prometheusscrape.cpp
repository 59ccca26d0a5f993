// A real Prometheus scrapes vigied, vigie-worker and a page of odd histograms, and its
// histogram_quantile is compared with ours over what it has stored.

#include "core/telemetry/histogram.h"
#include "tests/integration/metrics/metricpages.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QStandardPaths>
#include <QTcpServer>
#include <QUrlQuery>

#include <cmath>

using namespace vigie;

namespace {

quint16 freePort() {
    QTcpServer probe;
    probe.listen(QHostAddress::LocalHost, 0);
    return probe.serverPort();
}

double number(const QJsonValue& sample) {
    const QString text = sample[QStringLiteral("value")][1].toString();
    return text == QLatin1String("NaN")    ? std::nan("")
           : text == QLatin1String("+Inf") ? INFINITY
           : text == QLatin1String("-Inf") ? -INFINITY
                                           : text.toDouble();
}

/// The labels of a series without those that tell its buckets apart.
QByteArray seriesOf(const QJsonValue& sample) {
    QJsonObject labels = sample[QStringLiteral("metric")].toObject();
    labels.remove(QLatin1String("le"));
    labels.remove(QLatin1String("__name__"));
    return QJsonDocument(labels).toJson(QJsonDocument::Compact);
}

const QByteArray oddHistograms = "# TYPE odd histogram\n"
                                 "odd_bucket{case=\"negative\",le=\"-3\"} 5\n"
                                 "odd_bucket{case=\"negative\",le=\"-1\"} 15\n"
                                 "odd_bucket{case=\"negative\",le=\"+Inf\"} 20\n"
                                 "odd_bucket{case=\"falling\",le=\"1\"} 10\n"
                                 "odd_bucket{case=\"falling\",le=\"2\"} 5\n"
                                 "odd_bucket{case=\"falling\",le=\"3\"} 6\n"
                                 "odd_bucket{case=\"falling\",le=\"4\"} 20\n"
                                 "odd_bucket{case=\"falling\",le=\"+Inf\"} 20\n"
                                 "odd_bucket{case=\"only infinity\",le=\"+Inf\"} 20\n"
                                 "odd_bucket{case=\"no infinity\",le=\"1\"} 10\n"
                                 "odd_bucket{case=\"empty\",le=\"1\"} 0\n"
                                 "odd_bucket{case=\"empty\",le=\"+Inf\"} 0\n"
                                 "odd_bucket{case=\"not a number\",le=\"1\"} 10\n"
                                 "odd_bucket{case=\"not a number\",le=\"2\"} 20\n"
                                 "odd_bucket{case=\"not a number\",le=\"+Inf\"} NaN\n"
                                 "odd_bucket{case=\"one bucket\",le=\"0.5\"} 7\n"
                                 "odd_bucket{case=\"one bucket\",le=\"+Inf\"} 9\n"
                                 "odd_bucket{case=\"crossing zero\",le=\"-1\"} 10\n"
                                 "odd_bucket{case=\"crossing zero\",le=\"1\"} 20\n"
                                 "odd_bucket{case=\"crossing zero\",le=\"+Inf\"} 20\n"
                                 "odd_bucket{case=\"two ways\",le=\"1\"} 5\n"
                                 "odd_bucket{case=\"two ways\",le=\"1.5\"} 6\n"
                                 "odd_bucket{case=\"two ways\",le=\"2e0\"} 20\n"
                                 "odd_bucket{case=\"two ways\",le=\"+Inf\"} 21\n";

} // namespace

class TestPrometheusScrape : public QObject {
    Q_OBJECT

private:
    MetricPages m_pages;
    FaultyServer m_odd;
    QTemporaryDir m_dir;
    quint16 m_port = freePort();
    std::unique_ptr<Program> m_prometheus;
    double m_at = 0; ///< the instant that queries are about, in seconds since the epoch; 0: now

    QByteArray scrapeOf(const char* name, const QUrl& url, const QByteArray& more = {}) const {
        return QByteArray("- job_name: ") + name + "\n  static_configs:\n  - targets: ['" +
               url.authority().toUtf8() + "']\n" + more;
    }

    QJsonValue api(const QString& path, const QString& query = {}) {
        QUrl url(QStringLiteral("http://127.0.0.1:%1/api/v1/%2").arg(m_port).arg(path));
        if (!query.isEmpty()) {
            QString escaped = query;
            escaped.replace(QLatin1Char('%'), QLatin1String("%25"))
                .replace(QLatin1Char('+'), QLatin1String("%2B"));
            QString asked = QStringLiteral("query=") + escaped;
            if (m_at > 0)
                asked += QStringLiteral("&time=%1").arg(m_at, 0, 'f', 3);
            url.setQuery(asked);
        }
        return QJsonDocument::fromJson(m_pages.get(url)).object().value(QLatin1String("data"));
    }
    QJsonArray query(const QString& expression) {
        return api(QStringLiteral("query"), expression)[QStringLiteral("result")].toArray();
    }

    /// An instant whose scrapes are all stored: later ones can't change what is read of it.
    void lookBack() {
        const auto now = SystemClock().wallNow().time_since_epoch();
        m_at = std::chrono::duration<double>(now).count() - 2;
    }

    /// What Prometheus stored of a histogram, and its own answers, of the same instant.
    void compareQuantiles(const QString& buckets, int atLeast) {
        QTRY_VERIFY_WITH_TIMEOUT((lookBack(), !query(buckets).isEmpty()), 60'000);
        QMap<QByteArray, ClassicHistogram> stored;
        for (const auto& sample : query(buckets))
            stored[seriesOf(sample)].buckets.push_back(
                {sample[QStringLiteral("metric")][QStringLiteral("le")].toString() ==
                         QLatin1String("+Inf")
                     ? INFINITY
                     : sample[QStringLiteral("metric")][QStringLiteral("le")].toString().toDouble(),
                 number(sample)});
        QVERIFY2(stored.size() >= atLeast, qPrintable(QString::number(stored.size())));
        for (const char* q :
             {"-0.5", "0", "0.1", "0.25", "0.5", "0.9", "0.95", "0.99", "1", "1.5", "NaN"}) {
            const double asked = QByteArray(q) == "NaN" ? std::nan("") : QByteArray(q).toDouble();
            const QJsonArray answers =
                query(QStringLiteral("histogram_quantile(%1, %2)").arg(QLatin1String(q), buckets));
            QCOMPARE(answers.size(), qsizetype(stored.size()));
            for (const auto& answer : answers) {
                const double theirs = number(answer);
                const double ours = histogramQuantile(asked, stored.value(seriesOf(answer)));
                const bool same = (std::isnan(theirs) && std::isnan(ours)) || theirs == ours ||
                                  std::abs(theirs - ours) <= 1e-12 * std::abs(theirs);
                QVERIFY2(same,
                         qPrintable(QStringLiteral("%1 of %2: %3, ours %4")
                                        .arg(QLatin1String(q), QString::fromUtf8(seriesOf(answer)))
                                        .arg(theirs)
                                        .arg(ours)));
            }
        }
    }

private Q_SLOTS:
    void initTestCase() {
        const QString binary = QStandardPaths::findExecutable(QStringLiteral("prometheus"));
        QVERIFY2(!binary.isEmpty(),
                 "Debian's package prometheus is missing: see packaging/deps.sh");
        QVERIFY2(m_pages.start(), qPrintable(m_pages.why()));
        m_odd.play(
            {faults::answer(200, oddHistograms, {{"Content-Type", "text/plain; version=0.0.4"}})});
        QFile config(m_dir.filePath(QStringLiteral("prometheus.yml")));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write("global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\nscrape_configs:\n" +
                     scrapeOf("vigied", m_pages.daemonMetrics(),
                              "  authorization:\n    credentials_file: " +
                                  m_pages.tokenFile().toUtf8() + "\n") +
                     scrapeOf("worker", m_pages.workerMetrics()) + scrapeOf("odd", m_odd.url()));
        config.close();
        m_prometheus = std::make_unique<Program>(binary);
        m_prometheus->start(
            {QStringLiteral("--config.file=") + config.fileName(),
             QStringLiteral("--storage.tsdb.path=") + m_dir.filePath(QStringLiteral("data")),
             QStringLiteral("--web.listen-address=127.0.0.1:%1").arg(m_port),
             QStringLiteral("--log.level=error")});
        const auto targets = [this] {
            return QJsonDocument(api(QStringLiteral("targets")).toObject()).toJson() +
                   m_prometheus->standardError();
        };
        QTRY_VERIFY2_WITH_TIMEOUT(query(QStringLiteral("up == 1")).size() == 3,
                                  targets().constData(), 90'000);
    }

    void everythingIsTaken() {
        for (const auto& target :
             api(QStringLiteral("targets"))[QStringLiteral("activeTargets")].toArray())
            QCOMPARE(target[QStringLiteral("lastError")].toString(), QString());
        QCOMPARE(query(QStringLiteral("vigie_store_up")).size(), 1);
        QCOMPARE(number(query(QStringLiteral("vigie_store_up")).at(0)), 1.0);
        QVERIFY(number(query(QStringLiteral("sum(inventiv_worker_gpus)")).at(0)) == 2.0);
        // Every sample of the page arrived: none was refused or lost its type.
        QVERIFY(number(query(QStringLiteral("scrape_samples_scraped{job=\"vigied\"}")).at(0)) >
                100);
        const QJsonObject metadata = api(QStringLiteral("metadata")).toObject();
        for (const auto& [name, type] : {std::pair{"vigie_http_requests_total", "counter"},
                                         std::pair{"vigie_job_duration_seconds", "histogram"},
                                         std::pair{"inventiv_worker_load1", "gauge"}})
            QCOMPARE(metadata[QLatin1String(name)][0][QStringLiteral("type")].toString(),
                     QLatin1String(type));
    }

    void ourHistogramsInTheirHands() {
        compareQuantiles(QStringLiteral("vigie_http_request_duration_seconds_bucket"), 1);
        compareQuantiles(QStringLiteral("vigie_job_duration_seconds_bucket"), 2);
        compareQuantiles(QStringLiteral("inventiv_worker_heartbeat_duration_seconds_bucket"), 1);
    }

    void oddHistogramsToo() { compareQuantiles(QStringLiteral("odd_bucket"), 9); }
};

QTEST_GUILESS_MAIN(TestPrometheusScrape)
#include "tst_prometheusscrape.moc"
