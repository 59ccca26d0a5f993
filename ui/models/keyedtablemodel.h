#pragma once

#include "core/base/clock.h"
#include "ui/models/rowsubject.h"
#include "ui/models/tablemodel.h"
#include "ui/models/valueorder.h"
#include "ui/models/wantedrows.h"

#include <algorithm>

namespace vigie {

/// A table over rows with a `QString key` member. A new set of rows is merged by key: what is gone
/// is removed, what is new is inserted in its place, the rest is updated where it stands, so that
/// selection, marks and scroll survive and no row jumps. The order is settled anew when the
/// operator sorts, and else at most once per `settleEvery`; unsorted rows keep the given order.
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
        WantedRows wanted;
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
        if (sortColumn() < 0 || at - m_settledAt >= settleEvery || at < m_settledAt) {
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
        const int row = m_index.value(key, -1);
        return row < 0 ? nullptr : &m_rows[static_cast<size_t>(row)];
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
        const auto found = std::ranges::find(m_shown, key, &Shown::key);
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

    void sort(int column, Qt::SortOrder order) override {
        setSorting(column, order);
        settle();
    }

private:
    struct Shown {
        QString key;
        int row = 0; ///< in m_rows
    };
    const Row& at(size_t shown) const { return m_rows[static_cast<size_t>(m_shown[shown].row)]; }
    bool passes(const Row& row) const {
        return m_filter.isEmpty() || m_filter.matches(RowSubject<Row>(m_columns, row));
    }

    void removeAllBut(const WantedRows& wanted) {
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
        if (added.size() > 64 || m_shown.empty()) {
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
            const auto place = std::upper_bound(
                m_shown.begin(), m_shown.end(), one, [this](const Shown& a, const Shown& b) {
                    return valueBefore(orderKey(a), orderKey(b), sortOrder(), sortColumn() < 0);
                });
            const int row = static_cast<int>(place - m_shown.begin());
            beginInsertRows({}, row, row);
            m_shown.insert(place, one);
            endInsertRows();
        }
    }

    OrderKey orderKey(const Shown& shown) const {
        if (sortColumn() < 0)
            return {{}, shown.key, shown.row};
        const auto& column = m_columns[static_cast<size_t>(sortColumn())];
        const Row& row = m_rows[static_cast<size_t>(shown.row)];
        return {column.order ? column.order(row) : column.value(row), shown.key, shown.row};
    }
    std::vector<Shown> ordered(std::vector<Shown> shown) const {
        std::vector<OrderKey> keys;
        for (const Shown& one : shown)
            keys.push_back(orderKey(one));
        sortByValue(keys, sortOrder(), sortColumn() < 0);
        for (size_t i = 0; i < keys.size(); ++i)
            shown[i] = Shown{keys[i].key, keys[i].given};
        return shown;
    }
    void settle() {
        auto fresh = ordered(m_shown);
        if (!std::ranges::equal(fresh, m_shown, {}, &Shown::key, &Shown::key))
            reorder([&] { m_shown = std::move(fresh); });
    }

    std::vector<Column<Row>> m_columns;
    std::vector<FilterField> m_fields;
    std::vector<Row> m_rows;
    QHash<QString, int> m_index; ///< of m_rows
    std::vector<Shown> m_shown;
    Filter m_filter;
    WallTime m_settledAt{};
};

} // namespace vigie
