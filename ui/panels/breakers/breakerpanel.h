#pragma once

#include "ui/models/keyedtablemodel.h"
#include "ui/panels/breakers/breakerrows.h"
#include "ui/panels/tablepanel.h"

class QLabel;

namespace vigie::panels::breakers {

/// The bench: all breakers above, the history of the chosen one below.
class BreakerPanel final : public TablePanel {
    Q_OBJECT
public:
    BreakerPanel(PanelHost& host, QWidget* parent);
    void render(const SnapshotPtr& snapshot) override;

private:
    BreakerPanel(PanelHost& host, KeyedTableModel<BreakerRow>* model, QWidget* parent);
    void showTransitions();

    KeyedTableModel<BreakerRow>* m_model;
    KeyedTableModel<TransitionRow>* m_transitions;
    TableView* m_history;
    QLabel* m_title;
};

} // namespace vigie::panels::breakers
