#include "ui/models/columns.h"
#include "ui/models/words.h"
#include "ui/panels/overview/changetext.h"
#include "ui/panels/overview/problems.h"

#include <QCoreApplication>

namespace vigie::panels::overview {

namespace {

struct O {
    Q_DECLARE_TR_FUNCTIONS(Overview)
};

} // namespace

std::vector<Column<Problem>> problemColumns() {
    auto what = stretched(textColumn<Problem>(
        "problem", [] { return O::tr("What is wrong"); }, 260,
        [](const Problem& row) { return row.sentence; }));
    what.cell = [](const Problem& row) {
        Cell cell;
        cell.text = row.sentence;
        cell.shape = row.shape;
        cell.bold = row.rank <= 2;
        return cell;
    };
    auto why = textColumn<Problem>(
        "detail", [] { return O::tr("Why"); }, 250, [](const Problem& row) { return row.detail; });
    why.cell = [](const Problem& row) {
        Cell cell;
        cell.text = row.detail;
        cell.ink = Token::SecondaryText;
        return cell;
    };
    auto since = textColumn<Problem>(
        "since", [] { return O::tr("For"); }, 60,
        [](const Problem& row) { return row.since ? shortDuration(*row.since) : QString(); });
    since.numeric = true;
    return {what, why, since};
}

std::vector<Column<ChangeRow>> changeColumns() {
    auto when = textColumn<ChangeRow>(
        "when", [] { return O::tr("When"); }, 92,
        [](const ChangeRow& row) { return ageText(row.note.at, row.now); });
    when.cell = [](const ChangeRow& row) {
        Cell cell;
        cell.text = ageText(row.note.at, row.now);
        cell.ink = Token::SecondaryText;
        return cell;
    };
    when.tip = [](const ChangeRow& row) { return timeText(row.note.at); };
    auto about = textColumn<ChangeRow>(
        "about", [] { return O::tr("About"); }, 108,
        [](const ChangeRow& row) {
            return row.note.instance.isEmpty() ? row.sourceName : row.note.instance.value();
        });
    about.cell = [](const ChangeRow& row) {
        Cell cell;
        cell.monospace = !row.note.instance.isEmpty();
        cell.text =
            row.note.instance.isEmpty() ? row.sourceName : shortId(row.note.instance.value());
        return cell;
    };
    return {when, about,
            stretched(textColumn<ChangeRow>(
                "what", [] { return O::tr("What changed"); }, 140,
                [](const ChangeRow& row) { return changeText(row.note.what); }))};
}

} // namespace vigie::panels::overview
