#include "ui/charts/statebar.h"

#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <numeric>

namespace vigie {

namespace {
constexpr int gap = 1;
constexpr int thinnest = 3;
} // namespace

std::vector<int> stateBarWidths(int pixels, const std::vector<BarSegment>& segments) {
    std::vector<int> widths(segments.size(), 0);
    double total = 0;
    int parts = 0;
    for (const BarSegment& segment : segments)
        if (segment.value > 0) {
            total += segment.value;
            ++parts;
        }
    const int room = pixels - gap * std::max(0, parts - 1);
    if (parts == 0 || room < parts * thinnest)
        return widths;
    for (size_t i = 0; i < segments.size(); ++i)
        if (segments[i].value > 0)
            widths[i] = std::max(thinnest, static_cast<int>(room * segments[i].value / total));
    // Rounding and the minimum are paid by the widest part.
    const int used = std::accumulate(widths.begin(), widths.end(), 0);
    *std::max_element(widths.begin(), widths.end()) += room - used;
    return widths;
}

void paintStateBar(QPainter& painter, const QRectF& box, const std::vector<BarSegment>& segments,
                   const Theme& theme, bool stale) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    const QRect area = box.toAlignedRect();
    const auto widths = stateBarWidths(area.width(), segments);
    int x = area.left();
    bool any = false;
    for (size_t i = 0; i < segments.size(); ++i) {
        if (widths[i] <= 0)
            continue;
        any = true;
        const QRect part(x, area.top(), widths[i], area.height());
        if (segments[i].hatched || stale) {
            painter.fillRect(part, theme.color(Token::Line));
            painter.fillRect(part, hatching(theme));
        } else {
            painter.fillRect(part, segments[i].color);
        }
        x += widths[i] + gap;
    }
    if (!any)
        painter.fillRect(area, theme.color(Token::Line));
    painter.restore();
}

} // namespace vigie
