#pragma once

#include <QColor>
#include <QString>

#include <vector>

class QPainter;
class QRectF;

namespace vigie {

class Theme;

/// One part of a stacked bar.
struct BarSegment {
    double value = 0; ///< any unit; only the proportions count
    QColor color;
    bool hatched = false; ///< unknown
};

/// A stacked bar with a gap of a pixel between parts. A part that is not zero is never thinner
/// than three pixels: one dead instance among a thousand must be seen. `stale` hatches all of it.
void paintStateBar(QPainter& painter, const QRectF& box, const std::vector<BarSegment>& segments,
                   const Theme& theme, bool stale);

/// The widths that paintStateBar() gives the segments, in whole pixels, gaps not included.
std::vector<int> stateBarWidths(int pixels, const std::vector<BarSegment>& segments);

} // namespace vigie
