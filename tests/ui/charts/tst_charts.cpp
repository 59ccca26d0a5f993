#include "ui/charts/heartbeatstrip.h"
#include "ui/charts/latencybins.h"
#include "ui/charts/statebar.h"
#include "ui/theme/theme.h"

#include <QImage>
#include <QPainter>
#include <QtTest>

#include <cmath>
#include <numeric>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

LatencySeries own(std::initializer_list<std::pair<std::chrono::microseconds, int>> values) {
    auto histogram = std::make_shared<Histogram>();
    for (const auto& [value, count] : values)
        histogram->record(value, static_cast<std::uint64_t>(count));
    LatencySeries series;
    series.own = histogram;
    return series;
}

bool hasColor(const QImage& image, const QColor& color) {
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (image.pixelColor(x, y) == color)
                return true;
    return false;
}

} // namespace

class TestCharts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void stateBarFillsItsWidthAndHidesNothing_data() {
        QTest::addColumn<QList<int>>("values");
        QTest::newRow("one in a thousand") << QList<int>{1, 999, 0};
        QTest::newRow("thirds") << QList<int>{1, 1, 1};
        QTest::newRow("alone") << QList<int>{0, 5, 0};
        QTest::newRow("many small") << QList<int>{1, 1, 1, 1, 5000};
    }
    void stateBarFillsItsWidthAndHidesNothing() {
        QFETCH(QList<int>, values);
        std::vector<BarSegment> segments;
        int parts = 0;
        for (const int value : values) {
            segments.push_back({double(value), Qt::red, false});
            parts += value > 0 ? 1 : 0;
        }
        const auto widths = stateBarWidths(300, segments);
        QCOMPARE(std::accumulate(widths.begin(), widths.end(), 0) + parts - 1, 300);
        for (qsizetype i = 0; i < values.size(); ++i)
            QVERIFY(values[i] == 0 ? widths[size_t(i)] == 0 : widths[size_t(i)] >= 3);
    }
    void staleStripsAreNotGreen() {
        const Theme theme(Theme::Mode::Dark);
        BeatTicks beats;
        beats.fill(BeatTick::OnTime);
        for (const bool stale : {false, true}) {
            QImage image(130, 14, QImage::Format_RGB32);
            image.fill(theme.color(Token::Surface));
            QPainter painter(&image);
            paintHeartbeatStrip(painter, QRectF(0, 0, 130, 14), beats, theme, stale);
            painter.end();
            QCOMPARE(hasColor(image, theme.color(Token::Alive)), !stale);
        }
    }
    void staleBarsAreNotGreen() {
        const Theme theme(Theme::Mode::Light);
        QImage image(100, 8, QImage::Format_RGB32);
        QPainter painter(&image);
        paintStateBar(painter, QRectF(0, 0, 100, 8), {{5, theme.color(Token::Alive), false}}, theme,
                      true);
        painter.end();
        QVERIFY(!hasColor(image, theme.color(Token::Alive)));
    }
    void stripInWords() {
        BeatTicks beats{};
        QCOMPARE(heartbeatStripText(beats), QStringLiteral("no beats known"));
        beats[59] = BeatTick::OnTime;
        beats[58] = BeatTick::Missed;
        QCOMPARE(heartbeatStripText(beats), QStringLiteral("1 on time, 0 late, 1 missed of 2"));
    }
    void ownHistogramKeepsItsCount() {
        const auto shape = latencyShape(own({{900us, 10}, {12ms, 50}, {13ms, 40}, {2s, 1}}));
        QCOMPARE(shape.count, 101.0);
        double sum = 0;
        for (size_t i = 0; i < shape.bins.size(); ++i) {
            sum += shape.bins[i].count;
            QVERIFY(shape.bins[i].upper > shape.bins[i].lower);
            if (i > 0)
                QCOMPARE(shape.bins[i].lower, shape.bins[i - 1].upper);
        }
        QCOMPARE(sum, 101.0);
        QVERIFY(std::abs(*shape.p50 - 0.012) < 0.0012);
        QVERIFY(*shape.p50 <= *shape.p95 && *shape.p95 <= *shape.p99);
    }
    void emptyHistogramsHaveNoMarks() {
        QVERIFY(!latencyShape(own({})).p50);
        QVERIFY(latencyShape(own({})).bins.empty());
        LatencySeries foreign;
        foreign.foreign = std::make_shared<ClassicHistogram>();
        QVERIFY(latencyShape(foreign).bins.empty());
        QVERIFY(latencyShape(LatencySeries{}).bins.empty());
    }
    void foreignHistogramKeepsItsBounds() {
        auto classic = std::make_shared<ClassicHistogram>();
        classic->buckets = {{0.1, 10}, {0.5, 30}, {INFINITY, 32}};
        classic->count = 32;
        LatencySeries series;
        series.foreign = classic;
        const auto shape = latencyShape(series);
        QCOMPARE(shape.bins.size(), size_t(2));
        QCOMPARE(shape.bins[0].lower, 0.05);
        QCOMPARE(shape.bins[1].count, 20.0);
        QCOMPARE(shape.beyond, 2.0);
        QCOMPARE(*shape.p99,
                 0.5); // the rank falls in +Inf: the last finite bound, as Prometheus says
    }
    void foreignRubbishIsHarmless() {
        auto classic = std::make_shared<ClassicHistogram>();
        classic->buckets = {{-1, 5}, {0, 3}, {1, 2}, {INFINITY, 1}};
        classic->count = 5;
        LatencySeries series;
        series.foreign = classic;
        for (const LatencyBin& bin : latencyShape(series).bins)
            QVERIFY(bin.lower > 0 && bin.count >= 0);
    }
};

QTEST_MAIN(TestCharts)
#include "tst_charts.moc"
