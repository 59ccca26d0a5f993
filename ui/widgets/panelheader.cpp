#include "ui/widgets/panelheader.h"

#include "ui/theme/theme.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace vigie {

PanelHeader::PanelHeader(const QString& title, QWidget* parent)
    : QWidget(parent), m_detail(new QLabel(this)), m_actions(new QHBoxLayout) {
    auto* name = new QLabel(title, this);
    name->setObjectName(QStringLiteral("title"));
    m_detail->setObjectName(QStringLiteral("secondary"));
    m_detail->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(Theme::size(Size::CardPadding), 6, 8, 6);
    line->setSpacing(Theme::size(Size::CardPadding));
    line->addWidget(name);
    line->addWidget(m_detail, 1);
    m_actions->setSpacing(2);
    line->addLayout(m_actions);
    setFixedHeight(40);
}

void PanelHeader::setDetail(const QString& detail) {
    m_detail->setText(detail);
}

QToolButton* PanelHeader::addAction(QAction* action, bool withText) {
    auto* button = new QToolButton(this);
    button->setObjectName(QStringLiteral("flat"));
    button->setDefaultAction(action);
    button->setToolButtonStyle(withText ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
    button->setAccessibleName(action->text());
    button->setFocusPolicy(Qt::TabFocus);
    m_actions->addWidget(button);
    return button;
}

void PanelHeader::addWidget(QWidget* widget) {
    m_actions->addWidget(widget);
}

} // namespace vigie
