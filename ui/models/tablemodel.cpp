#include "ui/models/tablemodel.h"

namespace vigie {

void TableModel::toggleMark(int row) {
    const QString key = keyAt(row);
    if (!m_marks.remove(key))
        m_marks.insert(key);
    Q_EMIT dataChanged(index(row, 0), index(row, columnCount() - 1));
    Q_EMIT marksChanged();
}

void TableModel::clearMarks() {
    if (m_marks.isEmpty())
        return;
    m_marks.clear();
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    Q_EMIT marksChanged();
}

bool TableModel::markable() const {
    return columnCount() > 0 && columnInfo(0).id == QStringView(markColumnId);
}

void TableModel::keepMarks(const std::function<bool(const QString&)>& stillThere) {
    const auto removed = m_marks.removeIf([&](const QString& key) { return !stillThere(key); });
    if (removed > 0)
        Q_EMIT marksChanged();
}

void TableModel::reorder(const std::function<void()>& apply) {
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const auto held = persistentIndexList();
    QStringList keys;
    for (const QModelIndex& index : held)
        keys.append(keyAt(index.row()));
    apply();
    QHash<QString, int> places;
    if (!held.isEmpty())
        for (int row = 0; row < rowCount(); ++row)
            places.insert(keyAt(row), row);
    QModelIndexList moved;
    for (qsizetype i = 0; i < held.size(); ++i)
        moved.append(index(places.value(keys.at(i)), held.at(i).column()));
    changePersistentIndexList(held, moved);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

TableModel::Extract TableModel::extract(const QList<int>& rows, const QList<int>& columns) const {
    Extract extract;
    for (const int column : columns)
        extract.headers.append(columnInfo(column).id);
    for (const int row : rows) {
        QVariantList cells;
        for (const int column : columns)
            cells.append(data(index(row, column), ValueRole));
        extract.rows.append(cells);
    }
    return extract;
}

QVariant TableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const ColumnInfo& info = columnInfo(section);
    switch (role) {
    case Qt::DisplayRole:
        return info.title();
    case Qt::AccessibleTextRole:
        return info.title().isEmpty() ? info.id : info.title();
    case Qt::ToolTipRole:
        return info.searched || info.kind != FieldKind::Text
                   ? QString(info.title() + QLatin1String("  ·  ") + info.id + QLatin1Char(':'))
                   : info.title();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::AlignVCenter |
                                   (info.numeric ? Qt::AlignRight : Qt::AlignLeft));
    default:
        return {};
    }
}

QString filterErrorText(const FilterError& error) {
    return QStringLiteral("%1: %2").arg(error.position + 1).arg(error.message);
}

} // namespace vigie
