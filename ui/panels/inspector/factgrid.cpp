#include "ui/panels/inspector/factgrid.h"

#include "ui/widgets/shapelabel.h"

#include <QGridLayout>

namespace vigie::panels::inspector {

FactGrid::FactGrid(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this)) {
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(10);
    m_grid->setVerticalSpacing(3);
    m_grid->setColumnMinimumWidth(0, 84);
    m_grid->setColumnStretch(1, 1);
}

void FactGrid::set(const std::vector<Line>& lines) {
    while (m_labels.size() > static_cast<qsizetype>(lines.size())) {
        const Labels last = m_labels.takeLast();
        delete last.left;
        delete last.middle;
        delete last.right;
    }
    while (m_labels.size() < static_cast<qsizetype>(lines.size())) {
        const Labels labels{new ShapeLabel(this), new ShapeLabel(this), new ShapeLabel(this)};
        const int row = static_cast<int>(m_labels.size());
        labels.middle->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        labels.right->setStyle(TextStyle::Secondary);
        labels.right->setAlignment(Qt::AlignRight);
        m_grid->addWidget(labels.left, row, 0);
        m_grid->addWidget(labels.middle, row, 1);
        m_grid->addWidget(labels.right, row, 2);
        m_labels.append(labels);
    }
    for (qsizetype i = 0; i < m_labels.size(); ++i) {
        const Line& line = lines[static_cast<size_t>(i)];
        m_labels.at(i).left->set(line.left, {}, Token::SecondaryText);
        m_labels.at(i).middle->set(line.middle, line.shape, line.ink);
        m_labels.at(i).middle->setToolTip(line.tip.isEmpty() ? line.middle : line.tip);
        m_labels.at(i).right->set(line.right, {}, Token::SecondaryText);
        m_labels.at(i).right->setVisible(!line.right.isEmpty());
    }
}

} // namespace vigie::panels::inspector
