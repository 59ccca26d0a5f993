#pragma once

#include "ui/models/cell.h"

namespace vigie {

/// A column of plain text; its tip is the whole text.
template <typename Row, typename TextOf>
Column<Row> textColumn(const char* id, std::function<QString()> title, int width, TextOf textOf) {
    Column<Row> column;
    column.id = QLatin1String(id);
    column.title = std::move(title);
    column.width = width;
    column.value = [textOf](const Row& row) { return QVariant(QString(textOf(row))); };
    column.cell = [textOf](const Row& row) {
        Cell cell;
        cell.text = textOf(row);
        return cell;
    };
    column.tip = textOf;
    return column;
}

/// A column of numbers; what isn't known is a dash. `numberOf` gives an optional<double>, `written`
/// its text.
template <typename Row, typename NumberOf, typename Written>
Column<Row> numberColumn(const char* id, std::function<QString()> title, int width,
                         NumberOf numberOf, Written written) {
    Column<Row> column;
    column.id = QLatin1String(id);
    column.title = std::move(title);
    column.width = width;
    column.numeric = true;
    column.searched = false;
    column.kind = FieldKind::Number;
    column.value = [numberOf](const Row& row) {
        const std::optional<double> value = numberOf(row);
        return value ? QVariant(*value) : QVariant();
    };
    column.cell = [numberOf, written](const Row& row) {
        const std::optional<double> value = numberOf(row);
        Cell cell;
        cell.text = value ? QString(written(*value)) : QStringLiteral("–");
        if (!value)
            cell.ink = Token::DisabledText;
        return cell;
    };
    return column;
}

template <typename Row>
Column<Row> hidden(Column<Row> column) {
    column.shown = false;
    return column;
}

template <typename Row>
Column<Row> stretched(Column<Row> column) {
    column.stretches = true;
    return column;
}

/// The column with another way to show its cell; the value stays.
template <typename Row, typename Show>
Column<Row> shownAs(Column<Row> column, Show show) {
    column.cell = show;
    return column;
}

} // namespace vigie
