#include "ui/widgets/tableview.h"

#include "ui/models/exportcodec.h"
#include "ui/widgets/celldelegate.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QSaveFile>
#include <QScrollBar>

namespace vigie {

TableView::TableView(TableModel& table, const QString& name, QWidget* parent)
    : QTableView(parent), m_table(table) {
    setAccessibleName(name);
    setModel(&table);
    setItemDelegate(new CellDelegate(this));
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setMouseTracking(true);
    setCornerButtonEnabled(false);
    verticalHeader()->hide();
    // Fixed: asking rows for their height costs half a second with ten thousand of them.
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(Theme::size(Size::Row));
    verticalHeader()->setMinimumSectionSize(Theme::size(Size::CompactRow));
    horizontalHeader()->setFixedHeight(Theme::size(Size::Row));
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsMovable(true);
    horizontalHeader()->setMinimumSectionSize(24);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(horizontalHeader(), &QHeaderView::customContextMenuRequested, this,
            &TableView::showHeaderMenu);
    for (int column = 0; column < table.columnCount(); ++column) {
        setColumnWidth(column, table.columnInfo(column).width);
        setColumnHidden(column, !table.columnInfo(column).shown);
    }
    if (table.markable())
        horizontalHeader()->setSectionResizeMode(0, QHeaderView::Fixed);
    horizontalHeader()->setSortIndicator(table.sortColumn(), table.sortOrder());
    setSortingEnabled(table.sortColumn() >= 0);
    connect(this, &QTableView::doubleClicked, this,
            [this](const QModelIndex& index) { Q_EMIT opened(m_table.keyAt(index.row())); });
}

void TableView::updateCalmly(const std::function<void()>& update) {
    const bool atTop = verticalScrollBar()->value() == 0;
    const QPersistentModelIndex first(indexAt(QPoint(0, 0)));
    update();
    if (!atTop && first.isValid())
        verticalScrollBar()->setValue(first.row());
}

QString TableView::currentKey() const {
    return currentIndex().isValid() ? m_table.keyAt(currentIndex().row()) : QString();
}

void TableView::selectKey(const QString& key) {
    const int row = m_table.rowOf(key);
    if (row < 0)
        return;
    const int column = m_table.markable() ? 1 : 0;
    setCurrentIndex(m_table.index(row, column));
    scrollTo(m_table.index(row, column));
}

QList<int> TableView::chosenRows() const {
    QList<int> rows;
    if (!m_table.marks().isEmpty()) {
        for (int row = 0; row < m_table.rowCount(); ++row)
            if (m_table.isMarked(m_table.keyAt(row)))
                rows.append(row);
        return rows;
    }
    for (const QModelIndex& index : selectionModel()->selectedRows())
        rows.append(index.row());
    std::sort(rows.begin(), rows.end());
    return rows;
}

QStringList TableView::chosenKeys() const {
    if (!m_table.marks().isEmpty()) { // also those that the filter hides
        QStringList keys(m_table.marks().begin(), m_table.marks().end());
        keys.sort();
        return keys;
    }
    QStringList keys;
    for (const int row : chosenRows())
        keys.append(m_table.keyAt(row));
    return keys;
}

QList<int> TableView::shownColumns() const {
    QList<int> columns;
    for (int visual = 0; visual < m_table.columnCount(); ++visual) {
        const int column = horizontalHeader()->logicalIndex(visual);
        if (!isColumnHidden(column) &&
            m_table.columnInfo(column).id != QStringView(TableModel::markColumnId))
            columns.append(column);
    }
    return columns;
}

QMenu* TableView::columnMenu(QWidget* parent) {
    auto* menu = new QMenu(tr("Columns"), parent);
    for (int column = 0; column < m_table.columnCount(); ++column) {
        const ColumnInfo& info = m_table.columnInfo(column);
        if (info.id == QStringView(TableModel::markColumnId))
            continue;
        auto* action = menu->addAction(info.title());
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        connect(action, &QAction::toggled, this, [this, column](bool on) {
            setColumnHidden(column, !on);
            fitColumns();
        });
    }
    return menu;
}

void TableView::showHeaderMenu(const QPoint& at) {
    QMenu* menu = columnMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->popup(horizontalHeader()->mapToGlobal(at));
}

void TableView::copyRows(bool asJson) {
    QList<int> rows = chosenRows();
    if (rows.isEmpty())
        for (int row = 0; row < m_table.rowCount(); ++row)
            rows.append(row);
    const auto extract = m_table.extract(rows, shownColumns());
    QGuiApplication::clipboard()->setText(
        QString::fromUtf8(asJson ? toJson(extract) : toCsv(extract)));
}

void TableView::exportToFile() {
    const QString path =
        QFileDialog::getSaveFileName(this, tr("Export the shown rows"), QStringLiteral("vigie.csv"),
                                     tr("CSV (*.csv);;JSON (*.json)"));
    if (path.isEmpty())
        return;
    QList<int> rows;
    for (int row = 0; row < m_table.rowCount(); ++row)
        rows.append(row);
    const auto extract = m_table.extract(rows, shownColumns());
    QSaveFile file(path);
    const bool written =
        file.open(QIODevice::WriteOnly) &&
        file.write(path.endsWith(QLatin1String(".json")) ? toJson(extract) : toCsv(extract)) >= 0 &&
        file.commit();
    Q_EMIT exported(path, written ? QString() : file.errorString());
}

void TableView::keyPressEvent(QKeyEvent* event) {
    const QModelIndex current = currentIndex();
    const bool plain =
        event->modifiers() == Qt::NoModifier || event->modifiers() == Qt::KeypadModifier;
    if (plain && current.isValid()) {
        if (event->key() == Qt::Key_Space && m_table.markable()) {
            m_table.toggleMark(current.row());
            if (current.row() + 1 < m_table.rowCount())
                setCurrentIndex(current.siblingAtRow(current.row() + 1));
            return;
        }
        if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
            Q_EMIT opened(m_table.keyAt(current.row()));
            return;
        }
    }
    if (event->matches(QKeySequence::Copy)) {
        copyRows(false);
        return;
    }
    // Letters belong to the window's keys, not to the list's type-ahead search.
    if (plain && !event->text().isEmpty() && event->text().at(0).isPrint()) {
        event->ignore();
        return;
    }
    QTableView::keyPressEvent(event);
}

void TableView::mousePressEvent(QMouseEvent* event) {
    const QModelIndex index = indexAt(event->pos());
    if (event->button() == Qt::LeftButton && index.isValid() && m_table.markable() &&
        index.column() == 0) {
        m_table.toggleMark(index.row());
        return;
    }
    QTableView::mousePressEvent(event);
}

void TableView::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    fitColumns();
}

void TableView::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QTableView::currentChanged(current, previous);
    Q_EMIT currentKeyChanged(currentKey());
}

void TableView::fitColumns() {
    int stretch = 0;
    int used = 0;
    for (int column = 0; column < m_table.columnCount(); ++column) {
        if (isColumnHidden(column))
            continue;
        if (m_table.columnInfo(column).stretches)
            ++stretch;
        else
            used += columnWidth(column);
    }
    if (stretch == 0)
        return;
    const int room = (viewport()->width() - used) / stretch;
    for (int column = 0; column < m_table.columnCount(); ++column)
        if (m_table.columnInfo(column).stretches && !isColumnHidden(column))
            setColumnWidth(column, std::max(room, m_table.columnInfo(column).width));
}

} // namespace vigie
