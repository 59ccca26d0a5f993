#include "ui/shell/firststart.h"

#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace vigie {

FirstStart::FirstStart(QWidget* parent) : QWidget(parent) {
    auto* lantern = new QLabel(this);
    lantern->setPixmap(QIcon(QStringLiteral(":/vigie/icons/vigie.svg")).pixmap(64, 64));
    auto* title = new QLabel(tr("Nothing is watched yet"), this);
    title->setFont(Theme::current().font(TextStyle::BigNumber));
    auto* text = new QLabel(
        tr("Vigie polls the orchestrators of GPU and LLM fleets, says which instances are alive, "
           "suspect or dead and how sure it is, and repairs them when you ask."),
        this);
    text->setWordWrap(true);
    text->setFixedWidth(460);
    text->setMinimumHeight(text->heightForWidth(460));
    text->setAlignment(Qt::AlignCenter);
    auto* demo = new QPushButton(tr("Watch the demo fleet"), this);
    demo->setObjectName(QStringLiteral("primary"));
    auto* add = new QPushButton(tr("Add an orchestrator…"), this);
    auto* hint = new QLabel(tr("The demo runs two orchestrators with simulated machines on this "
                               "computer, and ends with the window."),
                            this);
    hint->setObjectName(QStringLiteral("secondary"));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(12);
    buttons->addStretch();
    buttons->addWidget(demo);
    buttons->addWidget(add);
    buttons->addStretch();
    auto* column = new QVBoxLayout(this);
    column->setSpacing(16);
    column->addStretch(2);
    column->addWidget(lantern, 0, Qt::AlignHCenter);
    column->addWidget(title, 0, Qt::AlignHCenter);
    column->addWidget(text, 0, Qt::AlignHCenter);
    column->addLayout(buttons);
    column->addWidget(hint, 0, Qt::AlignHCenter);
    column->addStretch(3);
    connect(demo, &QPushButton::clicked, this, &FirstStart::demoWanted);
    connect(add, &QPushButton::clicked, this, &FirstStart::sourcesWanted);
}

} // namespace vigie
