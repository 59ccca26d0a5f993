#include "core/telemetry/histogram.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>

using namespace vigie;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

struct Case {
    const char* name;
    std::vector<ClassicHistogram::Bucket> buckets;
    double q;
    double expected;
};

const std::vector<Case>& cases() {
    static const std::vector<Case> all{
        {"middle of a bucket", {{1, 10}, {2, 20}, {inf, 20}}, 0.75, 1.5},
        {"first bucket starts at 0", {{1, 10}, {inf, 10}}, 0.5, 0.5},
        {"on a bound", {{1, 10}, {2, 20}, {inf, 20}}, 0.5, 1},
        {"in +Inf: the bound below", {{1, 10}, {2, 10}, {inf, 20}}, 0.9, 2},
        {"negative first bound", {{-1, 10}, {1, 20}, {inf, 20}}, 0.1, -1},
        {"across zero", {{-1, 10}, {1, 20}, {inf, 20}}, 0.75, 0},
        {"first bound 0", {{0, 10}, {1, 20}, {inf, 20}}, 0.1, 0},
        {"q 0", {{1, 10}, {2, 20}, {inf, 20}}, 0, 0},
        {"q 0, empty first bucket", {{1, 0}, {2, 20}, {inf, 20}}, 0, notANumber},
        {"q 1", {{1, 10}, {2, 20}, {inf, 20}}, 1, 2},
        {"q below 0", {{1, 10}, {inf, 20}}, -0.1, -inf},
        {"q above 1", {{1, 10}, {inf, 20}}, 1.1, inf},
        {"q NaN", {{1, 10}, {inf, 20}}, notANumber, notANumber},
        {"no +Inf", {{1, 10}, {2, 20}}, 0.5, notANumber},
        {"only +Inf", {{inf, 20}}, 0.5, notANumber},
        {"no observations", {{1, 0}, {inf, 0}}, 0.5, notANumber},
        {"falling counts are lifted", {{1, 10}, {2, 5}, {4, 20}, {inf, 20}}, 0.75, 3},
        {"fractional counts", {{1, 0.5}, {2, 1}, {inf, 1}}, 0.75, 1.5},
        {"falling twice: lifted to the last good one",
         {{1, 10}, {2, 5}, {3, 6}, {4, 20}, {inf, 20}},
         0.75,
         3.5},
        {"falling into +Inf", {{1, 10}, {2, 20}, {inf, 15}}, 0.75, 1.5},
        {"all bounds negative", {{-3, 5}, {-1, 15}, {inf, 20}}, 0.5, -2},
        {"all bounds negative, in +Inf", {{-3, 5}, {-1, 15}, {inf, 20}}, 0.9, -1},
        {"only an empty bucket below", {{1, 0}, {inf, 20}}, 0.5, 1},
        {"one observation", {{1, 0}, {2, 1}, {inf, 1}}, 0.5, 1.5},
        {"tiny counts", {{1, 1e-300}, {2, 2e-300}, {inf, 2e-300}}, 0.75, 1.5},
        {"huge counts", {{1, 1e300}, {2, 2e300}, {inf, 2e300}}, 0.75, 1.5},
        {"-Inf as a bound", {{-inf, 5}, {1, 10}, {inf, 20}}, 0.1, -inf},
        {"q barely below 0", {{1, 10}, {inf, 20}}, -1e-300, -inf},
        {"q barely above 1", {{1, 10}, {inf, 20}}, 1.0000000001, inf},
        {"out of order", {{inf, 20}, {2, 20}, {1, 10}}, 0.75, 1.5},
    };
    return all;
}

bool same(double a, double b) {
    return (std::isnan(a) && std::isnan(b)) || a == b || std::abs(a - b) < 1e-9;
}

QByteArray word(double value) {
    return std::isnan(value) ? "NaN"
           : value == inf    ? "+Inf"
           : value == -inf   ? "-Inf"
                             : QByteArray::number(value, 'g', 17);
}

} // namespace

