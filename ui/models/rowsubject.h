#pragma once

#include "ui/models/cell.h"

#include <algorithm>

namespace vigie {

/// A row as the filter language sees it: a field is a column, words look into the searched columns.
template <typename Row>
class RowSubject final : public FilterSubject {
public:
    RowSubject(const std::vector<Column<Row>>& columns, const Row& row)
        : m_columns(columns), m_row(row) {}
    QVariant value(int index) const override {
        return m_columns[static_cast<size_t>(index)].value(m_row);
    }
    bool contains(const QString& needle) const override {
        return std::any_of(m_columns.begin(), m_columns.end(), [&](const Column<Row>& column) {
            return column.searched &&
                   column.value(m_row).toString().contains(needle, Qt::CaseInsensitive);
        });
    }

private:
    const std::vector<Column<Row>>& m_columns;
    const Row& m_row;
};

} // namespace vigie
