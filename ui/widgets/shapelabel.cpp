#include "ui/widgets/shapelabel.h"

#include "ui/theme/tabular.h"

#include <QPainter>

namespace vigie {

namespace {
constexpr int shapeGap = 6;
}

ShapeLabel::ShapeLabel(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ShapeLabel::set(const QString& text, Shape shape, Token ink) {
    if (m_text == text && m_shape == shape && m_ink == ink)
        return;
    const bool resized = m_text.size() != text.size() || m_shape.index() != shape.index();
    m_text = text;
    m_shape = shape;
    m_ink = ink;
    setAccessibleName(text);
    if (resized)
        updateGeometry();
    update();
}

void ShapeLabel::setStyle(TextStyle style) {
    m_style = style;
    updateGeometry();
}

void ShapeLabel::setAlignment(Qt::Alignment alignment) {
    m_alignment = alignment;
}

QSize ShapeLabel::sizeHint() const {
    const QFont font = Theme::current().font(m_style);
    const bool shaped = !std::holds_alternative<std::monostate>(m_shape);
    const qreal width =
        tabularWidth(font, m_text) + (shaped ? Theme::size(Size::Shape) + shapeGap : 0);
    return QSize(static_cast<int>(std::ceil(width)) + 1, QFontMetrics(font).height() + 2);
}

QSize ShapeLabel::minimumSizeHint() const {
    return QSize(std::min(40, sizeHint().width()), sizeHint().height());
}

void ShapeLabel::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::current();
    QPainter painter(this);
    QRectF box = rect();
    std::visit(
        [&](const auto& state) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(state)>, std::monostate>) {
                const qreal side = Theme::size(Size::Shape);
                paintShape(painter, QRectF(0, box.center().y() - side / 2, side, side), state,
                           theme);
                box.setLeft(side + shapeGap);
            }
        },
        m_shape);
    painter.setFont(theme.font(m_style));
    painter.setPen(theme.color(m_ink));
    const bool fits = tabularWidth(painter.font(), m_text) <= box.width();
    if (const QString whole = fits ? QString() : m_text; toolTip() != whole && toolTip().isEmpty())
        setToolTip(whole);
    drawTabular(painter, box, m_alignment | Qt::AlignVCenter, m_text);
}

} // namespace vigie
