#pragma once

#include <QFont>
#include <QString>

class QPainter;
class QRectF;

namespace vigie {

/// Width of `text` in pixels when every digit takes the room of the widest one.
qreal tabularWidth(const QFont& font, const QString& text);

/// Draws one line of text with tabular figures: digits of equal width, so that columns of numbers
/// align and a counting number does not shiver. (Qt 6.4 can't ask a font for its `tnum` feature.)
/// Elides at the end when `box` is too narrow. Uses the painter's font and pen.
void drawTabular(QPainter& painter, const QRectF& box, Qt::Alignment alignment,
                 const QString& text);

} // namespace vigie
