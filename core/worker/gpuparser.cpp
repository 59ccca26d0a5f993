#include "core/worker/gpuparser.h"

#include <QList>

#include <cmath>

namespace vigie {

namespace {

constexpr int columns = 7;

/// Nothing for words such as [N/A]; figures that can't be are nothing too.
std::optional<double> figure(const QByteArray& cell) {
    bool ok = false;
    const double value = cell.trimmed().toDouble(&ok);
    return ok && std::isfinite(value) && value >= 0 ? std::optional(value) : std::nullopt;
}

} // namespace

QStringList nvidiaSmiArguments() {
    return {QStringLiteral("--query-gpu=index,utilization.gpu,memory.used,memory.total,"
                           "temperature.gpu,power.draw,power.limit"),
            QStringLiteral("--format=csv,noheader,nounits")};
}

Outcome<std::vector<GpuSample>> parseNvidiaSmi(QByteArrayView output) {
    std::vector<GpuSample> gpus;
    int lineNumber = 0;
    const QList<QByteArray> lines = output.toByteArray().split('\n');
    for (const QByteArray& raw : lines) {
        ++lineNumber;
        const QByteArray line = raw.trimmed();
        if (line.isEmpty())
            continue;
        const QList<QByteArray> cells = line.split(',');
        bool ok = false;
        const int index = cells.front().trimmed().toInt(&ok);
        if (!ok || index < 0 || cells.size() != columns)
            return fail(FailureKind::Malformed,
                        QStringLiteral("nvidia-smi, line %1: expected %2 values that begin with "
                                       "the GPU's index, got \"%3\"")
                            .arg(lineNumber)
                            .arg(columns)
                            .arg(QString::fromUtf8(line.left(80))));
        gpus.push_back({index, figure(cells[1]), figure(cells[2]), figure(cells[3]),
                        figure(cells[4]), figure(cells[5]), figure(cells[6])});
    }
    return gpus;
}

} // namespace vigie
