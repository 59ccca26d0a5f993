#pragma once

#include "ui/models/cell.h"

#include <QAbstractTableModel>
#include <QSet>

namespace vigie {

/// What views, delegates and exports need of a table, whatever its rows are. Rows have a key that
/// stays theirs from snapshot to snapshot; marks are kept by key.
class TableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role { CellRole = Qt::UserRole, ValueRole };
    /// The first column of a markable table shows the marks.
    static constexpr auto markColumnId = u"mark";

    using QAbstractTableModel::QAbstractTableModel;

    virtual const ColumnInfo& columnInfo(int column) const = 0;
    virtual QString keyAt(int row) const = 0;
    virtual int rowOf(const QString& key) const = 0; ///< -1 when it isn't shown
    virtual int total() const = 0;                   ///< rows before the filter
    /// Puts a filter on; an unreadable one changes nothing and is described.
    virtual tl::expected<void, FilterError> setFilter(const QString& text) = 0;
    int sortColumn() const { return m_sortColumn; } ///< -1: as the rows are given
    Qt::SortOrder sortOrder() const { return m_sortOrder; }

    bool isMarked(const QString& key) const { return m_marks.contains(key); }
    const QSet<QString>& marks() const { return m_marks; }
    void toggleMark(int row);
    void clearMarks();
    bool markable() const;

    /// Text of the columns in `columns`, for copies and exports.
    struct Extract {
        QStringList headers;
        QList<QVariantList> rows;
    };
    Extract extract(const QList<int>& rows, const QList<int>& columns) const;

    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void marksChanged();
    /// Rows shown or known changed in number.
    void countsChanged();

protected:
    void setSorting(int column, Qt::SortOrder order) {
        m_sortColumn = column;
        m_sortOrder = order;
    }
    /// Announces another order of the same rows, applies it, and moves what is held by index.
    void reorder(const std::function<void()>& apply);
    void keepMarks(const std::function<bool(const QString&)>& stillThere);

private:
    QSet<QString> m_marks;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

/// The sentence for a filter's mistake, with its place: "at 7: ...".
QString filterErrorText(const FilterError& error);

} // namespace vigie
