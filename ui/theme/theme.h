#pragma once

#include "core/model/alert.h"
#include "core/model/assessment.h"
#include "core/model/breaker.h"
#include "core/model/fleetsnapshot.h"

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QPalette>

class QApplication;
class QPainter;

namespace vigie {

/// The roles of visual-language.md; the values are in ui/theme/tokens.json, nowhere else.
enum class Token {
    Ground,
    Surface,
    Raised,
    Line,
    StrongLine,
    Text,
    SecondaryText,
    DisabledText,
    Accent,
    Alive,
    Suspect,
    Dead,
    Unknown,
    Forced,
};

enum class TextStyle { Base, Secondary, PanelTitle, BigNumber, Monospace };

/// Lengths in pixels, from the same token file.
enum class Size {
    Grid,
    Row,
    CompactRow,
    CardPadding,
    Radius,
    Icon,
    Shape,
    SideList,
    Inspector,
    StatusStrip,
};

/// Colours, fonts, shapes and icons of one theme. A plain value, handed to whoever paints.
class Theme {
public:
    enum class Mode { Light, Dark };
    explicit Theme(Mode mode);

    Mode mode() const { return m_mode; }
    QColor color(Token token) const;
    QFont font(TextStyle style) const;
    static int size(Size size);
    QPalette palette() const;
    QString styleSheet() const;
    /// A monochrome icon of resources/icons tinted with a token.
    QIcon icon(const QString& name, Token tint = Token::Text) const;

    QColor color(Verdict verdict) const;
    QColor color(BreakerMode mode) const;
    QColor color(Freshness freshness) const;
    QColor color(Severity severity) const;
    /// `share` (0..1) of `over` laid on `under`: selection and chip grounds.
    QColor blend(Token over, Token under, double share) const;

    /// Sets fonts, palette, Fusion style and style sheet on the application.
    void apply(QApplication& application) const;
    /// The theme that was applied last (the light one before).
    static const Theme& current();

private:
    Mode m_mode;
};

/// Shapes: colour never stands alone.
void paintShape(QPainter& painter, const QRectF& box, Verdict verdict, const Theme& theme);
void paintShape(QPainter& painter, const QRectF& box, BreakerMode mode, const Theme& theme);
void paintShape(QPainter& painter, const QRectF& box, Freshness freshness, const Theme& theme);
void paintShape(QPainter& painter, const QRectF& box, Severity severity, const Theme& theme);
/// The 45-degree hatching of everything unknown or stale.
QBrush hatching(const Theme& theme, Token token = Token::Unknown);

} // namespace vigie
