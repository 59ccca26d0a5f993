#pragma once

#include "ui/models/keyedtablemodel.h"
#include "ui/panels/fleet/fleetrows.h"
#include "ui/panels/tablepanel.h"

class QAction;
class QLabel;

namespace vigie::panels::fleet {

/// The fleet as one table, with marks and bulk actions.
class FleetPanel final : public TablePanel {
    Q_OBJECT
public:
    FleetPanel(PanelHost& host, QWidget* parent);
    void render(const SnapshotPtr& snapshot) override;

private:
    explicit FleetPanel(PanelHost& host, KeyedTableModel<FleetRow>* model, QWidget* parent);
    void addFleetActions();
    void recover(Action action);
    void updateChosen();
    std::vector<const FleetRow*> chosen() const;

    KeyedTableModel<FleetRow>* m_model;
    QLabel* m_marked;
    QList<std::pair<Action, QAction*>> m_actions;
    QAction* m_others = nullptr; ///< opens the dialog with all that the orchestrator offers
};

} // namespace vigie::panels::fleet
