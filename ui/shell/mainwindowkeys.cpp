#include "ui/models/words.h"
#include "ui/shell/filterline.h"
#include "ui/shell/keysheet.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/palette.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QShortcut>

namespace vigie {

void MainWindow::addKeys() {
    const auto key = [this](const QKeySequence& keys, std::function<void()> action) {
        connect(new QShortcut(keys, this), &QShortcut::activated, this, std::move(action));
    };
    key(Qt::Key_Slash, [this] { m_filter->take(); });
    key(Qt::Key_F5, [this] { submit(command::PollNow{}); });
    key(Qt::CTRL | Qt::Key_K, [this] { openPalette(); });
    key(Qt::Key_Escape, [this] { backOut(); });
    key(Qt::Key_Question, [this] { (new KeySheet(this))->open(); });
    key(Qt::SHIFT | Qt::Key_Question, [this] { (new KeySheet(this))->open(); });
    for (int number = 0; number < 9; ++number)
        key(QKeySequence(Qt::ALT | static_cast<Qt::Key>(Qt::Key_1 + number)), [this, number] {
            if (static_cast<size_t>(number) < m_places.size()) {
                const Place& place = m_places[static_cast<size_t>(number)];
                showPanel(place.descriptor.id, QString(place.filter));
            }
        });
}

void MainWindow::backOut() {
    if (!m_filter->text().isEmpty())
        m_filter->setText({});
    else
        closeInspector();
}

QStringList MainWindow::panelIds() const {
    QStringList ids;
    for (const Place& place : m_places)
        ids.append(place.descriptor.id);
    return ids;
}

void MainWindow::openPalette() {
    std::vector<PaletteEntry> entries;
    const auto add = [&entries](const QString& text, const QString& hint,
                                std::function<void()> run) {
        entries.push_back({text, hint, true, std::move(run)});
    };
    int number = 0;
    for (const Place& place : m_places)
        add(place.descriptor.title(), QStringLiteral("Alt+%1").arg(++number),
            [this, id = place.descriptor.id, filter = place.filter] { showPanel(id, filter); });
    if (Panel* panel = current())
        for (QAction* action : panel->actions())
            entries.push_back({action->text(), tr("action"), action->isEnabled(),
                               [action] { action->trigger(); }});
    add(tr("Poll all sources now"), QStringLiteral("F5"), [this] { submit(command::PollNow{}); });
    add(tr("Sources…"), tr("action"), [this] { openSourcesDialog(); });
    add(tr("Switch between light and dark"), tr("action"), [this] { m_context.switchTheme(); });
    add(QStringLiteral("English"), tr("language"),
        [this] { m_context.switchLanguage(QStringLiteral("en")); });
    add(QStringLiteral("Français"), tr("language"),
        [this] { m_context.switchLanguage(QStringLiteral("fr")); });
    add(tr("Keys"), QStringLiteral("?"), [this] { (new KeySheet(this))->open(); });
    if (m_snapshot)
        for (const auto& view : m_snapshot->instances)
            add(view->instance.id.value(),
                QStringLiteral("%1 · %2").arg(word(view->assessment.verdict), view->instance.zone),
                [this, source = view->source, id = view->instance.id] { inspect(source, id); });
    (new Palette(std::move(entries), this))->open();
}

} // namespace vigie
