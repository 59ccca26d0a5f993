#pragma once

#include "ui/models/cell.h"

#include <QWidget>

class QGridLayout;

namespace vigie {
class ShapeLabel;
}

namespace vigie::panels::inspector {

/// Rows of two or three texts that change in place: labels are made only when the number of rows
/// does.
class FactGrid final : public QWidget {
    Q_OBJECT
public:
    struct Line {
        QString left;
        QString middle;
        QString right;
        Shape shape; ///< of the middle
        Token ink = Token::Text;
        QString tip;
    };
    explicit FactGrid(QWidget* parent = nullptr);
    void set(const std::vector<Line>& lines);

private:
    struct Labels {
        ShapeLabel *left, *middle, *right;
    };
    QGridLayout* m_grid;
    QList<Labels> m_labels;
};

} // namespace vigie::panels::inspector
