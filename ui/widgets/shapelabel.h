#pragma once

#include "ui/models/cell.h"

#include <QWidget>

namespace vigie {

/// One line of shape and text, in tabular figures, that elides when there is no room and then says
/// all of it in its tool tip. For values that change: its width doesn't depend on its text.
class ShapeLabel final : public QWidget {
    Q_OBJECT
public:
    explicit ShapeLabel(QWidget* parent = nullptr);

    void set(const QString& text, Shape shape = {}, Token ink = Token::Text);
    void setStyle(TextStyle style);
    void setAlignment(Qt::Alignment alignment);
    QString text() const { return m_text; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text;
    Shape m_shape;
    Token m_ink = Token::Text;
    TextStyle m_style = TextStyle::Base;
    Qt::Alignment m_alignment = Qt::AlignLeft;
};

} // namespace vigie
