#include "ui/panels/overview/sourcecardview.h"

#include "ui/charts/statebar.h"
#include "ui/models/words.h"
#include "ui/theme/tabular.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace vigie::panels::overview {

namespace {

BarSegment segmentOf(Share share, int count, const Theme& theme) {
    switch (share) {
    case Share::Dead:
        return {double(count), theme.color(Token::Dead), false};
    case Share::Suspect:
        return {double(count), theme.color(Token::Suspect), false};
    case Share::Unknown:
        return {double(count), theme.color(Token::Unknown), true};
    case Share::Starting:
        return {double(count), theme.color(Token::Accent), false};
    case Share::Alive:
        return {double(count), theme.color(Token::Alive), false};
    case Share::Over:
        break;
    }
    return {double(count), theme.color(Token::StrongLine), false};
}

void paintSwatch(QPainter& painter, const QRectF& box, Share share, const Theme& theme) {
    switch (share) {
    case Share::Dead:
        paintShape(painter, box, Verdict::Dead, theme);
        break;
    case Share::Suspect:
        paintShape(painter, box, Verdict::Suspect, theme);
        break;
    case Share::Unknown:
        paintShape(painter, box, Verdict::Unknown, theme);
        break;
    case Share::Alive:
        paintShape(painter, box, Verdict::Alive, theme);
        break;
    case Share::Over:
        paintShape(painter, box, Verdict::Gone, theme);
        break;
    case Share::Starting: {
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.color(Token::Accent));
        painter.drawPolygon(
            QPolygonF({box.topLeft() + QPointF(2, 1), QPointF(box.right() - 1, box.center().y()),
                       box.bottomLeft() + QPointF(2, -1)}));
        painter.restore();
        break;
    }
    }
}

} // namespace

SourceCardView::SourceCardView(QWidget* parent) : QAbstractButton(parent) {
    setFixedHeight(cardHeight);
    setMinimumWidth(300);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::TabFocus);
}

void SourceCardView::set(const SourceCard& card) {
    m_card = card;
    setAccessibleName(
        tr("%1, %2, %n instance(s)", nullptr, card.total).arg(card.name, freshnessText()));
    QStringList lines{card.detail};
    for (const Share share : allShares)
        if (const int count = card.counts[static_cast<size_t>(share)]; count > 0)
            lines.append(QStringLiteral("%1 %2").arg(countText(count), word(share, count)));
    if (!card.failure.isEmpty())
        lines.append(card.failure);
    setToolTip(lines.join(QLatin1Char('\n')));
    update();
}

QString SourceCardView::freshnessText() const {
    const QString how = vigie::word(m_card.freshness);
    if (!m_card.age)
        return m_card.freshness == Freshness::Waiting ? tr("no answer yet") : how;
    return *m_card.age < std::chrono::seconds(1)
               ? how
               : tr("%1 · %2 ago").arg(how, shortDuration(*m_card.age));
}

void SourceCardView::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF whole = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(QPen(theme.color(hasFocus()     ? Token::Accent
                                    : underMouse() ? Token::StrongLine
                                                   : Token::Line)));
    painter.setBrush(theme.color(Token::Surface));
    painter.drawRoundedRect(whole, Theme::size(Size::Radius), Theme::size(Size::Radius));
    if (m_card.stale) {
        painter.setPen(Qt::NoPen);
        painter.setOpacity(0.35);
        painter.setBrush(hatching(theme));
        painter.drawRoundedRect(whole, Theme::size(Size::Radius), Theme::size(Size::Radius));
        painter.setOpacity(1);
    }
    const qreal pad = Theme::size(Size::CardPadding);
    QRectF room = whole.adjusted(pad, pad - 2, -pad, -pad);
    paintHead(painter, room);
    if (m_card.instances) {
        std::vector<BarSegment> segments;
        for (const Share share : allShares)
            segments.push_back(segmentOf(share, m_card.counts[static_cast<size_t>(share)], theme));
        paintStateBar(painter, QRectF(room.left(), room.top(), room.width(), 8), segments, theme,
                      m_card.stale);
        paintLegend(painter, QRectF(room.left(), room.top() + 14, room.width(), 18));
    } else {
        painter.setFont(theme.font(TextStyle::Base));
        painter.setPen(theme.color(Token::SecondaryText));
        painter.drawText(QRectF(room.left(), room.top(), room.width(), 20), Qt::AlignVCenter,
                         m_card.series > 0 ? tr("%n latency histogram(s)", nullptr, m_card.series)
                                           : tr("no instances told"));
    }
    paintFigures(painter, QRectF(room.left(), whole.bottom() - pad - 20, room.width(), 20));
}

