#include "ui/shell/statusstrip.h"

#include "ui/theme/tabular.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QPainter>

namespace vigie {

/// One figure, as a flat button.
class StatusStrip::Figure final : public QAbstractButton {
public:
    explicit Figure(QWidget* parent) : QAbstractButton(parent) {
        setCursor(Qt::PointingHandCursor);
        setFocusPolicy(Qt::TabFocus);
    }

    void set(const StatusFact& fact) {
        m_fact = fact;
        setToolTip(fact.tip);
        setText(QStringLiteral("%1 %2").arg(fact.number, fact.label).trimmed());
        setAccessibleName(text());
        updateGeometry();
        update();
    }
    const StatusFact& fact() const { return m_fact; }

    QSize sizeHint() const override {
        const Theme& theme = Theme::current();
        const qreal width =
            2 * margin + shapeSide + gap + tabularWidth(numberFont(), m_fact.number) +
            (m_fact.number.isEmpty() ? 0 : gap) +
            QFontMetricsF(theme.font(TextStyle::Base)).horizontalAdvance(m_fact.label);
        return QSize(static_cast<int>(std::ceil(width)), 28);
    }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::current();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QRectF whole = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
        painter.setPen(hasFocus() ? QPen(theme.color(Token::Accent)) : QPen(Qt::NoPen));
        painter.setBrush(underMouse() ? QBrush(theme.blend(Token::Accent, Token::Surface, 0.08))
                                      : QBrush(Qt::NoBrush));
        painter.drawRoundedRect(whole, 4, 4);
        if (m_fact.hatched) {
            painter.setPen(Qt::NoPen);
            painter.setOpacity(0.5);
            painter.setBrush(hatching(theme));
            painter.drawRoundedRect(whole, 4, 4);
            painter.setOpacity(1);
        }
        qreal x = margin;
        std::visit(
            [&](const auto& state) {
                if constexpr (!std::is_same_v<std::decay_t<decltype(state)>, std::monostate>) {
                    if (m_fact.quiet)
                        painter.setOpacity(0.45);
                    paintShape(painter, QRectF(x, (height() - shapeSide) / 2, shapeSide, shapeSide),
                               state, theme);
                    painter.setOpacity(1);
                    x += shapeSide + gap;
                }
            },
            m_fact.shape);
        painter.setFont(numberFont());
        painter.setPen(theme.color(m_fact.quiet ? Token::SecondaryText : m_fact.ink));
        const qreal numberWidth = tabularWidth(painter.font(), m_fact.number);
        drawTabular(painter, QRectF(x, 0, numberWidth + 1, height()), Qt::AlignVCenter,
                    m_fact.number);
        x += numberWidth + (m_fact.number.isEmpty() ? 0 : gap);
        painter.setFont(theme.font(TextStyle::Base));
        painter.setPen(theme.color(m_fact.number.isEmpty() ? m_fact.ink : Token::SecondaryText));
        painter.drawText(QRectF(x, 0, width() - x, height()), Qt::AlignVCenter, m_fact.label);
    }

private:
    static QFont numberFont() {
        QFont font = Theme::current().font(TextStyle::PanelTitle);
        return font;
    }
    static constexpr qreal margin = 8, gap = 6, shapeSide = 14;
    StatusFact m_fact;
};

StatusStrip::StatusStrip(QWidget* parent) : QWidget(parent), m_line(new QHBoxLayout(this)) {
    setObjectName(QStringLiteral("strip"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(Theme::size(Size::StatusStrip));
    setAccessibleName(tr("Status of the fleet"));
    m_line->setContentsMargins(8, 0, 8, 0);
    m_line->setSpacing(4);
    m_line->addStretch();
}

void StatusStrip::show(const std::vector<StatusFact>& facts) {
    while (m_figures.size() > static_cast<qsizetype>(facts.size()))
        delete m_figures.takeLast();
    while (m_figures.size() < static_cast<qsizetype>(facts.size())) {
        auto* figure = new Figure(this);
        connect(figure, &QAbstractButton::clicked, this,
                [this, figure] { Q_EMIT clicked(figure->fact().panel, figure->fact().filter); });
        m_line->insertWidget(m_figures.size(), figure);
        m_figures.append(figure);
    }
    for (qsizetype i = 0; i < m_figures.size(); ++i)
        m_figures.at(i)->set(facts[static_cast<size_t>(i)]);
}

} // namespace vigie
