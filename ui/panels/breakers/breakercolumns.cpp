#include "ui/models/columns.h"
#include "ui/models/words.h"
#include "ui/panels/breakers/breakerrows.h"

#include <QCoreApplication>

namespace vigie::panels::breakers {

namespace {

struct C {
    Q_DECLARE_TR_FUNCTIONS(Breakers)
};

Cell modeCell(BreakerMode mode) {
    Cell cell;
    cell.text = word(mode);
    cell.shape = mode;
    cell.bold = mode == BreakerMode::Open;
    cell.ink = mode == BreakerMode::Open       ? Token::Dead
               : mode == BreakerMode::HalfOpen ? Token::Suspect
               : mode == BreakerMode::Closed   ? Token::Text
                                               : Token::Forced;
    return cell;
}

QString percent(double share) {
    return C::tr("%1 %").arg(numberText(100 * share, 0));
}

Column<BreakerRow> nearnessColumn() {
    auto column = textColumn<BreakerRow>(
        "nearness", [] { return C::tr("Distance to tripping"); }, 172,
        [](const BreakerRow& row) { return nearnessText(row.breaker); });
    column.searched = false;
    column.tip = [](const BreakerRow& row) {
        const Breaker& b = row.breaker;
        QStringList lines;
        if (b.failuresToOpen)
            lines << C::tr("Failures with nothing in between that would open it: %1")
                         .arg(*b.failuresToOpen);
        if (b.slowCallsToOpen)
            lines << C::tr("Slow calls that would open it: %1").arg(*b.slowCallsToOpen);
        return lines.join(u'\n');
    };
    column.order = [](const BreakerRow& row) {
        const auto near = nearness(row.breaker);
        return near ? QVariant(*near) : QVariant();
    };
    column.cell = [](const BreakerRow& row) {
        Cell cell;
        cell.text = nearnessText(row.breaker);
        cell.bar = nearness(row.breaker);
        if (cell.bar.value_or(0) > 0.5)
            cell.ink = *cell.bar >= 1 ? Token::Dead : Token::Suspect;
        return cell;
    };
    return column;
}

Column<BreakerRow> overrideColumn() {
    return textColumn<BreakerRow>(
        "override", [] { return C::tr("Override"); }, 150,
        [](const BreakerRow& row) {
            const auto& forced = row.breaker.override_;
            return forced ? C::tr("%1 by %2: %3")
                                .arg(word(forced->state), forced->actor, forced->reason)
                          : QString();
        });
}

Column<BreakerRow> slowColumn() {
    auto slow = numberColumn<BreakerRow>(
        "slow", [] { return C::tr("Slow"); }, 56,
        [](const BreakerRow& row) { return row.breaker.slowRate; }, percent);
    slow.tip = [](const BreakerRow& row) {
        const Breaker& b = row.breaker;
        const QString from = b.slowCallDurationThreshold
                                 ? shortDuration(*b.slowCallDurationThreshold)
                                 : QStringLiteral("–");
        return C::tr("%1 of %2 calls in the window took %3 or longer")
            .arg(b.slow)
            .arg(b.calls)
            .arg(from);
    };
    return slow;
}

Column<BreakerRow> windowColumn() {
    auto window = textColumn<BreakerRow>(
        "window", [] { return C::tr("Window"); }, 104,
        [](const BreakerRow& row) { return windowText(row.breaker); });
    window.tip = [](const BreakerRow& row) {
        return row.breaker.minimumCalls
                   ? C::tr("A rate counts from %1 calls on").arg(*row.breaker.minimumCalls)
                   : QString();
    };
    return window;
}

Column<BreakerRow> openedColumn() {
    auto opened = numberColumn<BreakerRow>(
        "opened", [] { return C::tr("Opened"); }, 64,
        [](const BreakerRow& row) {
            return row.breaker.opens
                       ? std::optional<double>(static_cast<double>(*row.breaker.opens))
                       : std::nullopt;
        },
        [](double value) { return numberText(value, 0); });
    opened.tip = [](const BreakerRow& row) {
        return row.breaker.resets ? C::tr("Closed again %1 times since its program started")
                                        .arg(*row.breaker.resets)
                                  : QString();
    };
    return opened;
}

std::vector<Column<BreakerRow>> plainColumns() {
    const auto number = [](auto of) {
        return [of](const BreakerRow& row) {
            return std::optional<double>(static_cast<double>(of(row.breaker)));
        };
    };
    auto effective = textColumn<BreakerRow>(
        "state", [] { return C::tr("In force"); }, 112,
        [](const BreakerRow& row) { return toString(row.breaker.effective); });
    effective.cell = [](const BreakerRow& row) { return modeCell(row.breaker.effective); };
    effective.order = [](const BreakerRow& row) { return QVariant(urgency(row.breaker)); };
    auto computed = textColumn<BreakerRow>(
        "computed", [] { return C::tr("Computed"); }, 96,
        [](const BreakerRow& row) { return toString(row.breaker.computed); });
    computed.cell = [](const BreakerRow& row) { return modeCell(row.breaker.computed); };
    auto failing = numberColumn<BreakerRow>(
        "failing", [] { return C::tr("Failing"); }, 64,
        [](const BreakerRow& row) { return row.breaker.failureRate; }, percent);
    failing.tip = [](const BreakerRow& row) {
        return C::tr("%1 of %2 calls in the window")
            .arg(row.breaker.failures)
            .arg(row.breaker.calls);
    };
    return {
        effective,
        textColumn<BreakerRow>(
            "name", [] { return C::tr("Breaker"); }, 182,
            [](const BreakerRow& row) { return row.breaker.name; }),
        textColumn<BreakerRow>(
            "at", [] { return C::tr("Held by"); }, 108,
            [](const BreakerRow& row) { return row.own ? C::tr("this dashboard") : row.place; }),
        computed,
        nearnessColumn(),
        textColumn<BreakerRow>(
            "next", [] { return C::tr("Next trial"); }, 92,
            [](const BreakerRow& row) { return countdownText(row.breaker, row.now); }),
        failing,
        hidden(numberColumn<BreakerRow>(
            "calls", [] { return C::tr("Calls"); }, 56,
            number([](const Breaker& b) { return b.calls; }),
            [](double value) { return numberText(value, 0); })),
        numberColumn<BreakerRow>(
            "rejected", [] { return C::tr("Rejected"); }, 72,
            number([](const Breaker& b) { return b.notPermitted; }),
            [](double value) { return numberText(value, 0); }),
        slowColumn(),
        hidden(windowColumn()),
        hidden(openedColumn()),
        stretched(overrideColumn())};
}

} // namespace

std::vector<Column<BreakerRow>> columns() {
    auto all = plainColumns();
    for (auto& column : all)
        column.cell = [plain = column.cell](const BreakerRow& row) {
            Cell cell = plain(row);
            cell.hatched = row.stale;
            if (row.stale) {
                // Nobody knows its state now: the word is what was last told, the shape says so.
                if (std::holds_alternative<BreakerMode>(cell.shape))
                    cell.shape = Verdict::Unknown;
                cell.ink = Token::SecondaryText;
                cell.bold = false;
                cell.bar.reset();
            }
            return cell;
        };
    return all;
}

std::vector<Column<TransitionRow>> transitionColumns() {
    const auto mode = [](const char* id, std::function<QString()> title, auto of) {
        return shownAs(textColumn<TransitionRow>(
                           id, std::move(title), 116,
                           [of](const TransitionRow& row) { return toString(of(row.transition)); }),
                       [of](const TransitionRow& row) { return modeCell(of(row.transition)); });
    };
    auto ago = textColumn<TransitionRow>(
        "ago", [] { return C::tr("When"); }, 96,
        [](const TransitionRow& row) { return ageText(row.transition.at, row.now); });
    ago.tip = [](const TransitionRow& row) { return timeText(row.transition.at); };
    return {ago,
            mode(
                "from", [] { return C::tr("From"); },
                [](const BreakerTransition& t) { return t.from; }),
            mode(
                "to", [] { return C::tr("To"); }, [](const BreakerTransition& t) { return t.to; }),
            stretched(textColumn<TransitionRow>(
                "cause", [] { return C::tr("Cause"); }, 300,
                [](const TransitionRow& row) { return row.transition.cause; }))};
}

} // namespace vigie::panels::breakers