void SourceCardView::paintHead(QPainter& painter, QRectF& room) const {
    const Theme& theme = Theme::current();
    paintShape(painter, QRectF(room.left(), room.top() + 3, 14, 14), m_card.freshness, theme);
    const QString fresh = freshnessText();
    painter.setFont(theme.font(TextStyle::Secondary));
    painter.setPen(m_card.freshness == Freshness::Live ? theme.color(Token::SecondaryText)
                                                       : theme.color(m_card.freshness));
    const qreal freshWidth = tabularWidth(painter.font(), fresh) + 2;
    drawTabular(painter, QRectF(room.right() - freshWidth, room.top(), freshWidth, 20),
                Qt::AlignRight | Qt::AlignVCenter, fresh);
    QFont name = theme.font(TextStyle::Base);
    name.setWeight(QFont::DemiBold);
    painter.setFont(name);
    painter.setPen(theme.color(Token::Text));
    const QRectF nameRoom(room.left() + 22, room.top(), room.width() - 34 - freshWidth, 20);
    painter.drawText(nameRoom, Qt::AlignVCenter | Qt::TextSingleLine,
                     QFontMetricsF(name).elidedText(m_card.name, Qt::ElideRight, nameRoom.width()));
    painter.setFont(theme.font(TextStyle::Secondary));
    painter.setPen(theme.color(m_card.failure.isEmpty() ? Token::SecondaryText : Token::Dead));
    const QString line = m_card.failure.isEmpty() ? m_card.detail : withoutRequest(m_card.failure);
    painter.drawText(QRectF(room.left(), room.top() + 23, room.width(), 16), Qt::AlignVCenter,
                     QFontMetricsF(painter.font()).elidedText(line, Qt::ElideRight, room.width()));
    room.setTop(room.top() + 47);
}

void SourceCardView::paintLegend(QPainter& painter, const QRectF& room) const {
    const Theme& theme = Theme::current();
    const auto textOf = [this](Share share, bool named) {
        const int count = m_card.counts[static_cast<size_t>(share)];
        return named ? QStringLiteral("%1 %2").arg(countText(count), word(share, count))
                     : countText(count);
    };
    const auto widthOf = [&](bool named) {
        qreal width = 0;
        for (const Share share : allShares)
            if (m_card.counts[static_cast<size_t>(share)] > 0)
                width += 24 + tabularWidth(theme.font(TextStyle::Secondary), textOf(share, named));
        return width;
    };
    // Too many to name on one line: shape and number stay, the tool tip has the words.
    const bool named = widthOf(true) <= room.width() + 10;
    qreal x = room.left();
    for (const Share share : allShares) {
        const int count = m_card.counts[static_cast<size_t>(share)];
        if (count == 0)
            continue;
        painter.setOpacity(m_card.stale ? 0.7 : 1);
        paintSwatch(painter, QRectF(x, room.top() + 4, 10, 10), share, theme);
        x += 14;
        const QString text = textOf(share, named);
        painter.setFont(theme.font(TextStyle::Secondary));
        painter.setPen(theme.color(Token::Text));
        const qreal width = tabularWidth(painter.font(), text);
        drawTabular(painter, QRectF(x, room.top(), width + 1, room.height()), Qt::AlignVCenter,
                    text);
        x += width + 10;
    }
    painter.setOpacity(1);
    if (m_card.total == 0) {
        painter.setFont(theme.font(TextStyle::Secondary));
        painter.setPen(theme.color(Token::SecondaryText));
        painter.drawText(room, Qt::AlignVCenter, tr("no instances"));
    }
}

void SourceCardView::paintFigures(QPainter& painter, const QRectF& room) const {
    const Theme& theme = Theme::current();
    qreal x = room.left();
    const auto figure = [&](const QString& value, const QString& unit) {
        painter.setFont(theme.font(TextStyle::Base));
        painter.setPen(theme.color(m_card.stale ? Token::SecondaryText : Token::Text));
        const qreal valueWidth = tabularWidth(painter.font(), value);
        drawTabular(painter, QRectF(x, room.top(), valueWidth + 1, room.height()), Qt::AlignVCenter,
                    value);
        x += valueWidth + 4;
        painter.setFont(theme.font(TextStyle::Secondary));
        painter.setPen(theme.color(Token::SecondaryText));
        const qreal unitWidth = QFontMetricsF(painter.font()).horizontalAdvance(unit);
        painter.drawText(QRectF(x, room.top() + 1, unitWidth + 1, room.height()), Qt::AlignVCenter,
                         unit);
        x += unitWidth + 14;
    };
    if (m_card.beats && m_card.beatsExpected)
        figure(QStringLiteral("%1 / %2").arg(numberText(*m_card.beats, 1),
                                             numberText(*m_card.beatsExpected, 1)),
               tr("beats/s"));
    if (m_card.pollP95)
        figure(latencyText(*m_card.pollP95), tr("p95 request"));
    painter.setFont(theme.font(TextStyle::Secondary));
    const qreal width = QFontMetricsF(painter.font()).horizontalAdvance(m_card.breakerText);
    const qreal left = room.right() - width - 18;
    paintShape(painter, QRectF(left, room.top() + 4, 12, 12), m_card.breaker, theme);
    painter.setPen(
        theme.color(m_card.breaker == BreakerMode::Closed ? Token::SecondaryText : Token::Text));
    painter.drawText(QRectF(left + 17, room.top() + 1, width + 1, room.height()), Qt::AlignVCenter,
                     m_card.breakerText);
}

} // namespace vigie::panels::overview
