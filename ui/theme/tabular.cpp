#include "ui/theme/tabular.h"

#include <QCache>
#include <QFontMetricsF>
#include <QGlyphRun>
#include <QPainter>
#include <QRawFont>

namespace vigie {

namespace {

struct Laid {
    QGlyphRun run;
    qreal width = 0;
    qreal ascent = 0, height = 0;
    bool complete = false; ///< false: a character has no glyph in this font
};

Laid lay(const QFont& font, const QString& text) {
    Laid laid;
    const QRawFont raw = QRawFont::fromFont(font);
    const auto glyphs = raw.glyphIndexesForString(text);
    if (glyphs.size() != text.size() || glyphs.contains(0U))
        return laid;
    const auto advances = raw.advancesForGlyphIndexes(glyphs);
    const auto digits =
        raw.advancesForGlyphIndexes(raw.glyphIndexesForString(QStringLiteral("0123456789")));
    qreal widest = 0;
    for (const QPointF& digit : digits)
        widest = std::max(widest, digit.x());
    QList<QPointF> positions;
    positions.reserve(glyphs.size());
    for (qsizetype i = 0; i < glyphs.size(); ++i) {
        const bool digit = text.at(i).isDigit();
        const qreal room = digit ? widest : advances.at(i).x();
        positions.append(QPointF(laid.width + (room - advances.at(i).x()) / 2, 0));
        laid.width += room;
    }
    laid.run.setRawFont(raw);
    laid.run.setGlyphIndexes(glyphs);
    laid.run.setPositions(positions);
    laid.ascent = raw.ascent();
    laid.height = raw.ascent() + raw.descent();
    laid.complete = true;
    return laid;
}

const Laid& cached(const QFont& font, const QString& text) {
    static thread_local QCache<QString, Laid> cache(4096);
    const QString key = font.key() + QLatin1Char('\n') + text;
    if (const Laid* known = cache.object(key))
        return *known;
    auto* fresh = new Laid(lay(font, text));
    cache.insert(key, fresh);
    return *fresh;
}

} // namespace

qreal tabularWidth(const QFont& font, const QString& text) {
    const Laid& laid = cached(font, text);
    return laid.complete ? laid.width : QFontMetricsF(font).horizontalAdvance(text);
}

void drawTabular(QPainter& painter, const QRectF& box, Qt::Alignment alignment,
                 const QString& text) {
    if (text.isEmpty())
        return;
    const Laid& laid = cached(painter.font(), text);
    if (!laid.complete || laid.width > box.width()) {
        const QFontMetricsF metrics(painter.font());
        painter.drawText(box, static_cast<int>(alignment) | Qt::TextSingleLine,
                         metrics.elidedText(text, Qt::ElideRight, box.width()));
        return;
    }
    qreal x = box.left();
    if (alignment & Qt::AlignRight)
        x = box.right() - laid.width;
    else if (alignment & Qt::AlignHCenter)
        x = box.center().x() - laid.width / 2;
    qreal top = box.center().y() - laid.height / 2;
    if (alignment & Qt::AlignTop)
        top = box.top();
    else if (alignment & Qt::AlignBottom)
        top = box.bottom() - laid.height;
    painter.drawGlyphRun(QPointF(x, top + laid.ascent), laid.run);
}

} // namespace vigie
