#include "ui/panels/inspector/timelinestrip.h"

#include "ui/models/words.h"
#include "ui/theme/tabular.h"
#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace vigie::panels::inspector {

namespace {

constexpr int barTop = 16, barHeight = 18, axisTop = 40, stripHeight = 58;

QColor toneOf(InstanceStatus status, const Theme& theme) {
    using S = InstanceStatus;
    switch (status) {
    case S::Ready:
        return theme.color(Token::Alive);
    case S::Provisioning:
    case S::Booting:
    case S::Installing:
    case S::Starting:
        return theme.color(Token::Accent);
    case S::Unavailable:
    case S::Draining:
        return theme.color(Token::Suspect);
    case S::WorkerDead:
    case S::Failed:
    case S::ProvisioningFailed:
    case S::StartupFailed:
        return theme.color(Token::Dead);
    case S::Terminating:
    case S::Terminated:
    case S::Archived:
    case S::Unknown:
        break;
    }
    return theme.color(Token::Unknown);
}

} // namespace

TimelineStrip::TimelineStrip(QWidget* parent) : QWidget(parent) {
    setFixedHeight(stripHeight);
    setAccessibleName(tr("Timeline of states"));
}

void TimelineStrip::set(const Timeline& timeline, bool stale) {
    m_timeline = timeline;
    m_stale = stale;
    QStringList states;
    for (const Span& span : timeline.spans)
        states.append(QStringLiteral("%1 %2").arg(clockText(span.from), word(span.status)));
    setAccessibleDescription(states.join(QStringLiteral(", ")));
    update();
}

qreal TimelineStrip::xOf(WallTime at) const {
    const double whole = std::chrono::duration<double>(m_timeline.to - m_timeline.from).count();
    const double part = std::chrono::duration<double>(at - m_timeline.from).count();
    return whole > 0 ? std::clamp(part / whole, 0.0, 1.0) * (width() - 1) : 0;
}

void TimelineStrip::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::current();
    QPainter painter(this);
    painter.setFont(theme.font(TextStyle::Secondary));
    for (const Span& span : m_timeline.spans) {
        const QRectF box(xOf(span.from), barTop, std::max(2.0, xOf(span.to) - xOf(span.from) - 1),
                         barHeight);
        if (m_stale) {
            painter.fillRect(box, theme.color(Token::Line));
            painter.fillRect(box, hatching(theme));
        } else {
            painter.fillRect(box, toneOf(span.status, theme));
        }
        const QString name = word(span.status);
        const qreal room = box.width() - 8;
        if (QFontMetricsF(painter.font()).horizontalAdvance(name) <= room) {
            painter.setPen(theme.color(m_stale ? Token::Text : Token::Surface));
            painter.drawText(box.adjusted(4, 0, -4, 0), Qt::AlignVCenter, name);
        }
    }
    painter.setRenderHint(QPainter::Antialiasing);
    for (const Moment& moment : m_timeline.moments) {
        const qreal x = xOf(moment.at);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.color(moment.failed ? Token::Dead : Token::SecondaryText));
        painter.drawPolygon(QPolygonF({QPointF(x - 4, 4), QPointF(x + 4, 4), QPointF(x, 12)}));
    }
    painter.setPen(theme.color(Token::Line));
    painter.drawLine(0, axisTop - 2, width(), axisTop - 2);
    painter.setPen(theme.color(Token::SecondaryText));
    const QRectF axis(0, axisTop, width(), 16);
    drawTabular(painter, axis, Qt::AlignLeft | Qt::AlignVCenter, clockText(m_timeline.from));
    drawTabular(painter, axis, Qt::AlignHCenter | Qt::AlignVCenter,
                durationText(m_timeline.to - m_timeline.from));
    drawTabular(painter, axis, Qt::AlignRight | Qt::AlignVCenter, clockText(m_timeline.to));
}

bool TimelineStrip::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QStringList lines;
    for (const Moment& moment : m_timeline.moments)
        if (help->pos().y() < barTop && std::abs(xOf(moment.at) - help->pos().x()) < 6)
            lines.append(QStringLiteral("%1  %2").arg(timeText(moment.at), moment.what));
    for (const Span& span : m_timeline.spans)
        if (help->pos().y() >= barTop && help->pos().x() >= xOf(span.from) &&
            help->pos().x() <= xOf(span.to))
            lines.append(QStringLiteral("%1  %2, %3")
                             .arg(timeText(span.from), word(span.status),
                                  durationText(span.to - span.from)));
    QToolTip::showText(help->globalPos(), lines.join(QLatin1Char('\n')), this);
    return true;
}

} // namespace vigie::panels::inspector
