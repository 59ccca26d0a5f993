#include "ui/panels/alerts/alertpanel.h"

#include "ui/models/words.h"
#include "ui/widgets/panelheader.h"

namespace vigie::panels::alerts {

AlertPanel::AlertPanel(PanelHost& host, QWidget* parent)
    : AlertPanel(host, new KeyedTableModel<AlertRow>(columns()), parent) {}

AlertPanel::AlertPanel(PanelHost& host, KeyedTableModel<AlertRow>* model, QWidget* parent)
    : TablePanel(host, *model,
                 {QStringLiteral("alerts"), tr("Alerts"),
                  tr("Filter: words, severity:critical, state:firing, since>5min"),
                  tr("No alert is pending or firing, and none was resolved lately.")},
                 parent),
      m_model(model) {
    m_model->setParent(this);
    connect(&view(), &TableView::opened, this, &AlertPanel::open);
}

void AlertPanel::open(const QString& key) {
    const AlertRow* row = m_model->find(key);
    if (!row)
        return;
    if (!row->head) {
        const QString instance = row->alert.labels.value(QStringLiteral("instance"));
        const QString source = row->alert.labels.value(QStringLiteral("source"));
        for (const auto& view : m_snapshot->instances)
            if (view->instance.id.value() == instance) {
                host().inspect(view->source, view->instance.id);
                return;
            }
        host().showPanel(QStringLiteral("overview"), {});
        return;
    }
    const QString group = row->group;
    if (!m_folded.remove(group))
        m_folded.insert(group);
    render(m_snapshot);
}

void AlertPanel::render(const SnapshotPtr& snapshot) {
    m_snapshot = snapshot;
    showRows(snapshot, [&] { m_model->setRows(rows(*snapshot, m_folded), snapshot->takenAt); });
    const auto count = [&](AlertState state) {
        return static_cast<int>(
            std::count_if(snapshot->alerts.begin(), snapshot->alerts.end(),
                          [&](const Alert& alert) { return alert.state == state; }));
    };
    const int firing = count(AlertState::Firing), resolved = count(AlertState::Resolved);
    header().setDetail(tr("%1, %2 pending, %3")
                           .arg(tr("%1 firing", nullptr, firing).arg(countText(firing)),
                                countText(count(AlertState::Pending)),
                                tr("%1 resolved", nullptr, resolved).arg(countText(resolved))));
}

} // namespace vigie::panels::alerts
