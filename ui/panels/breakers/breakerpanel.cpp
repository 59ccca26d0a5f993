#include "ui/panels/breakers/breakerpanel.h"

#include "ui/models/words.h"
#include "ui/widgets/panelheader.h"

#include <QLabel>
#include <QVBoxLayout>

namespace vigie::panels::breakers {

BreakerPanel::BreakerPanel(PanelHost& host, QWidget* parent)
    : BreakerPanel(host, new KeyedTableModel<BreakerRow>(columns()), parent) {}

BreakerPanel::BreakerPanel(PanelHost& host, KeyedTableModel<BreakerRow>* model, QWidget* parent)
    : TablePanel(host, *model,
                 {QStringLiteral("breakers"), tr("Breakers"),
                  tr("Filter: words, state:open,half_open, at:par-1, failing>0"),
                  tr("No breaker is known.")},
                 parent),
      m_model(model), m_transitions(new KeyedTableModel<TransitionRow>(transitionColumns(), this)),
      m_history(new TableView(*m_transitions, tr("Transitions"), this)), m_title(new QLabel(this)) {
    m_model->setParent(this);
    m_title->setObjectName(QStringLiteral("section"));
    m_title->setContentsMargins(12, 10, 12, 6);
    column().addWidget(m_title);
    column().addWidget(m_history);
    column().setStretchFactor(m_history, 0);
    m_history->setFixedHeight(200);
    connect(&view(), &TableView::currentKeyChanged, this, &BreakerPanel::showTransitions);
}

void BreakerPanel::showTransitions() {
    const BreakerRow* row = m_model->find(view().currentKey());
    if (!row)
        row = m_model->rowAt(0);
    std::vector<TransitionRow> rows;
    if (row)
        rows = transitionRows(*row);
    QStringList title;
    if (row) {
        title << (rows.empty() ? tr("%1 has not changed its state since it is watched")
                               : tr("Transitions of %1"))
                     .arg(row->breaker.name);
        if (const QString facts = factsText(row->breaker); !facts.isEmpty())
            title << facts;
    }
    m_title->setText(title.join(QStringLiteral(" · ")));
    m_history->setVisible(!rows.empty());
    m_history->updateCalmly(
        [&] { m_transitions->setRows(std::move(rows), row ? row->now : WallTime{}); });
}

void BreakerPanel::render(const SnapshotPtr& snapshot) {
    showRows(snapshot, [&] { m_model->setRows(rows(*snapshot), snapshot->takenAt); });
    int ours = 0, open = 0;
    for (int i = 0; i < m_model->rowCount(); ++i) {
        ours += m_model->rowAt(i)->own ? 1 : 0;
        open += urgency(m_model->rowAt(i)->breaker) < 2 ? 1 : 0;
    }
    header().setDetail(
        tr("%1 of this dashboard, %2 of the orchestrators; %3")
            .arg(countText(ours), countText(m_model->rowCount() - ours),
                 tr("%1 open", nullptr, static_cast<int>(open)).arg(countText(open))));
    showTransitions();
}

} // namespace vigie::panels::breakers
