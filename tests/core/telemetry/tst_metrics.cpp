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

const MetricRegistry::Time now{100h};

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
        latency.observe({{"source", "paris"}}, 5ms, now); // on a bound: belongs to it
        latency.observe({{"source", "paris"}}, 40ms, now);
        latency.observe({{"source", "paris"}}, 2h, now); // above every bound
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
                 QStringLiteral("Two lines with a / and \uFFFD."));
        QVERIFY(seen.warnings.empty());
        QCOMPARE(family.samples[0].labels.size(), std::size_t{5});
        const auto named =
            std::ranges::find(family.samples[0].labels, "bad_name", &MetricLabel::name);
        QCOMPARE(QString::fromStdString(named->value),
                 QStringLiteral("line\nend \"quote\" \\ \uFFFD\uFFFD"));
    }

    /// Labels that others choose can't grow the page without end.
    void aFullFamilyCountsTheRestTogether() {
        std::vector<std::string> told;
        MetricLimits limits;
        limits.maxSeries = 3;
        limits.onFull = [&told](const std::string& family) { told.push_back(family); };
        MetricRegistry registry(limits);
        auto& calls = registry.counters("calls_total", "Calls.");
        auto& latency = registry.histograms("call_seconds", "Latency.");
        auto& depth = registry.gauges("depth", "Depth.");
        QVERIFY(!page(registry).find("vigie_metrics_overflow_total"));
        for (int round = 0; round < 2; ++round) {
            for (int i = 0; i < 10; ++i) {
                const MetricLabels labels{{"peer", std::to_string(i)}, {"kind", "a"}};
                calls.add(labels, 2);
                latency.observe(labels, 1ms, now);
                depth.set(labels, i);
            }
        }
        const MetricLabels others{{"kind", "other"}, {"peer", "other"}};
        const Exposition seen = page(registry);
        QCOMPARE(seen.find("calls_total")->samples.size(), std::size_t{4});
        QCOMPARE(valueOf(seen, "calls_total", others), 28.0);
        QCOMPARE(valueOf(seen, "calls_total", {{"kind", "a"}, {"peer", "2"}}), 4.0);
        const auto series = classicHistograms(*seen.find("call_seconds"));
        QCOMPARE(series.size(), std::size_t{4});
        double observations = 0;
        for (const HistogramSeries& each : series)
            observations += each.histogram.count;
        QCOMPARE(observations, 20.0);
        QCOMPARE(seen.find("depth")->samples.size(), std::size_t{3});
        for (const char* family : {"calls_total", "call_seconds", "depth"})
            QCOMPARE(valueOf(seen, "vigie_metrics_overflow_total", {{"family", family}}), 14.0);
        QCOMPARE(told, (std::vector<std::string>{"calls_total", "call_seconds", "depth"}));

        // Room that is given back can be used again.
        depth.replace({{{{"peer", "8"}}, 1}, {{{"peer", "9"}}, 2}});
        depth.set({{"peer", "10"}}, 3);
        QCOMPARE(page(registry).find("depth")->samples.size(), std::size_t{3});
        std::vector<std::pair<MetricLabels, double>> many;
        for (int i = 0; i < 10; ++i)
            many.push_back({{{"peer", std::to_string(100 + i)}}, double(i)});
        depth.replace(many);
        QCOMPARE(page(registry).find("depth")->samples.size(), std::size_t{3});
    }

    /// prometheus-cpp's own handles die with Remove; ours find their series anew.
    void aRemovedSeriesIsNotTouched() {
        MetricRegistry registry;
        auto& gauges = registry.gauges("a", "A.");
        for (int i = 0; i < 100; ++i) {
            gauges.set({{"x", "1"}}, i);
            gauges.replace({});
            gauges.set({{"x", "1"}}, i + 0.5);
            gauges.replace({{{{"x", "2"}}, double(i)}});
        }
        gauges.set({{"x", "1"}}, 7);
        QCOMPARE(valueOf(page(registry), "a", {{"x", "1"}}), 7.0);
        QCOMPARE(valueOf(page(registry), "a", {{"x", "2"}}), 99.0);
    }

    void lastMinutesAreTold() {
        MetricRegistry registry;
        auto& latency = registry.histograms("a_seconds", "A.");
        latency.observe({}, 1s, now);
        latency.observe({}, 5ms, now + 4min);
        const auto read = registry.read(now + 4min);
        QCOMPARE(read.size(), std::size_t{1});
        const auto& series = read[0].series.at(0);
        QCOMPARE(series.histogram->count(), 2U);
        QCOMPARE(series.windows.size(), std::size_t{3});
        QCOMPARE(series.windows[0].count, 1U);
        QVERIFY(series.windows[0].percentiles.p99 == 5ms);
        QCOMPARE(series.windows[1].count, 2U);
        latency.set({}, Histogram());
        QVERIFY(registry.read(now)[0].series.at(0).windows.empty());
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
                    registry.histograms("c_seconds", "C.").observe({}, 1ms * i, now + 1s * i);
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
        latency.observe({{"source", "paris"}}, 5ms, now);
        latency.observe({{"source", "lyon"}}, 3h, now);
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
