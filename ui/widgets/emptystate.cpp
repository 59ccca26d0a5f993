#include "ui/widgets/emptystate.h"

#include "ui/theme/theme.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace vigie {

EmptyState::EmptyState(QWidget* parent)
    : QWidget(parent), m_icon(new QLabel(this)), m_sentence(new QLabel(this)),
      m_step(new QPushButton(this)) {
    setObjectName(QStringLiteral("empty"));
    setAttribute(Qt::WA_StyledBackground);
    m_icon->setPixmap(
        Theme::current().icon(QStringLiteral("empty"), Token::SecondaryText).pixmap(32, 32));
    m_icon->setAlignment(Qt::AlignCenter);
    m_sentence->setAlignment(Qt::AlignCenter);
    m_sentence->setWordWrap(true);
    m_sentence->setMaximumWidth(440);
    m_sentence->setMinimumWidth(200);
    auto* column = new QVBoxLayout(this);
    column->setSpacing(Theme::size(Size::CardPadding));
    column->addStretch();
    column->addWidget(m_icon, 0, Qt::AlignHCenter);
    auto* line = new QHBoxLayout;
    line->addStretch(1);
    line->addWidget(m_sentence, 4);
    line->addStretch(1);
    column->addLayout(line);
    column->addWidget(m_step, 0, Qt::AlignHCenter);
    column->addStretch();
    connect(m_step, &QPushButton::clicked, this, [this] {
        if (m_action)
            m_action();
    });
}

void EmptyState::show(const QString& sentence, const QString& step, std::function<void()> action) {
    m_sentence->setText(sentence);
    m_step->setText(step);
    m_step->setVisible(!step.isEmpty());
    m_action = std::move(action);
    setAccessibleName(sentence);
}

QString EmptyState::sentence() const {
    return m_sentence->text();
}

} // namespace vigie
