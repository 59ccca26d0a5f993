#include "ui/shell/keysheet.h"

#include "ui/theme/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace vigie {

KeySheet::KeySheet(QWidget* parent) : QDialog(parent) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Keys"));
    const struct {
        QString keys, meaning;
    } rows[] = {
        {QStringLiteral("Ctrl+K"), tr("command palette: panels, instances, actions")},
        {QStringLiteral("/"), tr("filter")},
        {QStringLiteral("Alt+1 … Alt+9"), tr("panels")},
        {tr("Space"), tr("mark the row, for actions on many")},
        {tr("Enter"), tr("inspect the row")},
        {QStringLiteral("F5"), tr("poll all sources now")},
        {QStringLiteral("Ctrl+Z"), tr("take back an action, within five seconds")},
        {QStringLiteral("Ctrl+C"), tr("copy the marked or selected rows")},
        {QStringLiteral("Esc"), tr("back out: filter, then inspector")},
        {QStringLiteral("?"), tr("this sheet")},
        {QStringLiteral("state:ready"), tr("filter: a field is a value, or one of several: a,b")},
        {QStringLiteral("zone:fr-par-*"), tr("filter: * stands for any characters")},
        {QStringLiteral("gpu>80  hb>30s"), tr("filter: numbers and durations compare")},
        {QStringLiteral("!text  \"two words\""), tr("filter: ! inverts, quotes group")},
    };
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(6);
    int line = 0;
    for (const auto& row : rows) {
        auto* keys = new QLabel(row.keys, this);
        keys->setFont(Theme::current().font(TextStyle::Monospace));
        grid->addWidget(keys, line, 0);
        grid->addWidget(new QLabel(row.meaning, this), line++, 1);
    }
    auto* close = new QPushButton(tr("Close"), this);
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(16);
    column->addLayout(grid);
    column->addWidget(close, 0, Qt::AlignRight);
}

} // namespace vigie
