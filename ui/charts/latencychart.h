#pragma once

#include "ui/charts/latencybins.h"

#include <QtCharts/QChartView>

class QAreaSeries;
class QLineSeries;
class QLogValueAxis;
class QValueAxis;

namespace vigie {

/// A latency histogram on a log axis with p50, p95 and p99 as thin labelled lines. The axis keeps
/// its scale: it grows at once but shrinks only when another series is shown.
class LatencyChart final : public QChartView {
public:
    explicit LatencyChart(QWidget* parent = nullptr);

    /// `seriesKey` names what is shown; `stale` hatches the bars.
    void show(const QString& seriesKey, const LatencyShape& shape, bool stale);

protected:
    void drawForeground(QPainter* painter, const QRectF& rect) override;

private:
    void scale(const LatencyShape& shape);

    QString m_key;
    LatencyShape m_shape;
    QLineSeries* m_outline;
    QLineSeries* m_base;
    QAreaSeries* m_area;
    QLogValueAxis* m_x;
    QValueAxis* m_y;
};

} // namespace vigie
