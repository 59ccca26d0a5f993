#pragma once

#include "ui/models/tablemodel.h"

#include <QTableView>

class QMenu;

namespace vigie {

/// A table of the window: calm rows of one height, Space marks, Enter opens, a column chooser on
/// its header, copy and export as CSV or JSON. The view keeps its place when rows come and go.
class TableView final : public QTableView {
    Q_OBJECT
public:
    /// `name` is the table's accessible name. The model must outlive the view's use of it.
    TableView(TableModel& table, const QString& name, QWidget* parent = nullptr);

    /// Runs `update` (a setRows) while the first visible row stays where it is.
    void updateCalmly(const std::function<void()>& update);

    QString currentKey() const;
    void selectKey(const QString& key);
    /// Keys of the marked rows, or of the selected ones when none is marked.
    QStringList chosenKeys() const;
    /// A menu for the columns to show; owned by the caller.
    QMenu* columnMenu(QWidget* parent);
    /// Asks for a file name and writes the shown rows: JSON when it ends in .json, else CSV.
    void exportToFile();
    void copyRows(bool asJson);

Q_SIGNALS:
    void opened(const QString& key); ///< Enter or double click
    void currentKeyChanged(const QString& key);
    void exported(const QString& path, const QString& error);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    void fitColumns();
    void showHeaderMenu(const QPoint& at);
    QList<int> shownColumns() const;
    QList<int> chosenRows() const;

    TableModel& m_table;
};

} // namespace vigie
