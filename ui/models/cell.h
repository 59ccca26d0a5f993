#pragma once

#include "ui/charts/heartbeatstrip.h"
#include "ui/models/filter.h"
#include "ui/theme/theme.h"

#include <QMetaType>

#include <functional>
#include <memory>
#include <variant>

namespace vigie {

using Shape = std::variant<std::monostate, Verdict, BreakerMode, Freshness, Severity>;

/// What one cell of a table shows; the delegate paints it.
struct Cell {
    QString text;
    Shape shape;             ///< left of the text
    Token ink = Token::Text; ///< of the text
    bool monospace = false;
    bool bold = false;
    bool hatched = false;                   ///< what was last known, not what is
    std::optional<double> bar;              ///< 0..1, a thin bar under the text
    std::shared_ptr<const BeatTicks> beats; ///< painted instead of the text
    int indent = 0;                         ///< levels, in a grouped table
};

/// Everything about a column but how it reads a row.
struct ColumnInfo {
    QString id; ///< also its name in the filter language
    std::function<QString()> title;
    int width = 80;
    bool numeric = false; ///< right-aligned, tabular figures
    bool shown = true;    ///< before the operator chooses
    FieldKind kind = FieldKind::Text;
    bool searched = true;   ///< plain words of a filter look here
    bool stretches = false; ///< takes the room that is left
};

/// A column as data: how it is headed, compared, painted and explained.
template <typename Row>
struct Column : ColumnInfo {
    /// For sorting, filtering and export: text, a number, or invalid when not known.
    std::function<QVariant(const Row&)> value;
    std::function<Cell(const Row&)> cell;
    std::function<QString(const Row&)> tip;    ///< may be empty
    std::function<QVariant(const Row&)> order; ///< sorts instead of the value, when set
};

} // namespace vigie

Q_DECLARE_METATYPE(vigie::Cell)
