#pragma once

#include "core/base/clock.h"
#include "ui/models/tablemodel.h"
#include "ui/models/valueorder.h"

#include <QHash>

#include <algorithm>

namespace vigie {

/// A table over rows with a `QString key` member. A new set of rows is merged by key: what is gone
/// is removed, what is new is inserted in its place, the rest is updated where it stands, so that
/// selection, marks and scroll survive and no row jumps. The order is settled anew when the
/// operator sorts, and else at most once per `settleEvery`.
template <typename Row>
class KeyedTableModel final : public TableModel {
public:
    static constexpr auto settleEvery = std::chrono::seconds(5);

    explicit KeyedTableModel(std::vector<Column<Row>> columns, QObject* parent = nullptr)
        : TableModel(parent), m_columns(std::move(columns)) {
        for (const auto& column : m_columns)
            m_fields.push_back({column.id, column.kind});
    }

    /// `at` is the snapshot's time; the order settles by it.
    void setRows(std::vector<Row> rows, WallTime at) {
        const auto before = std::pair(rowCount(), total());
        Wanted wanted;
        wanted.passes.reserve(rows.size());
        for (size_t i = 0; i < rows.size(); ++i) {
            wanted.index.insert(rows[i].key, static_cast<int>(i));
            wanted.passes.push_back(passes(rows[i]));
        }
        removeAllBut(wanted);
        m_rows = std::move(rows);
        for (Shown& shown : m_shown) {
            shown.row = wanted.index.value(shown.key);
            wanted.passes[static_cast<size_t>(shown.row)] = false; // not to be inserted again
        }
        m_index = std::move(wanted.index);
        if (!m_shown.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        insert(wanted.passes);
        if (at - m_settledAt >= settleEvery || at < m_settledAt) {
            m_settledAt = at;
            settle();
        }
        keepMarks([this](const QString& key) { return m_index.contains(key); });
        if (before != std::pair(rowCount(), total()))
            Q_EMIT countsChanged();
    }

    const Row* rowAt(int row) const {
        return row >= 0 && row < rowCount() ? &at(static_cast<size_t>(row)) : nullptr;
    }
    const Row* find(const QString& key) const {
        const auto found = m_index.constFind(key);
        return found == m_index.constEnd() ? nullptr : &m_rows[static_cast<size_t>(*found)];
    }

    int rowCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
    }
    int columnCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
    }
    QVariant data(const QModelIndex& index, int role) const override {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid))
            return {};
        const Row& row = at(static_cast<size_t>(index.row()));
        const auto& column = m_columns[static_cast<size_t>(index.column())];
        switch (role) {
        case CellRole:
            return QVariant::fromValue(column.cell(row));
        case Qt::DisplayRole:
            return column.cell(row).text;
        case Qt::AccessibleTextRole:
            return QString(column.title() + QLatin1Char(' ') + column.cell(row).text);
        case ValueRole:
            return column.value(row);
        case KeyRole:
            return row.key;
        case Qt::ToolTipRole:
            return column.tip ? column.tip(row) : QString();
        default:
            return {};
        }
    }

    const ColumnInfo& columnInfo(int column) const override {
        return m_columns[static_cast<size_t>(column)];
    }
    QString keyAt(int row) const override { return m_shown[static_cast<size_t>(row)].key; }
    int rowOf(const QString& key) const override {
        const auto found = std::find_if(m_shown.begin(), m_shown.end(),
                                        [&](const Shown& shown) { return shown.key == key; });
        return found == m_shown.end() ? -1 : static_cast<int>(found - m_shown.begin());
    }
    int total() const override { return static_cast<int>(m_rows.size()); }

    tl::expected<void, FilterError> setFilter(const QString& text) override {
        auto filter = Filter::parse(text, m_fields);
        if (!filter)
            return tl::unexpected<FilterError>(filter.error());
        m_filter = *std::move(filter);
        setRows(std::vector<Row>(m_rows), m_settledAt);
        return {};
    }

    int sortColumn() const override { return m_sortColumn; }
    Qt::SortOrder sortOrder() const override { return m_sortOrder; }
    void sort(int column, Qt::SortOrder order) override {
        m_sortColumn = column;
        m_sortOrder = order;
        settle();
    }

