#include "ui/theme/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace vigie {

namespace {

/// Square of the box's short side, centred, inset so that strokes stay inside.
QRectF inner(const QRectF& box, qreal inset) {
    const qreal side = std::min(box.width(), box.height());
    QRectF square(0, 0, side, side);
    square.moveCenter(box.center());
    return square.adjusted(inset, inset, -inset, -inset);
}

class Brush {
public:
    Brush(QPainter& painter, const QColor& color) : m_painter(painter) {
        m_painter.save();
        m_painter.setRenderHint(QPainter::Antialiasing);
        stroke(color);
        m_painter.setBrush(Qt::NoBrush);
    }
    ~Brush() { m_painter.restore(); }
    Brush(const Brush&) = delete;
    Brush& operator=(const Brush&) = delete;

    void stroke(const QColor& color, qreal width = 1.6, Qt::PenStyle style = Qt::SolidLine) {
        m_painter.setPen(QPen(color, width, style, Qt::RoundCap, Qt::RoundJoin));
    }
    void fill(const QBrush& brush) { m_painter.setBrush(brush); }
    void noStroke() { m_painter.setPen(Qt::NoPen); }

private:
    QPainter& m_painter;
};

void cross(QPainter& painter, const QRectF& square) {
    painter.drawLine(square.topLeft(), square.bottomRight());
    painter.drawLine(square.topRight(), square.bottomLeft());
}

void questionMark(QPainter& painter, const QRectF& square) {
    QFont font = Theme::current().font(TextStyle::Secondary);
    font.setPixelSize(std::max(6, static_cast<int>(square.height() * 0.75)));
    font.setWeight(QFont::Bold);
    painter.setFont(font);
    painter.drawText(square, Qt::AlignCenter, QStringLiteral("?"));
}

constexpr int degrees = 16; // QPainter's arcs count in sixteenths

} // namespace

QBrush hatching(const Theme& theme, Token token) {
    QColor color = theme.color(token);
    color.setAlpha(theme.mode() == Theme::Mode::Dark ? 110 : 90);
    return QBrush(color, Qt::BDiagPattern);
}

void paintShape(QPainter& painter, const QRectF& box, Verdict verdict, const Theme& theme) {
    const QColor color = theme.color(verdict);
    Brush brush(painter, color);
    const QRectF s = inner(box, 1.2);
    switch (verdict) {
    case Verdict::Alive:
        brush.fill(color);
        painter.drawEllipse(s);
        break;
    case Verdict::Suspect:
        painter.drawEllipse(s);
        brush.fill(color);
        brush.noStroke();
        painter.drawPie(s, 90 * degrees, 180 * degrees);
        break;
    case Verdict::Dead:
        brush.fill(color);
        painter.drawRect(s);
        brush.stroke(theme.color(Token::Surface), 1.5);
        cross(painter, s.adjusted(2.4, 2.4, -2.4, -2.4));
        break;
    case Verdict::Unknown:
        brush.fill(hatching(theme));
        painter.drawEllipse(s);
        questionMark(painter, s);
        break;
    case Verdict::Gone:
        painter.drawEllipse(s);
        painter.drawLine(s.bottomLeft(), s.topRight());
        break;
    }
}

void paintShape(QPainter& painter, const QRectF& box, BreakerMode mode, const Theme& theme) {
    const QColor color = theme.color(mode);
    Brush brush(painter, color);
    const QRectF s = inner(box, 1.4);
    const auto lock = [&] {
        const QRectF body(s.center().x() - 2.2, s.center().y() - 0.6, 4.4, 3.4);
        painter.drawArc(QRectF(body.left() + 0.8, body.top() - 2.4, 2.8, 4), 0, 180 * degrees);
        brush.fill(color);
        brush.noStroke();
        painter.drawRect(body);
    };
    switch (mode) {
    case BreakerMode::Closed:
        painter.drawEllipse(s);
        break;
    case BreakerMode::HalfOpen: // one gap, and a dot
        painter.drawArc(s, 60 * degrees, 300 * degrees);
        brush.fill(color);
        brush.noStroke();
        painter.drawEllipse(s.center(), 1.6, 1.6);
        break;
    case BreakerMode::Open: // broken on both sides
        brush.stroke(color, 2);
        painter.drawArc(s, 35 * degrees, 110 * degrees);
        painter.drawArc(s, 215 * degrees, 110 * degrees);
        break;
    case BreakerMode::ForcedOpen:
        painter.drawArc(s, 35 * degrees, 110 * degrees);
        painter.drawArc(s, 215 * degrees, 110 * degrees);
        lock();
        break;
    case BreakerMode::ForcedClosed:
        painter.drawEllipse(s);
        lock();
        break;
    case BreakerMode::Disabled:
    case BreakerMode::MetricsOnly:
        brush.stroke(color, 1.4, Qt::DotLine);
        painter.drawEllipse(s);
        if (mode == BreakerMode::MetricsOnly) {
            brush.fill(color);
            brush.noStroke();
            painter.drawEllipse(s.center(), 1.6, 1.6);
        }
        break;
    }
}