class TestClassicHistogram : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void quantiles_data() {
        QTest::addColumn<int>("index");
        for (int i = 0; i < int(cases().size()); ++i)
            QTest::newRow(cases()[std::size_t(i)].name) << i;
    }
    void quantiles() {
        QFETCH(int, index);
        const Case& each = cases()[std::size_t(index)];
        ClassicHistogram histogram;
        histogram.buckets = each.buckets;
        const double seen = histogramQuantile(each.q, histogram);
        QVERIFY2(same(seen, each.expected), word(seen).constData());
    }

    void equalBoundsAreOneBucket() {
        ClassicHistogram histogram;
        histogram.buckets = {{1, 5}, {1, 5}, {2, 20}, {inf, 20}};
        QVERIFY(same(histogramQuantile(0.75, histogram), 1.5));
    }

    /// Since 2.49, which is newer than the promtool at hand: what rounding took or gave is no
    /// count.
    void smallDifferencesAreIgnored() {
        ClassicHistogram histogram;
        histogram.buckets = {{1, 10}, {2, 10 + 1e-13}, {4, 10 - 1e-13}, {8, 20}, {inf, 20}};
        QVERIFY(same(histogramQuantile(0.75, histogram), 6));
        // Beyond the tolerance it is a count like any other.
        histogram.buckets = {{1, 10}, {2, 10.001}, {inf, 20}};
        QVERIFY(same(histogramQuantile(0.50002, histogram), 1.4));
    }

    /// A NaN among the counts decides nothing it is not looked at for.
    void countsThatAreNotNumbers() {
        ClassicHistogram histogram;
        histogram.buckets = {{1, 10}, {2, 20}, {inf, notANumber}};
        QVERIFY(same(histogramQuantile(0.5, histogram), 2)); // no rank is found: below +Inf
        histogram.buckets = {{1, notANumber}, {2, 20}, {4, 30}, {inf, 30}};
        QVERIFY(same(histogramQuantile(0.9, histogram), 3.4));
    }

    void nothingAtAll() { QVERIFY(std::isnan(histogramQuantile(0.5, ClassicHistogram()))); }

    /// Prometheus itself is asked the same questions.
    void prometheusAgrees() {
        const QString promtool = QStandardPaths::findExecutable(QStringLiteral("promtool"));
        if (promtool.isEmpty())
            QFAIL("promtool is missing: see packaging/deps.sh");
        QByteArray rules = "rule_files: []\nevaluation_interval: 1m\ntests:\n";
        for (const Case& each : cases()) {
            rules += "  - interval: 1m\n    input_series:\n";
            for (const auto& bucket : each.buckets)
                rules += "      - series: 'h{le=\"" + word(bucket.upperBound) + "\"}'\n" +
                         "        values: '" + word(bucket.cumulativeCount) + "'\n";
            // promtool finds NaN unequal to NaN: that is what those cases ask it.
            const QByteArray asked = "histogram_quantile(" + word(each.q) + ", h)";
            const bool none = std::isnan(each.expected);
            rules += "    promql_expr_test:\n      - expr: " +
                     (none ? "count(" + asked + " != " + asked + ")" : asked) +
                     "\n        eval_time: 0m\n        exp_samples:\n          - labels: '{}'\n" +
                     "            value: " +
                     (none                    ? QByteArray("1")
                      : each.expected == inf  ? QByteArray(".inf")
                      : each.expected == -inf ? QByteArray("-.inf")
                                              : QByteArray::number(each.expected, 'g', 17)) +
                     "\n";
        }
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("tests.yml")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(rules) == rules.size());
        file.close();
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(promtool, {QStringLiteral("test"), QStringLiteral("rules"), file.fileName()});
        QVERIFY(process.waitForFinished());
        QVERIFY2(process.exitCode() == 0, process.readAll().constData());
    }
};

QTEST_GUILESS_MAIN(TestClassicHistogram)
#include "tst_classichistogram.moc"
