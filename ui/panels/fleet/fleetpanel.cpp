#include "ui/panels/fleet/fleetpanel.h"

#include "ui/models/words.h"
#include "ui/widgets/panelheader.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QToolButton>

namespace vigie::panels::fleet {

namespace {

std::vector<command::Act::Target> targetsOf(const std::vector<const FleetRow*>& rows) {
    std::vector<command::Act::Target> targets;
    for (const FleetRow* row : rows)
        targets.push_back({row->view->source, row->view->instance.id});
    return targets;
}

const char* iconOf(Action action) {
    return action == Action::Terminate   ? "terminate"
           : action == Action::Reinstall ? "reinstall"
                                         : "archive";
}

} // namespace

FleetPanel::FleetPanel(PanelHost& host, QWidget* parent)
    : FleetPanel(host, new KeyedTableModel<FleetRow>(columns()), parent) {}

FleetPanel::FleetPanel(PanelHost& host, KeyedTableModel<FleetRow>* model, QWidget* parent)
    : TablePanel(host, (model->sort(1, Qt::AscendingOrder), *model),
                 {QStringLiteral("fleet"), tr("Fleet"),
                  tr("Filter: words, state:ready, verdict:dead,suspect, zone:fr-par-*, gpu>80, "
                     "hb>30s, !text"),
                  tr("The orchestrators have no instances.")},
                 parent),
      m_model(model), m_marked(new QLabel(this)) {
    m_model->setParent(this);
    m_marked->setObjectName(QStringLiteral("secondary"));
    header().addWidget(m_marked);
    addFleetActions();
    connect(&view(), &TableView::opened, this, [this](const QString& key) {
        if (const FleetRow* row = m_model->find(key))
            this->host().inspect(row->view->source, row->view->instance.id);
    });
    connect(m_model, &TableModel::marksChanged, this, &FleetPanel::updateChosen);
    connect(view().selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &FleetPanel::updateChosen);
    updateChosen();
}

void FleetPanel::addFleetActions() {
    const Theme& theme = Theme::current();
    view().setContextMenuPolicy(Qt::ActionsContextMenu);
    for (const Action action : {Action::Reinstall, Action::Terminate, Action::Archive}) {
        auto* item = new QAction(theme.icon(QLatin1String(iconOf(action)), Token::Text),
                                 tr("%1…").arg(word(action)), this);
        connect(item, &QAction::triggered, this, [this, action] { recover(action); });
        m_actions.append({action, item});
        header().addAction(item, true);
        view().addAction(item);
        addAction(item);
    }
    m_others = new QAction(tr("Other actions…"), this);
    m_others->setToolTip(
        tr("Restart, replace, drain, hold and what else the orchestrator offers."));
    connect(m_others, &QAction::triggered, this, [this] { recover(Action::RestartWorker); });
    header().addAction(m_others, true);
    view().addAction(m_others);
    addAction(m_others);
    auto* copyId = new QAction(tr("Copy the id"), this);
    connect(copyId, &QAction::triggered, this, [this] {
        QStringList ids;
        for (const FleetRow* row : chosen())
            ids.append(row->view->instance.id.value());
        QGuiApplication::clipboard()->setText(ids.join(QLatin1Char('\n')));
    });
    auto* unmark = new QAction(tr("Clear the marks"), this);
    connect(unmark, &QAction::triggered, m_model, &TableModel::clearMarks);
    view().addActions({copyId, unmark});
    addActions({copyId, unmark});
}

std::vector<const FleetRow*> FleetPanel::chosen() const {
    std::vector<const FleetRow*> rows;
    for (const QString& key : view().chosenKeys())
        if (const FleetRow* row = m_model->find(key))
            rows.push_back(row);
    return rows;
}

void FleetPanel::recover(Action action) {
    const auto rows = chosen();
    if (!rows.empty())
        host().recover(action, targetsOf(rows));
}

void FleetPanel::updateChosen() {
    const auto marks = m_model->marks().size();
    m_marked->setText(marks == 0 ? QString() : tr("%n marked", nullptr, static_cast<int>(marks)));
    const auto rows = chosen();
    m_others->setEnabled(!rows.empty());
    for (const auto& [action, item] : m_actions) {
        const auto what = action;
        const bool any = std::any_of(rows.begin(), rows.end(), [what](const FleetRow* row) {
            return whyNotText(what, row->view->instance).isEmpty();
        });
        item->setEnabled(any);
        if (rows.empty())
            item->setToolTip(tr("Select an instance, or mark several with Space."));
        else if (!any)
            item->setToolTip(whyNotText(action, rows.front()->view->instance));
        else
            item->setToolTip(item->text());
    }
}

void FleetPanel::render(const SnapshotPtr& snapshot) {
    showRows(snapshot, [&] { m_model->setRows(rows(*snapshot), snapshot->takenAt); });
    const auto over = std::count_if(snapshot->instances.begin(), snapshot->instances.end(),
                                    [](const auto& each) { return isOver(each->instance.status); });
    header().setDetail(
        tr("%n instance(s), %1 ended", nullptr, static_cast<int>(snapshot->instances.size()))
            .arg(countText(over)));
    updateChosen();
}

} // namespace vigie::panels::fleet
