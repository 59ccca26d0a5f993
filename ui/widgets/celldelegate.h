#pragma once

#include <QStyledItemDelegate>

namespace vigie {

struct Cell;

/// Paints a Cell: shape, text, bar or heartbeat strip, hatched when it is what was last known.
class CellDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    void paintMark(QPainter& painter, const QRect& box, bool marked) const;
    void paintText(QPainter& painter, QRectF box, const Cell& cell, bool numeric) const;
};

} // namespace vigie
