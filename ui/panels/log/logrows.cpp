#include "ui/panels/log/logrows.h"

#include "core/base/timeformat.h"
#include "ui/models/columns.h"
#include "ui/models/logmetacodec.h"
#include "ui/models/words.h"

#include <QCoreApplication>

namespace vigie::panels::log {

namespace {

struct L {
    Q_DECLARE_TR_FUNCTIONS(Log)
};

const ActionLog& of(const LogRow& row) {
    return row.log->entry;
}

Verdict shapeOf(ActionLogStatus status) {
    return status == ActionLogStatus::Success  ? Verdict::Alive
           : status == ActionLogStatus::Failed ? Verdict::Dead
                                               : Verdict::Suspect;
}

Cell text(const QString& text, Token ink = Token::Text) {
    Cell cell;
    cell.text = text;
    cell.ink = ink;
    return cell;
}

Cell idCell(const QString& id) {
    Cell cell;
    cell.text = shortId(id);
    cell.monospace = true;
    return cell;
}

} // namespace

std::vector<LogRow> rows(const FleetSnapshot& snapshot) {
    QHash<SourceId, QString> names;
    for (const SourceStatus& source : snapshot.sources)
        names.insert(source.id, source.name);
    std::vector<LogRow> rows;
    rows.reserve(snapshot.log.size());
    for (const auto& log : snapshot.log) {
        LogRow row;
        row.key = log->source.value() + QLatin1Char('/') + log->entry.id.value();
        row.log = log;
        row.sourceName = names.value(log->source, log->source.value());
        const LogMeta meta = logMeta(log->entry);
        row.reason = meta.reason.isEmpty() ? meta.rule : meta.reason;
        row.now = snapshot.takenAt;
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<Column<LogRow>> columns() {
    auto at = textColumn<LogRow>(
        "time", [] { return L::tr("Time"); }, 150,
        [](const LogRow& row) { return timeText(of(row).createdAt); });
    at.cell = [](const LogRow& row) { return text(timeText(of(row).createdAt).left(19)); };
    at.order = [](const LogRow& row) {
        return QVariant(static_cast<qint64>(of(row).createdAt.time_since_epoch().count()));
    };
    auto status = textColumn<LogRow>(
        "status", [] { return L::tr("Outcome"); }, 100,
        [](const LogRow& row) { return toString(of(row).status); });
    status.cell = [](const LogRow& row) {
        Cell cell = text(word(of(row).status));
        cell.shape = shapeOf(of(row).status);
        return cell;
    };
    auto took = numberColumn<LogRow>(
        "took", [] { return L::tr("Took"); }, 68,
        [](const LogRow& row) -> std::optional<double> {
            return of(row).durationMs
                       ? std::optional(static_cast<double>(*of(row).durationMs) / 1e3)
                       : std::nullopt;
        },
        [](double seconds) {
            // The log counts whole milliseconds: no figure after them would be true.
            return seconds < 1 ? durationText(fromSeconds(seconds)) : latencyText(seconds);
        });
    took.kind = FieldKind::Seconds;
    auto why = stretched(textColumn<LogRow>(
        "reason", [] { return L::tr("Reason or error"); }, 200,
        [](const LogRow& row) {
            return of(row).errorMessage.isEmpty()
                       ? row.reason
                       : QStringLiteral("%1 · %2").arg(of(row).errorCode, of(row).errorMessage);
        }));
    return {at,
            textColumn<LogRow>(
                "action", [] { return L::tr("Action"); }, 190,
                [](const LogRow& row) { return of(row).actionType; }),
            status,
            shownAs(textColumn<LogRow>(
                        "instance", [] { return L::tr("Instance"); }, 108,
                        [](const LogRow& row) { return of(row).instanceId.value(); }),
                    [](const LogRow& row) { return idCell(of(row).instanceId.value()); }),
            textColumn<LogRow>(
                "actor", [] { return L::tr("By"); }, 88,
                [](const LogRow& row) { return of(row).userId; }),
            why,
            textColumn<LogRow>(
                "source", [] { return L::tr("Orchestrator"); }, 88,
                [](const LogRow& row) { return row.sourceName; }),
            took,
            shownAs(textColumn<LogRow>(
                        "correlation", [] { return L::tr("Correlation id"); }, 108,
                        [](const LogRow& row) { return of(row).correlationId; }),
                    [](const LogRow& row) { return idCell(of(row).correlationId); }),
            hidden(textColumn<LogRow>(
                "component", [] { return L::tr("Component"); }, 96,
                [](const LogRow& row) { return of(row).component; })),
            hidden(textColumn<LogRow>(
                "change", [] { return L::tr("State change"); }, 160,
                [](const LogRow& row) {
                    const ActionLog& entry = of(row);
                    return entry.instanceStatusAfter.isEmpty()
                               ? QString()
                               : QStringLiteral("%1 → %2").arg(entry.instanceStatusBefore,
                                                               entry.instanceStatusAfter);
                }))};
}

} // namespace vigie::panels::log
