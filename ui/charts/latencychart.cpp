#include "ui/charts/latencychart.h"

#include "ui/theme/tabular.h"
#include "ui/theme/theme.h"

#include <QLocale>
#include <QtCharts/QAreaSeries>
#include <QtCharts/QChart>
#include <QtCharts/QLineSeries>
#include <QtCharts/QLogValueAxis>
#include <QtCharts/QValueAxis>

#include <cmath>

namespace vigie {

namespace {

constexpr double floorMs = 1e-3; // the least the axis shows, in milliseconds

QString millisecondsText(double ms) {
    if (ms < 1)
        return QStringLiteral("%1 µs").arg(QLocale().toString(ms * 1000, 'f', 0));
    if (ms < 1000)
        return QStringLiteral("%1 ms").arg(QLocale().toString(ms, 'f', ms < 10 ? 1 : 0));
    return QStringLiteral("%1 s").arg(QLocale().toString(ms / 1000, 'f', ms < 10'000 ? 2 : 1));
}

/// Of a power of ten: "100 µs", "1 ms", "10 s".
QString decadeText(double ms) {
    if (ms < 1)
        return QStringLiteral("%1 µs").arg(std::round(ms * 1000));
    if (ms < 1000)
        return QStringLiteral("%1 ms").arg(std::round(ms));
    return QStringLiteral("%1 s").arg(std::round(ms / 1000));
}

} // namespace

LatencyChart::LatencyChart(QWidget* parent)
    : QChartView(new QChart, parent), m_outline(new QLineSeries(this)),
      m_base(new QLineSeries(this)), m_area(new QAreaSeries(m_outline, m_base)),
      m_x(new QLogValueAxis), m_y(new QValueAxis) {
    const Theme& theme = Theme::current();
    setRenderHint(QPainter::Antialiasing);
    setFrameShape(QFrame::NoFrame);
    setBackgroundBrush(theme.color(Token::Surface));
    setFocusPolicy(Qt::NoFocus);
    QChart* plot = chart();
    plot->legend()->hide();
    plot->setBackgroundVisible(false);
    plot->setMargins(QMargins(4, 22, 12, 24));
    plot->setAnimationOptions(QChart::NoAnimation);
    m_area->setPen(QPen(theme.color(Token::Accent), 1));
    plot->addSeries(m_area);
    m_x->setBase(10);
    m_x->setMinorTickCount(8);
    m_x->setLabelsVisible(false); // drawn below, each decade in its own unit
    m_y->setLabelFormat(QStringLiteral("%.0f"));
    m_y->setTickCount(5);
    const auto style = [&theme](QAbstractAxis* axis) {
        QColor grid = theme.color(Token::Line);
        axis->setGridLinePen(QPen(grid, 1));
        grid.setAlpha(110);
        axis->setMinorGridLinePen(QPen(grid, 1));
        axis->setLinePen(QPen(theme.color(Token::StrongLine), 1));
        axis->setLabelsBrush(theme.color(Token::SecondaryText));
        axis->setLabelsFont(theme.font(TextStyle::Secondary));
    };
    style(m_x);
    style(m_y);
    m_y->setLineVisible(false);
    plot->addAxis(m_x, Qt::AlignBottom);
    plot->addAxis(m_y, Qt::AlignLeft);
    m_area->attachAxis(m_x);
    m_area->attachAxis(m_y);
    m_x->setRange(0.1, 10'000);
    m_y->setRange(0, 1);
}

void LatencyChart::show(const QString& seriesKey, const LatencyShape& shape, bool stale) {
    const bool another = m_key != seriesKey;
    m_key = seriesKey;
    m_shape = shape;
    if (another) {
        m_x->setRange(1, 10);
        m_y->setRange(0, 1);
    }
    const Theme& theme = Theme::current();
    QColor fill = theme.color(Token::Accent);
    fill.setAlpha(70);
    m_area->setBrush(stale ? hatching(theme) : QBrush(fill));
    m_area->setPen(QPen(theme.color(stale ? Token::Unknown : Token::Accent), 1));
    QList<QPointF> outline, base;
    for (const LatencyBin& bin : shape.bins) {
        outline << QPointF(bin.lower * 1e3, bin.count) << QPointF(bin.upper * 1e3, bin.count);
        base << QPointF(bin.lower * 1e3, 0) << QPointF(bin.upper * 1e3, 0);
    }
    scale(shape);
    m_outline->replace(outline);
    m_base->replace(base);
    viewport()->update();
}

void LatencyChart::scale(const LatencyShape& shape) {
    double most = 0;
    for (const LatencyBin& bin : shape.bins)
        most = std::max(most, bin.count);
    if (most > m_y->max() || m_y->max() <= 1) {
        // The next of 1, 2, 5 times a power of ten, so that four steps give whole labels.
        const double power = std::pow(10, std::floor(std::log10(std::max(most, 4.0) * 1.05)));
        double top = power;
        for (const double step : {1.0, 2.0, 4.0, 8.0, 12.0})
            if (most * 1.05 <= step * power) {
                top = step * power;
                break;
            }
        m_y->setRange(0, std::max(4.0, top));
    }
    if (shape.bins.empty())
        return;
    const auto decade = [](double ms, bool up) {
        const double exponent = std::log10(std::max(ms, floorMs));
        return std::pow(10, up ? std::ceil(exponent - 1e-9) : std::floor(exponent + 1e-9));
    };
    const double from = decade(shape.bins.front().lower * 1e3, false);
    const double to = decade(std::max(shape.bins.back().upper, shape.p99.value_or(0)) * 1e3, true);
    m_x->setRange(std::min(from, m_x->min()), std::max({to, m_x->max(), from * 10}));
}

void LatencyChart::drawForeground(QPainter* painter, const QRectF& rect) {
    QChartView::drawForeground(painter, rect);
    const Theme& theme = Theme::current();
    const QRectF plot = chart()->plotArea();
    painter->setFont(theme.font(TextStyle::Secondary));
    painter->setPen(theme.color(Token::SecondaryText));
    for (double ms = m_x->min(); ms <= m_x->max() * 1.001; ms *= 10) {
        const QString text = decadeText(ms);
        const qreal width = tabularWidth(painter->font(), text);
        const qreal x = chart()->mapToPosition(QPointF(ms, 0), m_area).x();
        const qreal left = std::min(x - width / 2, rect.right() - width - 2);
        drawTabular(*painter, QRectF(left, plot.bottom() + 5, width + 1, 16), Qt::AlignVCenter,
                    text);
    }
    const struct {
        QString name;
        std::optional<double> at;
        Token tone;
    } marks[] = {{QStringLiteral("p50"), m_shape.p50, Token::Accent},
                 {QStringLiteral("p95"), m_shape.p95, Token::Suspect},
                 {QStringLiteral("p99"), m_shape.p99, Token::Dead}};
    qreal free = plot.left();
    for (const auto& mark : marks) {
        if (!mark.at)
            continue;
        const qreal x = chart()->mapToPosition(QPointF(*mark.at * 1e3, 0), m_area).x();
        painter->setPen(QPen(theme.color(mark.tone), 1.5));
        painter->drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
        const QString text = mark.name + QLatin1Char(' ') + millisecondsText(*mark.at * 1e3);
        const qreal width = tabularWidth(painter->font(), text);
        // Labels never overlap: one that would is moved right of its neighbour.
        const qreal left = std::clamp(x - width / 2, free, std::max(free, plot.right() - width));
        drawTabular(*painter, QRectF(left, plot.top() - 18, width + 1, 16), Qt::AlignVCenter, text);
        free = left + width + 10;
    }
}

} // namespace vigie
