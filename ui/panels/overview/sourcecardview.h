#pragma once

#include "ui/panels/overview/sourcecards.h"

#include <QAbstractButton>

namespace vigie::panels::overview {

/// A source's card; a click leads to its instances.
class SourceCardView final : public QAbstractButton {
    Q_OBJECT
public:
    static constexpr int cardHeight = 138;

    explicit SourceCardView(QWidget* parent = nullptr);
    void set(const SourceCard& card);
    const SourceCard& card() const { return m_card; }
    QSize sizeHint() const override { return {320, cardHeight}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintHead(QPainter& painter, QRectF& room) const;
    void paintLegend(QPainter& painter, const QRectF& room) const;
    void paintFigures(QPainter& painter, const QRectF& room) const;
    QString freshnessText() const;

    SourceCard m_card;
};

} // namespace vigie::panels::overview