private:
    struct Shown {
        QString key;
        int row = 0; ///< in m_rows
    };
    /// A new set of rows: where each key is, and which of them the filter lets through.
    struct Wanted {
        QHash<QString, int> index;
        std::vector<bool> passes;
        bool contains(const QString& key) const {
            const auto found = index.constFind(key);
            return found != index.constEnd() && passes[static_cast<size_t>(*found)];
        }
    };
    struct Subject final : FilterSubject {
        const std::vector<Column<Row>>& columns;
        const Row& row;
        Subject(const std::vector<Column<Row>>& c, const Row& r) : columns(c), row(r) {}
        QVariant value(int index) const override {
            return columns[static_cast<size_t>(index)].value(row);
        }
        bool contains(const QString& needle) const override {
            return std::any_of(columns.begin(), columns.end(), [&](const Column<Row>& column) {
                return column.searched &&
                       column.value(row).toString().contains(needle, Qt::CaseInsensitive);
            });
        }
    };

    const Row& at(size_t shown) const { return m_rows[static_cast<size_t>(m_shown[shown].row)]; }
    bool passes(const Row& row) const {
        return m_filter.isEmpty() || m_filter.matches(Subject(m_columns, row));
    }

    void removeAllBut(const Wanted& wanted) {
        for (int last = rowCount() - 1; last >= 0;) {
            if (wanted.contains(keyAt(last))) {
                --last;
                continue;
            }
            int first = last;
            while (first > 0 && !wanted.contains(keyAt(first - 1)))
                --first;
            beginRemoveRows({}, first, last);
            m_shown.erase(m_shown.begin() + first, m_shown.begin() + last + 1);
            endRemoveRows();
            last = first - 1;
        }
    }

    void insert(const std::vector<bool>& fresh) {
        std::vector<Shown> added;
        for (size_t i = 0; i < fresh.size(); ++i)
            if (fresh[i])
                added.push_back({m_rows[i].key, static_cast<int>(i)});
        if (added.empty())
            return;
        const bool many = added.size() > 64 || m_shown.empty();
        if (many) {
            const int first = rowCount();
            added = ordered(std::move(added));
            beginInsertRows({}, first, first + static_cast<int>(added.size()) - 1);
            m_shown.insert(m_shown.end(), added.begin(), added.end());
            endInsertRows();
            if (first > 0)
                settle();
            return;
        }
        for (const Shown& one : added) {
            const auto place =
                std::upper_bound(m_shown.begin(), m_shown.end(), one,
                                 [this](const Shown& a, const Shown& b) { return before(a, b); });
            const int row = static_cast<int>(place - m_shown.begin());
            beginInsertRows({}, row, row);
            m_shown.insert(place, one);
            endInsertRows();
        }
    }

    QVariant sortValue(const Shown& shown) const {
        if (m_sortColumn < 0)
            return {};
        const auto& column = m_columns[static_cast<size_t>(m_sortColumn)];
        const Row& row = m_rows[static_cast<size_t>(shown.row)];
        return column.order ? column.order(row) : column.value(row);
    }
    bool before(const Shown& a, const Shown& b) const {
        return valueBefore({sortValue(a), a.key, a.row}, {sortValue(b), b.key, b.row}, m_sortOrder,
                           m_sortColumn < 0);
    }
    std::vector<Shown> ordered(std::vector<Shown> shown) const {
        std::vector<OrderKey> keys;
        keys.reserve(shown.size());
        for (const Shown& one : shown)
            keys.push_back({sortValue(one), one.key, one.row});
        std::stable_sort(keys.begin(), keys.end(), [this](const OrderKey& a, const OrderKey& b) {
            return valueBefore(a, b, m_sortOrder, m_sortColumn < 0);
        });
        for (size_t i = 0; i < keys.size(); ++i)
            shown[i] = Shown{keys[i].key, keys[i].given};
        return shown;
    }
    void settle() {
        auto fresh = ordered(m_shown);
        const auto same = [](const Shown& a, const Shown& b) { return a.key == b.key; };
        if (std::equal(fresh.begin(), fresh.end(), m_shown.begin(), m_shown.end(), same))
            return;
        Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
        const auto held = persistentIndexList();
        QStringList keys;
        for (const QModelIndex& index : held)
            keys.append(keyAt(index.row()));
        m_shown = std::move(fresh);
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

    std::vector<Column<Row>> m_columns;
    std::vector<FilterField> m_fields;
    std::vector<Row> m_rows;
    QHash<QString, int> m_index; ///< of m_rows
    std::vector<Shown> m_shown;
    Filter m_filter;
    int m_sortColumn = -1; ///< -1: the order in which rows are given
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
    WallTime m_settledAt{};
};

} // namespace vigie
