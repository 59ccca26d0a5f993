#include "core/telemetry/metricscodec.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <cmath>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const MetricRegistry::Time now{100h};

QJsonArray decoded(const MetricRegistry& registry) {
    QJsonParseError problem;
    const auto bytes = QByteArray::fromStdString(encodeMetrics(registry.read(now)));
    const auto document = QJsonDocument::fromJson(bytes, &problem);
    if (problem.error != QJsonParseError::NoError)
        qFatal("%s: %s", qPrintable(problem.errorString()), bytes.constData());
    return document.array();
}

QJsonObject family(const QJsonArray& all, QLatin1String name) {
    for (const auto& each : all) {
        if (each.toObject()[u"name"].toString() == name)
            return each.toObject();
    }
    return {};
}

} // namespace

class TestMetricsCodec : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsAnEmptyList() {
        MetricRegistry registry;
        registry.gauges("unused", "Nothing yet.");
        QCOMPARE(encodeMetrics(registry.read(now)), std::string("[]"));
    }

    void numbersAndLabels() {
        MetricRegistry registry;
        registry.counters("a_total", "A \"b\".").add({{"x", "1"}, {"y", "\"\\\n\x01\xff"}}, 2.5);
        auto& gauges = registry.gauges("b", "B.");
        gauges.set({{"of", "nan"}}, std::nan(""));
        gauges.set({{"of", "inf"}}, INFINITY);
        gauges.set({{"of", "less"}}, -INFINITY);
        gauges.set({{"of", "big"}}, 1e300);
        const QJsonArray all = decoded(registry);
        QCOMPARE(all.size(), 2);
        const QJsonObject a = family(all, QLatin1String("a_total"));
        QCOMPARE(a[u"type"].toString(), QStringLiteral("counter"));
        QCOMPARE(a[u"help"].toString(), QStringLiteral("A \"b\"."));
        const QJsonObject sample = a[u"samples"].toArray().at(0).toObject();
        QCOMPARE(sample[u"value"].toDouble(), 2.5);
        QCOMPARE(sample[u"labels"].toObject()[u"y"].toString(),
                 QStringLiteral("\"\\\n") + QChar(1) + QChar(0xfffd));
        QMap<QString, QJsonValue> values;
        for (const auto& each : family(all, QLatin1String("b"))[u"samples"].toArray())
            values[each.toObject()[u"labels"].toObject()[u"of"].toString()] =
                each.toObject()[u"value"];
        QCOMPARE(values[QStringLiteral("nan")].toString(), QStringLiteral("NaN"));
        QCOMPARE(values[QStringLiteral("inf")].toString(), QStringLiteral("+Inf"));
        QCOMPARE(values[QStringLiteral("less")].toString(), QStringLiteral("-Inf"));
        QCOMPARE(values[QStringLiteral("big")].toDouble(), 1e300);
    }

    void histogramsHavePercentiles() {
        MetricRegistry registry;
        auto& latency = registry.histograms("a_seconds", "A.");
        for (int i = 1; i <= 1000; ++i)
            latency.observe({{"route", "/a"}}, 1ms * i, now);
        latency.set({{"route", "/b"}}, Histogram());
        const QJsonArray samples =
            family(decoded(registry), QLatin1String("a_seconds"))[u"samples"].toArray();
        const QJsonObject a = samples.at(0).toObject();
        const auto isNear = [&a](QStringView name, double expected) {
            return std::abs(a[name].toDouble() - expected) <= 0.01 * expected;
        };
        QCOMPARE(a[u"count"].toInt(), 1000);
        QCOMPARE(a[u"sum"].toDouble(), 500.5);
        QVERIFY(isNear(u"p50", 0.5) && isNear(u"p90", 0.9) && isNear(u"p95", 0.95));
        QVERIFY(isNear(u"p99", 0.99) && isNear(u"p999", 0.999));
        const QJsonArray buckets = a[u"buckets"].toArray();
        QCOMPARE(buckets.size(), 20);
        QCOMPARE(buckets.last().toObject()[u"le"].toString(), QStringLiteral("+Inf"));
        QCOMPARE(buckets.last().toObject()[u"count"].toInt(), 1000);
        QCOMPARE(a[u"windows"].toObject().keys(),
                 (QStringList{QStringLiteral("15m"), QStringLiteral("1m"), QStringLiteral("5m")}));
        QCOMPARE(a[u"windows"].toObject()[u"1m"].toObject()[u"count"].toInt(), 1000);

        const QJsonObject b = samples.at(1).toObject();
        QCOMPARE(b[u"count"].toInt(), 0);
        QVERIFY(b[u"p50"].isNull());
        QVERIFY(!b.contains(u"windows"));
    }

    /// Both forms tell the same.
    void textAndJsonAgree() {
        MetricRegistry registry;
        registry.counters("a_total", "A.").add({{"x", "1"}}, 3);
        registry.gauges("b", "B.").set(0.1);
        registry.histograms("c_seconds", "C.").observe({}, 40ms, now);
        const auto text = parseExposition(registry.serialize(), ExpositionFormat::Text);
        QVERIFY(text);
        const QJsonArray json = decoded(registry);
        QCOMPARE(json.size(), int(text->families.size()));
        for (const MetricFamily& each : text->families) {
            const QJsonObject same = family(json, QLatin1String(each.name.c_str()));
            QCOMPARE(same[u"help"].toString().toStdString(), each.help);
            const QJsonObject sample = same[u"samples"].toArray().at(0).toObject();
            if (each.type != MetricType::Histogram) {
                QCOMPARE(sample[u"value"].toDouble(), each.samples[0].value);
                continue;
            }
            const ClassicHistogram histogram = classicHistograms(each)[0].histogram;
            const QJsonArray buckets = sample[u"buckets"].toArray();
            QCOMPARE(buckets.size(), int(histogram.buckets.size()));
            for (int i = 0; i < buckets.size(); ++i)
                QCOMPARE(buckets[i].toObject()[u"count"].toDouble(),
                         histogram.buckets[std::size_t(i)].cumulativeCount);
            QCOMPARE(sample[u"sum"].toDouble(), histogram.sum);
        }
    }
};

QTEST_GUILESS_MAIN(TestMetricsCodec)
#include "tst_metricscodec.moc"
