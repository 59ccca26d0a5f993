#include "ui/panels/tablepanel.h"

#include "ui/models/emptiness.h"
#include "ui/models/words.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/panelheader.h"

#include <QAction>
#include <QMenu>
#include <QStackedLayout>
#include <QToolButton>
#include <QVBoxLayout>

namespace vigie {

TablePanel::TablePanel(PanelHost& host, TableModel& table, Setup setup, QWidget* parent)
    : Panel(parent), m_host(host), m_table(table), m_id(std::move(setup.panelId)),
      m_hint(std::move(setup.filterHint)), m_nothing(std::move(setup.nothing)),
      m_header(new PanelHeader(setup.title, this)), m_view(new TableView(table, setup.title, this)),
      m_empty(new EmptyState(this)), m_stack(new QStackedLayout), m_column(new QVBoxLayout(this)) {
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    m_column->addWidget(m_header);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    m_column->addLayout(m_stack, 1);
    connect(&table, &TableModel::countsChanged, this, &TablePanel::reportCounts);
    setFocusProxy(m_view);
    addTableActions();
}

void TablePanel::addTableActions() {
    const Theme& theme = Theme::current();
    const auto icon = [&theme](const char* name) {
        return theme.icon(QLatin1String(name), Token::SecondaryText);
    };
    auto* copyCsv = new QAction(icon("copy"), tr("Copy as CSV"), this);
    connect(copyCsv, &QAction::triggered, this, [this] { m_view->copyRows(false); });
    auto* copyJson = new QAction(icon("copy"), tr("Copy as JSON"), this);
    connect(copyJson, &QAction::triggered, this, [this] { m_view->copyRows(true); });
    auto* save = new QAction(icon("export"), tr("Export to a file…"), this);
    connect(save, &QAction::triggered, m_view, &TableView::exportToFile);
    connect(m_view, &TableView::exported, this, [this](const QString& path, const QString& error) {
        m_header->setDetail(error.isEmpty() ? tr("Written: %1").arg(path)
                                            : tr("Could not write %1: %2").arg(path, error));
    });
    addActions({copyCsv, copyJson, save});

    auto* share = new QAction(icon("export"), tr("Copy or export"), this);
    auto* shareMenu = new QMenu(this);
    shareMenu->addActions({copyCsv, copyJson, save});
    auto* shareButton = m_header->addAction(share);
    shareButton->setMenu(shareMenu);
    shareButton->setPopupMode(QToolButton::InstantPopup);

    auto* columns = new QAction(icon("columns"), tr("Columns"), this);
    auto* columnsButton = m_header->addAction(columns);
    columnsButton->setMenu(m_view->columnMenu(this));
    columnsButton->setPopupMode(QToolButton::InstantPopup);
}

QString TablePanel::setFilter(const QString& text) {
    if (const auto done = m_table.setFilter(text); !done)
        return filterErrorText(done.error());
    m_filter = text.trimmed();
    reportCounts();
    showEmptiness();
    return {};
}

void TablePanel::showRows(const SnapshotPtr& snapshot, const std::function<void()>& update) {
    m_snapshot = snapshot;
    m_view->updateCalmly(update);
    showEmptiness();
}

void TablePanel::reportCounts() {
    Q_EMIT filterCount(
        m_filter.isEmpty()
            ? QString()
            : tr("%1 of %2").arg(countText(m_table.rowCount()), countText(m_table.total())));
}

void TablePanel::showEmptiness() {
    if (m_table.rowCount() > 0) {
        m_stack->setCurrentWidget(m_view);
        return;
    }
    const auto why = emptiness(m_snapshot.get(), m_table.total(), m_filter, m_nothing);
    m_empty->show(why.sentence, why.stepText, [this, step = why.step] {
        if (step == Emptiness::Step::ClearFilter)
            m_host.showPanel(m_id, {});
        else if (step == Emptiness::Step::OpenSources)
            m_host.openSourcesDialog();
        else
            m_host.submit(command::PollNow{});
    });
    m_stack->setCurrentWidget(m_empty);
}

} // namespace vigie
