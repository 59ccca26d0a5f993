#include "ui/panels/latency/latencyrows.h"

#include "ui/models/columns.h"
#include "ui/models/words.h"

#include <QCoreApplication>

namespace vigie::panels::latency {

namespace {

struct L {
    Q_DECLARE_TR_FUNCTIONS(Latency)
};

QString titleOf(const QString& name) {
    if (name == QLatin1String("poll"))
        return L::tr("Requests of this dashboard");
    if (name == QLatin1String("health_check"))
        return L::tr("Health check of instances");
    return name;
}

} // namespace

std::vector<LatencyRow> rows(const FleetSnapshot& snapshot) {
    std::vector<LatencyRow> rows;
    for (const LatencySeries& series : snapshot.latencies) {
        LatencyRow row;
        row.series = series;
        QStringList labels;
        for (auto it = series.labels.begin(); it != series.labels.end(); ++it)
            labels.append(QStringLiteral("%1=%2").arg(it.key(), *it));
        row.labels = labels.join(QStringLiteral("  "));
        row.key =
            series.source.value() + QLatin1Char('/') + series.name + QLatin1Char('/') + row.labels;
        row.title = titleOf(series.name);
        row.sourceName = series.source.value();
        if (const SourceStatus* source = snapshot.source(series.source)) {
            row.sourceName = source->name;
            row.freshness = source->freshness;
            if (source->lastSuccess)
                row.age = snapshot.takenAt - *source->lastSuccess;
        }
        row.shape = latencyShape(series);
        rows.push_back(std::move(row));
    }
    return rows;
}

bool isStale(const LatencyRow& row) {
    return row.freshness != Freshness::Live && row.freshness != Freshness::Late;
}

std::vector<Column<LatencyRow>> columns() {
    const auto quantile = [](const char* id, const char* title, auto of) {
        auto column = numberColumn<LatencyRow>(
            id, [title] { return QString::fromLatin1(title); }, 72,
            [of](const LatencyRow& row) { return of(row.shape); },
            [](double value) { return latencyText(value); });
        column.kind = FieldKind::Seconds;
        return column;
    };
    auto source = textColumn<LatencyRow>(
        "source", [] { return L::tr("Source"); }, 120,
        [](const LatencyRow& row) { return row.sourceName; });
    source.cell = [](const LatencyRow& row) {
        Cell cell;
        const bool old = row.freshness != Freshness::Live && row.age;
        cell.text = old ? QStringLiteral("%1 · %2").arg(row.sourceName, shortDuration(*row.age))
                        : row.sourceName;
        cell.shape = row.freshness;
        return cell;
    };
    std::vector<Column<LatencyRow>> all{
        source,
        textColumn<LatencyRow>(
            "name", [] { return L::tr("What is measured"); }, 300,
            [](const LatencyRow& row) { return row.title; }),
        stretched(textColumn<LatencyRow>(
            "labels", [] { return L::tr("Labels"); }, 200,
            [](const LatencyRow& row) { return row.labels; })),
        numberColumn<LatencyRow>(
            "count", [] { return L::tr("Count"); }, 72,
            [](const LatencyRow& row) { return std::optional(row.shape.count); },
            [](double value) { return numberText(value, 0); }),
        quantile("p50", "p50", [](const LatencyShape& shape) { return shape.p50; }),
        quantile("p95", "p95", [](const LatencyShape& shape) { return shape.p95; }),
        quantile("p99", "p99", [](const LatencyShape& shape) { return shape.p99; })};
    for (auto& column : all)
        column.cell = [plain = column.cell](const LatencyRow& row) {
            Cell cell = plain(row);
            cell.hatched = isStale(row);
            return cell;
        };
    return all;
}

} // namespace vigie::panels::latency
