#pragma once

#include "ui/models/keyedtablemodel.h"
#include "ui/panels/latency/latencyrows.h"
#include "ui/panels/tablepanel.h"

class QLabel;

namespace vigie {
class LatencyChart;
}

namespace vigie::panels::latency {

/// The series in a table, the chosen one as a histogram below.
class LatencyPanel final : public TablePanel {
    Q_OBJECT
public:
    LatencyPanel(PanelHost& host, QWidget* parent);
    void render(const SnapshotPtr& snapshot) override;

private:
    LatencyPanel(PanelHost& host, KeyedTableModel<LatencyRow>* model, QWidget* parent);
    void showChart();

    KeyedTableModel<LatencyRow>* m_model;
    QLabel* m_title;
    LatencyChart* m_chart;
};

} // namespace vigie::panels::latency
