#include "core/telemetry/exposition.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <cmath>

using namespace vigie;

namespace {

using Format = ExpositionFormat;

QString samplesFolder() {
    return QStringLiteral(VIGIE_SOURCE_DIR "/../shared/samples/");
}

QByteArray readFile(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

auto parse(const QByteArray& bytes, Format format = Format::Text,
           const ExpositionLimits& limits = {}) {
    return parseExposition({bytes.constData(), std::size_t(bytes.size())}, format, limits);
}

QString text(const std::string& bytes) {
    return QString::fromStdString(bytes);
}

} // namespace

Q_DECLARE_METATYPE(vigie::ExpositionFormat)

class TestExposition : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsAFamily() {
        const auto read =
            parse("# HELP http_seconds Time to\\nanswer \\\\.\n"
                  "# TYPE http_seconds histogram\n"
                  "http_seconds_bucket{path=\"/a\\\"b\\\\c\\nd\",le=\"0.1\"} 3 1700000000123\n"
                  "http_seconds_bucket{path=\"/a\\\"b\\\\c\\nd\",le=\"+Inf\"} 5\n"
                  "http_seconds_sum{path=\"/a\\\"b\\\\c\\nd\"} 1.5\n"
                  "http_seconds_count{path=\"/a\\\"b\\\\c\\nd\"} 5\n"
                  "# a comment\n\n"
                  "up 1\n");
        QVERIFY(read);
        QCOMPARE(read->families.size(), std::size_t{2});
        QCOMPARE(read->samples, std::size_t{5});
        QVERIFY(read->warnings.empty());
        const MetricFamily* family = read->find("http_seconds");
        QVERIFY(family);
        QVERIFY(family->type == MetricType::Histogram);
        QCOMPARE(text(family->help), QStringLiteral("Time to\nanswer \\."));
        QCOMPARE(family->samples.size(), std::size_t{4});
        QCOMPARE(text(family->samples[0].labels[0].value), QStringLiteral("/a\"b\\c\nd"));
        QCOMPARE(*family->samples[0].timestamp, 1700000000.123);
        const auto series = classicHistograms(*family);
        QCOMPARE(series.size(), std::size_t{1});
        QCOMPARE(series[0].labels.size(), std::size_t{1});
        QCOMPARE(series[0].histogram.count, 5.0);
        QCOMPARE(series[0].histogram.sum, 1.5);
        QCOMPARE(histogramQuantile(0.3, series[0].histogram), 0.05);
        QVERIFY(read->find("up")->type == MetricType::Unknown);
        QVERIFY(!read->find("down"));
    }

    void numbers_data() {
        QTest::addColumn<QByteArray>("word");
        QTest::addColumn<double>("value");
        QTest::newRow("integer") << QByteArray("12") << 12.0;
        QTest::newRow("negative") << QByteArray("-12.5") << -12.5;
        QTest::newRow("plus") << QByteArray("+1e3") << 1000.0;
        QTest::newRow("exponent") << QByteArray("1.5E-3") << 0.0015;
        QTest::newRow("+Inf") << QByteArray("+Inf") << double(INFINITY);
        QTest::newRow("-inf") << QByteArray("-inf") << double(-INFINITY);
        QTest::newRow("NaN") << QByteArray("NaN") << double(NAN);
        QTest::newRow("dot") << QByteArray(".5") << 0.5;
    }
    void numbers() {
        QFETCH(QByteArray, word);
        QFETCH(double, value);
        const auto read = parse("m " + word + "\n");
        QVERIFY(read);
        const double seen = read->families[0].samples[0].value;
        QVERIFY(seen == value || (std::isnan(seen) && std::isnan(value)));
    }

