#include "ui/widgets/celldelegate.h"

#include "ui/models/tablemodel.h"
#include "ui/theme/tabular.h"

#include <QPainter>

namespace vigie {

namespace {

constexpr int padding = 6;

void paintCellShape(QPainter& painter, const QRectF& box, const Shape& shape, const Theme& theme) {
    std::visit(
        [&](const auto& state) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(state)>, std::monostate>)
                paintShape(painter, box, state, theme);
        },
        shape);
}

} // namespace

void CellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const {
    const auto* table = qobject_cast<const TableModel*>(index.model());
    if (!table)
        return;
    const Theme& theme = Theme::current();
    const Cell cell = index.data(TableModel::CellRole).value<Cell>();
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool marked = table->isMarked(table->keyAt(index.row()));
    painter->save();
    if (selected)
        painter->fillRect(option.rect, option.palette.color(QPalette::Highlight));
    else if (marked)
        painter->fillRect(option.rect, theme.blend(Token::Accent, Token::Surface, 0.12));
    else if (option.state.testFlag(QStyle::State_MouseOver))
        painter->fillRect(option.rect, theme.blend(Token::Accent, Token::Surface, 0.05));
    if (cell.hatched) {
        painter->setOpacity(0.45);
        painter->fillRect(option.rect, hatching(theme));
        painter->setOpacity(1);
    }
    const ColumnInfo& info = table->columnInfo(index.column());
    QRectF box = QRectF(option.rect).adjusted(padding, 0, -padding, 0);
    box.setLeft(box.left() + 16 * cell.indent);
    if (info.id == QStringView(TableModel::markColumnId)) {
        paintMark(*painter, option.rect, marked);
    } else if (cell.beats) {
        paintHeartbeatStrip(*painter, box.adjusted(0, 6, 0, -6), *cell.beats, theme, cell.hatched);
    } else {
        if (!std::holds_alternative<std::monostate>(cell.shape)) {
            const qreal side = Theme::size(Size::Shape);
            paintCellShape(*painter, QRectF(box.left(), box.center().y() - side / 2, side, side),
                           cell.shape, theme);
            box.setLeft(box.left() + side + padding);
        }
        paintText(*painter, box, cell, info.numeric);
    }
    // The current cell's row gets a focus edge: keyboard users must see where they are.
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->fillRect(QRect(option.rect.left(), option.rect.top(), 2, option.rect.height()),
                          theme.color(Token::Accent));
    }
    painter->restore();
}

void CellDelegate::paintMark(QPainter& painter, const QRect& box, bool marked) const {
    const Theme& theme = Theme::current();
    QRectF square(0, 0, 12, 12);
    square.moveCenter(QRectF(box).center());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.color(marked ? Token::Accent : Token::StrongLine));
    painter.setBrush(marked ? QBrush(theme.color(Token::Accent)) : QBrush(Qt::NoBrush));
    painter.drawRoundedRect(square, 2, 2);
    if (marked) {
        painter.setPen(QPen(theme.color(Token::Surface), 1.6));
        painter.drawPolyline(
            QPolygonF({square.topLeft() + QPointF(2.5, 6), square.topLeft() + QPointF(5, 8.5),
                       square.topLeft() + QPointF(9.5, 3.5)}));
    }
}

void CellDelegate::paintText(QPainter& painter, QRectF box, const Cell& cell, bool numeric) const {
    const Theme& theme = Theme::current();
    QFont font = theme.font(cell.monospace ? TextStyle::Monospace : TextStyle::Base);
    if (cell.bold)
        font.setWeight(QFont::DemiBold);
    if (cell.bar) {
        const QRectF track(box.left(), box.bottom() - 5, box.width(), 2);
        painter.fillRect(track, theme.color(Token::Line));
        painter.fillRect(
            QRectF(track.topLeft(), QSizeF(track.width() * std::clamp(*cell.bar, 0.0, 1.0), 2)),
            theme.color(cell.ink == Token::Text ? Token::Accent : cell.ink));
        box.setBottom(box.bottom() - 3);
    }
    painter.setFont(font);
    painter.setPen(theme.color(cell.ink));
    drawTabular(painter, box, Qt::AlignVCenter | (numeric ? Qt::AlignRight : Qt::AlignLeft),
                cell.text);
}

} // namespace vigie
