#include "core/telemetry/metrics.h"
#include "core/telemetry/utf8.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <cmath>
#include <thread>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

Exposition page(const MetricRegistry& registry) {
    const std::string bytes = registry.serialize();
    auto read = parseExposition(bytes, ExpositionFormat::Text);
    if (!read)
        qFatal("%s in\n%s", read.error().message.c_str(), bytes.c_str());
    return *std::move(read);
}

double valueOf(const Exposition& exposition, const char* name, const MetricLabels& labels = {}) {
    const MetricFamily* family = exposition.find(name);
    if (family)
        for (const MetricSample& sample : family->samples)
            if (sample.labels == labels)
                return sample.value;
    return std::nan("");
}

} // namespace

class TestMetrics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void countersGrow() {
        MetricRegistry registry;
        auto& polls = registry.counters("vigie_polls_total", "Polls made.");
        polls.add({{"source", "paris"}});
        polls.add({{"source", "paris"}}, 2);
        polls.add({{"source", "lyon"}}, -5);
        polls.add({{"source", "lyon"}}, std::nan(""));
        polls.raiseTo({{"source", "nice"}}, 7);
        polls.raiseTo({{"source", "nice"}}, 3);
        const auto seen = page(registry);
        QVERIFY(seen.find("vigie_polls_total")->type == MetricType::Counter);
        QCOMPARE(valueOf(seen, "vigie_polls_total", {{"source", "paris"}}), 3.0);
        QCOMPARE(valueOf(seen, "vigie_polls_total", {{"source", "nice"}}), 7.0);
        QVERIFY(std::isnan(valueOf(seen, "vigie_polls_total", {{"source", "lyon"}})));
    }

    void theSameNameIsTheSameSet() {
        MetricRegistry registry;
        QCOMPARE(&registry.counters("a_total", "A."), &registry.counters("a_total", "A."));
    }

    void gaugesComeAndGo() {
        MetricRegistry registry;
        auto& instances = registry.gauges("vigie_instances", "Instances by status.");
        instances.replace({{{{"status", "ready"}}, 3}, {{{"status", "booting"}}, 1}});
        instances.replace({{{{"status", "ready"}}, 4}});
        const auto seen = page(registry);
        QCOMPARE(valueOf(seen, "vigie_instances", {{"status", "ready"}}), 4.0);
        QVERIFY(std::isnan(valueOf(seen, "vigie_instances", {{"status", "booting"}})));
        instances.replace({});
        QVERIFY(!page(registry).find("vigie_instances"));
        instances.set(2);
        QCOMPARE(valueOf(page(registry), "vigie_instances"), 2.0);
    }

    void histogramsAreInSeconds() {
        MetricRegistry registry;
        auto& latency = registry.histograms("vigie_poll_duration_seconds", "Poll latency.");
        latency.observe({{"source", "paris"}}, 5ms); // on a bound: belongs to it
        latency.observe({{"source", "paris"}}, 40ms);
        latency.observe({{"source", "paris"}}, 2h); // above every bound
        const auto seen = page(registry);
        const MetricFamily* family = seen.find("vigie_poll_duration_seconds");
        QVERIFY(family->type == MetricType::Histogram);
        const auto series = classicHistograms(*family);
        QCOMPARE(series.size(), std::size_t{1});
        QCOMPARE(series[0].histogram.count, 3.0);
        QCOMPARE(series[0].histogram.sum, 7200.045);
        const auto upTo = [&](double bound) {
            for (const auto& bucket : series[0].histogram.buckets)
                if (bucket.upperBound == bound)
                    return bucket.cumulativeCount;
            return -1.0;
        };
        QCOMPARE(upTo(0.0025), 0.0);
        QCOMPARE(upTo(0.005), 1.0);
        QCOMPARE(upTo(0.05), 2.0);
        QCOMPARE(upTo(3600), 2.0);
        QCOMPARE(upTo(INFINITY), 3.0);
        latency.set({{"source", "paris"}}, Histogram());
        QCOMPARE(classicHistograms(*page(registry).find("vigie_poll_duration_seconds"))[0]
                     .histogram.count,
                 0.0);
    }

    void whatAPageCannotHoldIsMended() {
        MetricRegistry registry;
        registry.gauges("1 bad-name", "Two\nlines with a \\ and \xff.")
            .set({{"bad name", "line\nend \"quote\" \\ \xff\xfe"},
                  {"__reserved", "a"},
                  {"le", "b"},
                  {"", "c"},
                  {"9", "d"}},
                 1);
        const auto seen = page(registry);
        QCOMPARE(seen.families.size(), std::size_t{1});
        const MetricFamily& family = seen.families[0];
        QCOMPARE(QString::fromStdString(family.name), QStringLiteral("_1_bad_name"));
        QCOMPARE(QString::fromStdString(family.help),
                 QStringLiteral("Two\nlines with a \\ and \uFFFD."));
        QVERIFY(seen.warnings.empty());
        QCOMPARE(family.samples[0].labels.size(), std::size_t{5});
        const auto named =
            std::ranges::find(family.samples[0].labels, "bad_name", &MetricLabel::name);
        QCOMPARE(QString::fromStdString(named->value),
                 QStringLiteral("line\nend \"quote\" \\ \uFFFD\uFFFD"));
    }

    void utf8_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("valid");
        QTest::newRow("ascii") << QByteArray("abc") << true;
        QTest::newRow("two") << QByteArray("\xc3\xa9") << true;
        QTest::newRow("three") << QByteArray("\xe2\x82\xac") << true;
        QTest::newRow("four") << QByteArray("\xf0\x9f\x98\x80") << true;
        QTest::newRow("overlong") << QByteArray("\xc0\xaf") << false;
        QTest::newRow("overlong three") << QByteArray("\xe0\x80\xaf") << false;
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << false;
        QTest::newRow("beyond") << QByteArray("\xf4\x90\x80\x80") << false;
        QTest::newRow("cut") << QByteArray("\xe2\x82") << false;
        QTest::newRow("alone") << QByteArray("a\x80") << false;
    }
    void utf8() {
        QFETCH(QByteArray, bytes);
        QFETCH(bool, valid);
        const std::string given = bytes.toStdString();
        QCOMPARE(isValidUtf8(given), valid);
        QVERIFY(isValidUtf8(toValidUtf8(given)));
        QCOMPARE(toValidUtf8(given) == given, valid);
    }

    void anyThread() {
        MetricRegistry registry;
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&registry, t] {
                for (int i = 0; i < 2000; ++i) {
                    registry.counters("a_total", "A.").add({{"t", std::to_string(i % 3)}});
                    registry.gauges("b", "B.").replace(
                        {{{{"t", std::to_string(i % 5)}}, double(i)}});
                    registry.histograms("c_seconds", "C.").observe({}, 1ms * i);
                    if (i % 500 == t)
                        registry.serialize();
                }
            });
        for (auto& thread : threads)
            thread.join();
        const auto seen = page(registry);
        double sum = 0;
        for (const auto& sample : seen.find("a_total")->samples)
            sum += sample.value;
        QCOMPARE(sum, 8000.0);
        QCOMPARE(seen.find("b")->samples.size(), std::size_t{1});
    }

    /// The page is what Prometheus' own tool takes without a complaint.
    void promtoolAccepts() {
        const QString promtool = QStandardPaths::findExecutable(QStringLiteral("promtool"));
        if (promtool.isEmpty())
            QFAIL("promtool is missing: see packaging/deps.sh");
        MetricRegistry registry;
        registry.counters("vigie_polls_total", "Polls made,\nwith \\ and \xff.")
            .add({{"source", "a \"quoted\"\nline \\ \xff"}});
        registry.gauges("vigie_instances", "Instances by status.")
            .set({{"status", "ready"}}, 1e300);
        registry.gauges("vigie_nothing_yet", "Has no series.");
        auto& latency = registry.histograms("vigie_poll_duration_seconds", "Poll latency.");
        latency.observe({{"source", "paris"}}, 5ms);
        latency.observe({{"source", "lyon"}}, 3h);
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(promtool, {QStringLiteral("check"), QStringLiteral("metrics")});
        process.write(QByteArray::fromStdString(registry.serialize()));
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished());
        const QByteArray said = process.readAll();
        QVERIFY2(process.exitCode() == 0 && said.trimmed().isEmpty(), said.constData());
    }
};

QTEST_GUILESS_MAIN(TestMetrics)
#include "tst_metrics.moc"
