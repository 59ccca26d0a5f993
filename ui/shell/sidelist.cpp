#include "ui/shell/sidelist.h"

#include "ui/theme/tabular.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QPainter>
#include <QVBoxLayout>

namespace vigie {

class SideList::Entry final : public QAbstractButton {
public:
    Entry(const QString& title, const QString& iconName, int number, QWidget* parent)
        : QAbstractButton(parent), m_iconName(iconName), m_number(number) {
        setText(title);
        setCheckable(true);
        setAutoExclusive(true);
        setFocusPolicy(Qt::TabFocus);
        setFixedHeight(32);
        setToolTip(QStringLiteral("%1  (Alt+%2)").arg(title).arg(number));
    }
    void setCounter(const PanelCounter& counter) {
        if (m_counter.text == counter.text && m_counter.tone == counter.tone)
            return;
        m_counter = counter;
        setAccessibleName(counter.text.isEmpty() ? text()
                                                 : text() + QLatin1Char(' ') + counter.text);
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::current();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QRectF box = QRectF(rect()).adjusted(6.5, 1.5, -6.5, -1.5);
        painter.setPen(hasFocus() ? QPen(theme.color(Token::Accent)) : QPen(Qt::NoPen));
        if (isChecked())
            painter.setBrush(theme.blend(Token::Accent, Token::Surface, 0.18));
        else if (underMouse())
            painter.setBrush(theme.blend(Token::Accent, Token::Surface, 0.06));
        painter.drawRoundedRect(box, 4, 4);
        const Token ink = isChecked() ? Token::Text : Token::SecondaryText;
        theme.icon(m_iconName, ink).paint(&painter, QRect(14, (height() - 16) / 2, 16, 16));
        QFont font = theme.font(TextStyle::Base);
        if (isChecked())
            font.setWeight(QFont::DemiBold);
        painter.setFont(font);
        painter.setPen(theme.color(ink));
        const qreal pill = m_counter.text.isEmpty() ? 0 : pillWidth(theme);
        const QRectF room(40, 0, box.right() - 46 - pill, height());
        painter.drawText(room, Qt::AlignVCenter | Qt::TextSingleLine,
                         QFontMetricsF(font).elidedText(text(), Qt::ElideRight, room.width()));
        if (pill > 0)
            paintPill(painter, QRectF(box.right() - pill - 4, (height() - 18) / 2.0, pill, 18),
                      theme);
    }

private:
    qreal pillWidth(const Theme& theme) const {
        return std::max(20.0, tabularWidth(theme.font(TextStyle::Secondary), m_counter.text) + 12);
    }
    void paintPill(QPainter& painter, const QRectF& box, const Theme& theme) const {
        const bool quiet = m_counter.tone == Verdict::Alive;
        const QColor tone = quiet ? theme.color(Token::SecondaryText) : theme.color(m_counter.tone);
        QColor ground = tone;
        ground.setAlpha(quiet ? 24 : 40);
        painter.setPen(quiet ? QPen(Qt::NoPen) : QPen(tone));
        painter.setBrush(ground);
        painter.drawRoundedRect(box, 9, 9);
        if (m_counter.tone == Verdict::Unknown) {
            painter.setBrush(hatching(theme));
            painter.drawRoundedRect(box, 9, 9);
        }
        painter.setFont(theme.font(TextStyle::Secondary));
        painter.setPen(quiet ? theme.color(Token::SecondaryText) : theme.color(Token::Text));
        drawTabular(painter, box, Qt::AlignCenter, m_counter.text);
    }

    QString m_iconName;
    int m_number;
    PanelCounter m_counter;
};

SideList::SideList(const std::vector<PanelDescriptor>& panels, QWidget* parent)
    : QWidget(parent), m_panels(panels) {
    setObjectName(QStringLiteral("side"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedWidth(Theme::size(Size::SideList));
    setAccessibleName(tr("Panels"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 6, 0, 6);
    column->setSpacing(0);
    for (size_t i = 0; i < m_panels.size(); ++i) {
        auto* entry =
            new Entry(m_panels[i].title(), m_panels[i].icon, static_cast<int>(i) + 1, this);
        connect(entry, &QAbstractButton::clicked, this,
                [this, id = m_panels[i].id] { Q_EMIT chosen(id); });
        m_entries.append(entry);
        column->addWidget(entry);
    }
    column->addStretch();
}

void SideList::setCurrent(const QString& panelId) {
    for (size_t i = 0; i < m_panels.size(); ++i)
        m_entries.at(static_cast<qsizetype>(i))->setChecked(m_panels[i].id == panelId);
}

void SideList::showCounters(const FleetSnapshot& snapshot) {
    for (size_t i = 0; i < m_panels.size(); ++i)
        if (m_panels[i].counter)
            m_entries.at(static_cast<qsizetype>(i))->setCounter(m_panels[i].counter(snapshot));
}

} // namespace vigie