    void errorsNameTheLine_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const char* bytes, const char* message) {
            QTest::newRow(name) << QByteArray(bytes) << QString::fromLatin1(message);
        };
        row("no value", "a 1\nb\n", "line 2: the metric \"b\" has no value");
        row("not a number", "a 1\nb 1x\n", "line 2: \"1x\" is not a number");
        row("hexadecimal", "a 0x1\n", "line 1: \"0x1\" is not a number");
        row("html", "<!DOCTYPE html><html>\n", "line 1: this is HTML or XML, not metrics");
        row("json", "{\"a\":1}\n", "line 1: the labels lack a comma or a closing brace at \":1}\"");
        row("words", "404 page not found\n",
            "line 1: \"404 page not found\" does not begin with a metric name");
        row("cut off", "a 1\nb 12", "line 2: the last line has no end");
        row("open quote", "a{b=\"c} 1\n", "line 1: a label value has no closing quote");
        row("no quote", "a{b=c} 1\n", "line 1: the value of the label \"b\" is not in quotes");
        row("no equals", "a{b} 1\n", "line 1: the label \"b\" has no value");
        row("twice", "a{b=\"1\",b=\"2\"} 1\n", "line 1: the label \"b\" is there twice");
        row("reserved", "a{__name__=\"1\"} 1\n", "line 1: the label name __name__ is reserved");
        row("more", "a 1 2 3\n", "line 1: \"3\" follows where the line should end");
        row("timestamp", "a 1 2.5\n", "line 1: \"2.5\" is not a timestamp");
        row("control bytes", "a \x01\x02\n", "line 1: \"??\" is not a number");
    }
    void errorsNameTheLine() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, message);
        const auto read = parse(bytes);
        QVERIFY(!read);
        QCOMPARE(text(read.error().message), message);
        QCOMPARE(read.error().truncated, message.contains(QLatin1String("no end")));
    }

    void limits_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("bytes") << QByteArray(2001, '#');
        QTest::newRow("samples") << QByteArray("a 1\n").repeated(11);
        QTest::newRow("labels") << QByteArray("a{b=\"1\",c=\"1\",d=\"1\",e=\"1\"} 1\n");
        QTest::newRow("metric name") << QByteArray(50, 'a') + " 1\n";
        QTest::newRow("label name") << "a{" + QByteArray(50, 'a') + "=\"\"} 1\n";
        QTest::newRow("label value") << "a{b=\"" + QByteArray(150, 'a') + "\"} 1\n";
        QTest::newRow("help") << "# HELP a " + QByteArray(150, 'a') + "\n";
    }
    void limits() {
        QFETCH(QByteArray, bytes);
        QVERIFY(parse(bytes) || bytes.startsWith("##")); // within the defaults
        const auto read = parse(bytes, Format::Text, {2000, 10, 3, 40, 100});
        QVERIFY(!read);
        QVERIFY2(read.error().tooLarge, read.error().message.c_str());
    }

    void whatPrometheusTakesIsAWarning_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("second TYPE") << QByteArray("# TYPE a counter\n# TYPE a gauge\na 1\n");
        QTest::newRow("second HELP") << QByteArray("# HELP a one\n# HELP a two\na 1\n");
        QTest::newRow("late TYPE") << QByteArray("a 1\n# TYPE a counter\n");
        QTest::newRow("unknown type") << QByteArray("# TYPE a thing\na 1\n");
        QTest::newRow("le") << QByteArray("# TYPE a histogram\na_bucket{le=\"x\"} 1\n");
        QTest::newRow("escape") << QByteArray("a{b=\"\\t\"} 1\n");
        QTest::newRow("not UTF-8") << QByteArray("a{b=\"\xff\"} 1\n");
    }
    void whatPrometheusTakesIsAWarning() {
        QFETCH(QByteArray, bytes);
        const auto read = parse(bytes);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(read->warnings.size(), std::size_t{1});
        QCOMPARE(read->samples, std::size_t{1});
    }

    void familiesMayComeInPieces() {
        const auto read = parse("# TYPE a counter\na{x=\"1\"} 1\nb 2\na{x=\"2\"} 3\n");
        QVERIFY(read);
        QCOMPARE(read->find("a")->samples.size(), std::size_t{2});
    }

    void quotedNamesAreRead() {
        const auto read = parse("# TYPE \"my.metric\" gauge\n{\"my.metric\",\"a.b\"=\"c\"} 7\n");
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY(read->find("my.metric"));
        QVERIFY(read->find("my.metric")->type == MetricType::Gauge);
        QCOMPARE(text(read->find("my.metric")->samples.at(0).labels.at(0).name),
                 QStringLiteral("a.b"));
    }

    void windowsLineEnds() { QCOMPARE(parse("a 1\r\nb 2\r\n")->samples, std::size_t{2}); }

    void openMetricsNeedsItsEnd() {
        QVERIFY(parse("a 1\n# EOF\n", Format::OpenMetrics));
        QVERIFY(parse("a 1\n# EOF", Format::OpenMetrics));
        const auto cut = parse("a 1\n", Format::OpenMetrics);
        QVERIFY(!cut && cut.error().truncated);
        QVERIFY(!parse("# EOF\na 1\n", Format::OpenMetrics));
    }

    void formatByContentType_data() {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<bool>("openMetrics");
        QTest::newRow("text") << QByteArray("text/plain; version=0.0.4") << false;
        QTest::newRow("none") << QByteArray() << false;
        QTest::newRow("om") << QByteArray("Application/OpenMetrics-Text; version=1.0.0") << true;
    }
    void formatByContentType() {
        QFETCH(QByteArray, type);
        QFETCH(bool, openMetrics);
        QCOMPARE(expositionFormat(type.toStdString()) == Format::OpenMetrics, openMetrics);
    }

    void histogramsAreToldApartByLabels() {
        const auto read = parse("# TYPE h histogram\n"
                                "h_bucket{a=\"1\",b=\"2\",le=\"1\"} 1\n"
                                "h_bucket{b=\"2\",le=\"+Inf\",a=\"1\"} 2\n" // the same, other order
                                "h_bucket{a=\"12\",b=\"\",le=\"1\"} 4\n"
                                "h_bucket{a=\"12\",b=\"\",le=\"nonsense\"} 9\n"
                                "h_count{a=\"12\",b=\"\"} 6\n"); // no +Inf: made from the count
        QVERIFY(read);
        const auto series = classicHistograms(*read->find("h"));
        QCOMPARE(series.size(), std::size_t{2});
        QCOMPARE(series[0].histogram.buckets.size(), std::size_t{2});
        QCOMPARE(series[0].histogram.count, 2.0);
        QCOMPARE(series[1].histogram.buckets.size(), std::size_t{2});
        QVERIFY(std::isinf(series[1].histogram.buckets.back().upperBound));
        QCOMPARE(series[1].histogram.buckets.back().cumulativeCount, 6.0);
    }

    void anyBytesAreSurvived() {
        std::uint32_t state = 7;
        const QByteArray alphabet =
            QByteArray("ab{}=\",\\ \t\n#1.eE+-NaInf<>\xff\x80HELPTYPE_") + '\0';
        for (int round = 0; round < 5000; ++round) {
            QByteArray bytes;
            for (int i = 0; i < 60; ++i) {
                state = state * 1664525u + 1013904223u;
                bytes += alphabet.at(int((state >> 16) % unsigned(alphabet.size())));
            }
            for (const auto format : {Format::Text, Format::OpenMetrics}) {
                const auto read = parse(bytes, format);
                if (!read)
                    QVERIFY(read.error().line > 0 && !read.error().message.empty());
            }
        }
    }

    void manyLinesMakeOneHistogram() {
        QByteArray bytes("# TYPE h histogram\n");
        for (int i = 0; i < 150'000; ++i)
            bytes += "h_bucket{path=\"/a\",code=\"200\",le=\"" + QByteArray::number(i) + "\"} 1\n";
        const auto read = parse(bytes);
        QVERIFY(read);
        QCOMPARE(classicHistograms(*read->find("h")).size(), std::size_t{1});
    }

    // Captured and retyped expositions of real systems, where the folder is present.
    void samples_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<Format>("format");
        for (const auto& folder :
             {"prometheus-text", "vllm", "tgi", "ray", "opossum", "haproxy", "envoy"}) {
            const QDir dir(samplesFolder() + QLatin1String(folder));
            for (const QString& name : dir.entryList({QStringLiteral("*.txt")})) {
                if (name.contains(QLatin1String("HEADERS")))
                    continue;
                const bool open = name.contains(QLatin1String(".om.")) ||
                                  name.contains(QLatin1String("openmetrics")) ||
                                  name.contains(QLatin1String("telegraf-om"));
                QTest::newRow(qPrintable(QLatin1String(folder) + QLatin1Char('/') + name))
                    << dir.filePath(name) << (open ? Format::OpenMetrics : Format::Text);
            }
        }
        if (!QDir(samplesFolder()).exists())
            QTest::newRow("absent") << QString() << Format::Text;
    }
    void samples() {
        QFETCH(QString, path);
        QFETCH(Format, format);
        if (path.isEmpty())
            QSKIP("the samples are not beside the checkout");
        QByteArray bytes = readFile(path);
        if (path.contains(QLatin1String("first40k"))) // cut by hand: end it at a line
            bytes.truncate(bytes.lastIndexOf('\n') + 1);
        const auto read = parse(bytes, format);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY(read->samples > 0);
        for (const MetricFamily& family : read->families)
            for (const HistogramSeries& series : classicHistograms(family))
                QVERIFY(!series.histogram.buckets.empty());
    }

    void referenceCases_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<Format>("format");
        QTest::addColumn<bool>("valid");
        const auto add = [](const QString& file, const QString& field, Format format,
                            std::optional<bool> valid) {
            const QByteArray json =
                readFile(samplesFolder() + QStringLiteral("prometheus-text/") + file);
            for (const auto& each : QJsonDocument::fromJson(json).array()) {
                const QJsonObject one = each.toObject();
                QTest::newRow(qPrintable(one[u"case"].toString()))
                    << one[field].toString().toUtf8() << format
                    << valid.value_or(one[u"shouldParse"].toBool());
            }
        };
        add(QStringLiteral("common-fuzz-valid-cases.json"), QStringLiteral("text"), Format::Text,
            true);
        add(QStringLiteral("common-fuzz-error-cases.json"), QStringLiteral("text"), Format::Text,
            false);
        add(QStringLiteral("openmetrics-conformance-cases.json"), QStringLiteral("metrics"),
            Format::OpenMetrics, {});
        if (!QDir(samplesFolder()).exists())
            QTest::newRow("absent") << QByteArray() << Format::Text << true;
    }
    void referenceCases() {
        QFETCH(QByteArray, bytes);
        QFETCH(Format, format);
        QFETCH(bool, valid);
        const QString name = QString::fromUtf8(QTest::currentDataTag());
        const auto read = parse(bytes, format);
        if (valid) {
            QVERIFY2(read, read ? "" : read.error().message.c_str());
            return;
        }
        // What is well-formed but means nothing (a counter below zero, buckets out of order) is
        // left to who uses the numbers, as Prometheus' own scraper leaves it.
        for (const auto& semantic :
             {"bad_counter_values", "bad_histograms", "bad_grouping_or_ordering",
              "bad_info_and_stateset", "bad_stateset_info", "bad_missing_or_invalid_labels_for",
              "bad_exemplars_on_unallowed", "bad_clashing_names_2", "bad_exemplar_complex_chars",
              "bad_exemplars_6", "bad_unit_7"})
            if (name.startsWith(QLatin1String(semantic)))
                return;
        QVERIFY2(!read || !read->warnings.empty(), bytes.constData());
    }
};

QTEST_GUILESS_MAIN(TestExposition)
#include "tst_exposition.moc"
