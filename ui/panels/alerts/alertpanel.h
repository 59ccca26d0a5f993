#pragma once

#include "ui/models/keyedtablemodel.h"
#include "ui/panels/alerts/alertrows.h"
#include "ui/panels/tablepanel.h"

namespace vigie::panels::alerts {

/// Alerts, grouped and foldable.
class AlertPanel final : public TablePanel {
    Q_OBJECT
public:
    AlertPanel(PanelHost& host, QWidget* parent);
    void render(const SnapshotPtr& snapshot) override;

private:
    AlertPanel(PanelHost& host, KeyedTableModel<AlertRow>* model, QWidget* parent);
    void open(const QString& key);

    KeyedTableModel<AlertRow>* m_model;
    QSet<QString> m_folded;
    SnapshotPtr m_snapshot;
};

} // namespace vigie::panels::alerts