void paintShape(QPainter& painter, const QRectF& box, Freshness freshness, const Theme& theme) {
    const QColor color = theme.color(freshness);
    Brush brush(painter, color);
    const QRectF s = inner(box, 1.4);
    const QRectF dot = s.adjusted(2, 2, -2, -2);
    switch (freshness) {
    case Freshness::Waiting:
        painter.drawEllipse(dot);
        break;
    case Freshness::Live:
        brush.fill(color);
        painter.drawEllipse(dot);
        break;
    case Freshness::Late:
        brush.fill(color);
        painter.drawEllipse(s.adjusted(3.2, 3.2, -3.2, -3.2));
        brush.fill(Qt::NoBrush);
        painter.drawArc(s, 0, 90 * degrees);
        break;
    case Freshness::Stale:
        brush.fill(QBrush(color, Qt::BDiagPattern));
        painter.drawEllipse(dot.adjusted(-1, -1, 1, 1));
        break;
    case Freshness::Unreachable:
        painter.drawEllipse(dot);
        painter.drawLine(s.bottomLeft(), s.topRight());
        break;
    }
}

void paintShape(QPainter& painter, const QRectF& box, Severity severity, const Theme& theme) {
    const QColor color = theme.color(severity);
    Brush brush(painter, color);
    const QRectF s = inner(box, 1.2);
    brush.fill(color);
    QPolygonF shape;
    switch (severity) {
    case Severity::Critical:
        for (int corner = 0; corner < 8; ++corner) {
            const double angle = (corner + 0.5) * M_PI / 4;
            shape << s.center() + QPointF(std::cos(angle), std::sin(angle)) * (s.width() / 2);
        }
        painter.drawPolygon(shape);
        break;
    case Severity::Warning:
        shape << QPointF(s.center().x(), s.top()) << s.bottomRight() << s.bottomLeft();
        painter.drawPolygon(shape);
        break;
    case Severity::Info:
        painter.drawEllipse(s.adjusted(1, 1, -1, -1));
        break;
    }
}

QColor Theme::color(Verdict verdict) const {
    switch (verdict) {
    case Verdict::Alive:
        return color(Token::Alive);
    case Verdict::Suspect:
        return color(Token::Suspect);
    case Verdict::Dead:
        return color(Token::Dead);
    case Verdict::Unknown:
    case Verdict::Gone:
        break;
    }
    return color(Token::Unknown);
}

QColor Theme::color(BreakerMode mode) const {
    switch (mode) {
    case BreakerMode::Closed:
        return color(Token::SecondaryText); // quiet: a closed breaker proves no life
    case BreakerMode::HalfOpen:
        return color(Token::Suspect);
    case BreakerMode::Open:
        return color(Token::Dead);
    case BreakerMode::ForcedOpen:
    case BreakerMode::ForcedClosed:
        return color(Token::Forced);
    case BreakerMode::Disabled:
    case BreakerMode::MetricsOnly:
        break;
    }
    return color(Token::Unknown);
}

QColor Theme::color(Freshness freshness) const {
    switch (freshness) {
    case Freshness::Live:
        return color(Token::Alive);
    case Freshness::Late:
        return color(Token::Suspect);
    case Freshness::Unreachable:
        return color(Token::Dead);
    case Freshness::Waiting:
    case Freshness::Stale:
        break;
    }
    return color(Token::Unknown);
}

QColor Theme::color(Severity severity) const {
    switch (severity) {
    case Severity::Critical:
        return color(Token::Dead);
    case Severity::Warning:
        return color(Token::Suspect);
    case Severity::Info:
        break;
    }
    return color(Token::Accent);
}

} // namespace vigie
