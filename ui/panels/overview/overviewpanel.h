#pragma once

#include "ui/models/keyedtablemodel.h"
#include "ui/panels/overview/problems.h"
#include "ui/panels/overview/sourcecards.h"
#include "ui/panels/panel.h"

class QGridLayout;
class QLabel;
class QScrollArea;

namespace vigie {
class EmptyState;
class PanelHeader;
class TableView;
} // namespace vigie

namespace vigie::panels::overview {

class SourceCardView;

/// The first look at the fleet.
class OverviewPanel final : public Panel {
    Q_OBJECT
public:
    OverviewPanel(PanelHost& host, QWidget* parent);
    void render(const SnapshotPtr& snapshot) override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* section(const QString& title, QWidget* content);
    void showCards(const std::vector<SourceCard>& cards);
    void placeCards();
    void open(const Problem& problem);

    PanelHost& m_host;
    PanelHeader* m_header;
    QScrollArea* m_scroll;
    QGridLayout* m_grid;
    QList<SourceCardView*> m_cards;
    KeyedTableModel<Problem>* m_problems;
    KeyedTableModel<ChangeRow>* m_changes;
    TableView* m_problemView;
    TableView* m_changeView;
    EmptyState* m_noProblems;
    EmptyState* m_noChanges;
};

} // namespace vigie::panels::overview
