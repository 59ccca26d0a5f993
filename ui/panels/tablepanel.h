#pragma once

#include "ui/panels/panel.h"
#include "ui/widgets/tableview.h"

class QStackedLayout;
class QVBoxLayout;

namespace vigie {

class EmptyState;
class PanelHeader;

/// What panels that are mostly one table share: header, filter, the reason for being empty, column
/// chooser, copy and export.
class TablePanel : public Panel {
    Q_OBJECT
public:
    QString setFilter(const QString& text) override;
    QString filterHint() const override { return m_hint; }

protected:
    struct Setup {
        QString panelId;
        QString title;
        QString filterHint;
        QString nothing; ///< why there are no rows when all sources have answered
    };
    TablePanel(PanelHost& host, TableModel& table, Setup setup, QWidget* parent);

    PanelHost& host() const { return m_host; }
    PanelHeader& header() const { return *m_header; }
    TableView& view() const { return *m_view; }
    /// Below the table: a detail area, say.
    QVBoxLayout& column() const { return *m_column; }
    /// Updates the rows in place and then what stands there when none is left.
    void showRows(const SnapshotPtr& snapshot, const std::function<void()>& update);

private:
    void showEmptiness();
    void reportCounts();
    void addTableActions();

    PanelHost& m_host;
    TableModel& m_table;
    QString m_id, m_hint, m_nothing, m_filter;
    SnapshotPtr m_snapshot;
    PanelHeader* m_header;
    TableView* m_view;
    EmptyState* m_empty;
    QStackedLayout* m_stack;
    QVBoxLayout* m_column;
};

} // namespace vigie
