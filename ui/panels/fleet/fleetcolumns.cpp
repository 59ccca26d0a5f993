#include "core/base/timeformat.h"
#include "ui/models/columns.h"
#include "ui/models/gpufigurescodec.h"
#include "ui/models/tablemodel.h"
#include "ui/models/words.h"
#include "ui/panels/fleet/fleetrows.h"

#include <QCoreApplication>

namespace vigie::panels::fleet {

namespace {

struct F {
    Q_DECLARE_TR_FUNCTIONS(Fleet)
};

const Instance& of(const FleetRow& row) {
    return row.view->instance;
}

using Row = FleetRow;

Cell cell(const QString& text) {
    Cell cell;
    cell.text = text;
    return cell;
}

QString whole(double value) {
    return numberText(value, 0);
}

QString duration(double seconds) {
    return shortDuration(fromSeconds(seconds));
}

Token inkOf(Verdict verdict) {
    switch (verdict) {
    case Verdict::Dead:
        return Token::Dead;
    case Verdict::Suspect:
        return Token::Suspect;
    case Verdict::Unknown:
    case Verdict::Gone:
        return Token::SecondaryText;
    case Verdict::Alive:
        break;
    }
    return Token::Text;
}

Column<FleetRow> markColumn() {
    Column<FleetRow> column;
    column.id = QString::fromUtf16(TableModel::markColumnId);
    column.title = [] { return QString(); };
    column.width = 28;
    column.searched = false;
    column.value = [](const FleetRow&) { return QVariant(); };
    column.cell = [](const FleetRow&) { return Cell(); };
    return column;
}

Column<FleetRow> verdictColumn() {
    Column<FleetRow> column;
    column.id = QStringLiteral("verdict");
    column.title = [] { return F::tr("Verdict"); };
    column.width = 92;
    column.value = [](const FleetRow& row) {
        return QVariant(toString(row.view->assessment.verdict));
    };
    column.order = [](const FleetRow& row) { return QVariant(urgency(*row.view)); };
    column.cell = [](const FleetRow& row) {
        const Verdict verdict = row.view->assessment.verdict;
        Cell shown = cell(word(verdict));
        shown.shape = verdict;
        shown.ink = inkOf(verdict);
        shown.bold = verdict == Verdict::Dead;
        return shown;
    };
    column.tip = [](const FleetRow& row) {
        QString tip = ruleText(row.view->assessment.rule);
        if (row.view->advisory)
            tip += QLatin1Char('\n') + F::tr("Advice made here; the orchestrator does not judge.");
        if (!row.view->assessment.blockedBy.isEmpty())
            tip += QLatin1Char('\n') + F::tr("Held back by %1").arg(row.view->assessment.blockedBy);
        return tip;
    };
    return column;
}

Column<FleetRow> stateColumn() {
    Column<FleetRow> column;
    column.id = QStringLiteral("state");
    column.title = [] { return F::tr("State"); };
    column.width = 100;
    column.value = [](const FleetRow& row) {
        return QVariant(of(row).statusText.isEmpty() ? toString(of(row).status)
                                                     : of(row).statusText);
    };
    column.cell = [](const FleetRow& row) {
        const bool known = of(row).status != InstanceStatus::Unknown;
        Cell shown = cell(known ? word(of(row).status) : of(row).statusText);
        if (isStarting(of(row).status) || of(row).status == InstanceStatus::Provisioning)
            shown.bar = of(row).progressPercent.value_or(0) / 100.0;
        return shown;
    };
    column.tip = [](const FleetRow& row) {
        return of(row).progressPercent
                   ? F::tr("%1, %2 % done").arg(of(row).statusText).arg(*of(row).progressPercent)
                   : of(row).statusText;
    };
    return column;
}

Column<FleetRow> sourceColumn() {
    auto column = textColumn<Row>(
        "source", [] { return F::tr("Orchestrator"); }, 104,
        [](const FleetRow& row) { return row.sourceName; });
    column.cell = [](const FleetRow& row) {
        const bool live = row.view->freshness == Freshness::Live;
        const bool aged = !live && row.sourceAge;
        Cell shown =
            cell(aged ? QStringLiteral("%1 · %2").arg(row.sourceName, shortDuration(*row.sourceAge))
                      : row.sourceName);
        shown.shape = row.view->freshness;
        return shown;
    };
    column.tip = [](const FleetRow& row) {
        return row.sourceAge ? F::tr("%1: %2, answered %3 ago")
                                   .arg(row.sourceName, word(row.view->freshness),
                                        durationText(*row.sourceAge))
                             : F::tr("%1: has not answered yet").arg(row.sourceName);
    };
    return column;
}

Column<FleetRow> beatsColumn() {
    Column<FleetRow> column;
    column.id = QStringLiteral("beats");
    column.title = [] { return F::tr("Last 60 beats"); };
    column.width = 132;
    column.searched = false;
    column.value = [](const FleetRow& row) {
        return QVariant(heartbeatStripText(row.view->beats));
    };
    column.cell = [](const FleetRow& row) {
        Cell shown = cell(heartbeatStripText(row.view->beats));
        shown.beats = std::shared_ptr<const BeatTicks>(row.view, &row.view->beats);
        return shown;
    };
    column.tip = [](const FleetRow& row) { return heartbeatStripText(row.view->beats); };
    return column;
}

Column<FleetRow> heartbeatColumn() {
    auto column = numberColumn<Row>(
        "hb", [] { return F::tr("Beat"); }, 56,
        [](const FleetRow& row) -> std::optional<double> {
            const auto age = row.view->assessment.heartbeatAge;
            return age ? std::optional(toSeconds(*age)) : std::nullopt;
        },
        duration);
    column.kind = FieldKind::Seconds;
    column.tip = [](const FleetRow& row) {
        return of(row).workerLastHeartbeat
                   ? F::tr("Last heartbeat %1").arg(timeText(*of(row).workerLastHeartbeat))
                   : F::tr("No heartbeat known");
    };
    return column;
}

Column<FleetRow> sinceColumn() {
    auto column = numberColumn<Row>(
        "since", [] { return F::tr("In state"); }, 64,
        [](const FleetRow& row) -> std::optional<double> {
            return row.view->timeInState ? std::optional(toSeconds(*row.view->timeInState))
                                         : std::nullopt;
        },
        duration);
    column.kind = FieldKind::Seconds;
    const auto plain = column.cell;
    column.cell = [plain](const FleetRow& row) {
        Cell shown = plain(row);
        if (row.view->timeInState && row.view->stateLimit) {
            shown.bar = toSeconds(*row.view->timeInState) / toSeconds(*row.view->stateLimit);
            if (*shown.bar > 0.8)
                shown.ink = Token::Suspect;
        }
        return shown;
    };
    column.tip = [](const FleetRow& row) {
        if (!row.view->timeInState)
            return QString();
        return row.view->stateLimit ? F::tr("%1 of at most %2")
                                          .arg(durationText(*row.view->timeInState),
                                               durationText(*row.view->stateLimit))
                                    : durationText(*row.view->timeInState);
    };
    return column;
}

/// A column of what the beats carry: once they stay away it is painted as old and says how old.
Column<FleetRow> fromBeats(Column<FleetRow> column) {
    column.cell = [plain = column.cell, value = column.value](const FleetRow& row) {
        Cell shown = plain(row);
        shown.hatched = row.view->hasFallenSilent() && value(row).isValid();
        return shown;
    };
    column.tip = [value = column.value](const FleetRow& row) {
        const auto age = row.view->assessment.heartbeatAge;
        if (!row.view->hasFallenSilent() || !age || !value(row).isValid())
            return QString();
        return F::tr("As its last beat had it, %1 ago").arg(durationText(*age));
    };
    return column;
}

} // namespace

std::vector<Column<FleetRow>> columns() {
    std::vector<Column<FleetRow>> all;
    const auto percent = [](double value) { return F::tr("%1 %").arg(whole(value)); };
    const auto number = [](auto optional) -> std::optional<double> {
        return optional ? std::optional<double>(*optional) : std::nullopt;
    };
    all.push_back(markColumn());
    all.push_back(verdictColumn());
    all.push_back(stateColumn());
    auto id = textColumn<Row>(
        "id", [] { return F::tr("Instance"); }, 102,
        [](const FleetRow& row) { return of(row).id.value(); });
    id.cell = [](const FleetRow& row) {
        Cell shown = cell(shortId(of(row).id.value()));
        shown.monospace = true;
        return shown;
    };
    all.push_back(id);
    all.push_back(sourceColumn());
    all.push_back(hidden(textColumn<Row>(
        "provider", [] { return F::tr("Provider"); }, 84,
        [](const FleetRow& row) { return of(row).providerName; })));
    all.push_back(textColumn<Row>(
        "zone", [] { return F::tr("Zone"); }, 76,
        [](const FleetRow& row) { return of(row).zone; }));
    all.push_back(textColumn<Row>(
        "type", [] { return F::tr("Type"); }, 116,
        [](const FleetRow& row) { return of(row).instanceType; }));
    auto model = textColumn<Row>(
        "model", [] { return F::tr("Model"); }, 126,
        [](const FleetRow& row) {
            return of(row).modelName.isEmpty() ? of(row).modelCode : of(row).modelName;
        });
    model.stretches = true;
    all.push_back(model);
    all.push_back(beatsColumn());
    all.push_back(heartbeatColumn());
    all.push_back(hidden(numberColumn<Row>(
        "phi", [] { return F::tr("Phi"); }, 52,
        [](const FleetRow& row) { return row.view->assessment.phi; },
        [](double phi) { return numberText(phi, 1); })));
    all.push_back(fromBeats(numberColumn<Row>(
        "gpu", [] { return F::tr("GPU"); }, 52,
        [](const FleetRow& row) { return of(row).workerGpuUtilization; }, percent)));
    all.push_back(hidden(fromBeats(numberColumn<Row>(
        "vram", [] { return F::tr("VRAM"); }, 56,
        [](const FleetRow& row) { return gpuFigures(of(row).workerMetadata).memoryPercent(); },
        percent))));
    all.push_back(fromBeats(numberColumn<Row>(
        "queue", [] { return F::tr("Queue"); }, 48,
        [number](const FleetRow& row) { return number(of(row).workerQueueDepth); }, whole)));
    all.push_back(sinceColumn());
    all.push_back(hidden(numberColumn<Row>(
        "progress", [] { return F::tr("Progress"); }, 64,
        [number](const FleetRow& row) { return number(of(row).progressPercent); }, percent)));
    all.push_back(hidden(numberColumn<Row>(
        "retries", [] { return F::tr("Retries"); }, 56,
        [](const FleetRow& row) { return std::optional<double>(of(row).retryCount); }, whole)));
    auto error = textColumn<Row>(
        "error", [] { return F::tr("Last error"); }, 150,
        [](const FleetRow& row) { return of(row).errorCode; });
    error.tip = [](const FleetRow& row) { return of(row).errorMessage; };
    all.push_back(hidden(error));
    all.push_back(hidden(numberColumn<Row>(
        "cost", [] { return F::tr("Per hour"); }, 68,
        [](const FleetRow& row) { return of(row).costPerHour; }, moneyText)));
    all.push_back(hidden(numberColumn<Row>(
        "total", [] { return F::tr("Cost so far"); }, 80,
        [](const FleetRow& row) { return of(row).totalCost; }, moneyText)));
    all.push_back(hidden(textColumn<Row>(
        "ip", [] { return F::tr("Address"); }, 108,
        [](const FleetRow& row) { return of(row).ipAddress; })));
    all.push_back(hidden(textColumn<Row>(
        "correlation", [] { return F::tr("Correlation id"); }, 120,
        [](const FleetRow& row) { return of(row).correlationId; })));
    // What a source that is not live told is shown as what it is: old.
    for (auto& column : all)
        column.cell = [plain = column.cell](const FleetRow& row) {
            Cell shown = plain(row);
            shown.hatched = shown.hatched || isStale(row);
            return shown;
        };
    return all;
}

} // namespace vigie::panels::fleet
