#include "ui/panels/latency/latencypanel.h"

#include "ui/charts/latencychart.h"
#include "ui/models/words.h"
#include "ui/widgets/panelheader.h"

#include <QLabel>
#include <QVBoxLayout>

namespace vigie::panels::latency {

LatencyPanel::LatencyPanel(PanelHost& host, QWidget* parent)
    : LatencyPanel(host, new KeyedTableModel<LatencyRow>(columns()), parent) {}

LatencyPanel::LatencyPanel(PanelHost& host, KeyedTableModel<LatencyRow>* model, QWidget* parent)
    : TablePanel(host, *model,
                 {QStringLiteral("latency"), tr("Latency"),
                  tr("Filter: words, source:par-1, name:*http*, p95>100ms, count>0"),
                  tr("Nothing was measured yet.")},
                 parent),
      m_model(model), m_title(new QLabel(this)), m_chart(new LatencyChart(this)) {
    m_model->setParent(this);
    m_title->setObjectName(QStringLiteral("section"));
    m_title->setContentsMargins(12, 10, 12, 2);
    column().addWidget(m_title);
    column().addWidget(m_chart);
    column().setStretch(1, 2);
    column().setStretchFactor(m_chart, 3);
    m_chart->setAccessibleName(tr("Latency histogram"));
    m_chart->setMinimumHeight(180);
    connect(&view(), &TableView::currentKeyChanged, this, &LatencyPanel::showChart);
}

void LatencyPanel::showChart() {
    const LatencyRow* row = m_model->find(view().currentKey());
    if (!row)
        row = m_model->rowAt(0);
    m_chart->setVisible(row != nullptr);
    if (!row) {
        m_title->setText({});
        return;
    }
    QString title = tr("%1 · %2 · calls by duration (log scale)").arg(row->sourceName, row->title);
    if (!row->labels.isEmpty())
        title += QStringLiteral(" · ") + row->labels;
    if (row->shape.beyond > 0)
        title += QStringLiteral(" · ") +
                 tr("%1 beyond the last bound").arg(numberText(row->shape.beyond, 0));
    if (row->freshness != Freshness::Live && row->age)
        title += QStringLiteral(" · ") + tr("as of %1 ago").arg(shortDuration(*row->age));
    m_title->setText(title);
    m_chart->show(row->key, row->shape, isStale(*row));
}

void LatencyPanel::render(const SnapshotPtr& snapshot) {
    showRows(snapshot, [&] { m_model->setRows(rows(*snapshot), snapshot->takenAt); });
    header().setDetail(tr("%n series", nullptr, static_cast<int>(snapshot->latencies.size())));
    showChart();
}

} // namespace vigie::panels::latency
