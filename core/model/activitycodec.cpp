#include "core/model/activity.h"
#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"

#include <limits>

namespace vigie {

namespace {

template <std::size_t N>
void write(JsonWriter& json, const std::array<float, N>& figures) {
    for (const float figure : figures)
        json.value(toldFigure(figure));
}

float figureOf(const JsonNode& node) {
    const auto number = node.number();
    return number ? static_cast<float>(*number) : std::numeric_limits<float>::quiet_NaN();
}

} // namespace

QByteArray encodeActivityFigures(const ActivitySample& sample) {
    JsonWriter json;
    json.beginObject();
    if (!sample.gpus.empty()) {
        json.key("gpus").beginArray();
        for (const GpuActivity& gpu : sample.gpus) {
            json.beginArray().value(gpu.index);
            write(json, gpu.figures);
            json.endArray();
        }
        json.endArray();
    }
    if (sample.system) {
        json.key("system").beginArray();
        write(json, *sample.system);
        json.endArray();
    }
    return json.endObject().take();
}

Outcome<ActivitySample> decodeActivityFigures(const QByteArray& text) {
    const auto root = JsonNode::parse(text, QStringLiteral("a stored sample"));
    if (!root)
        return fail(root.error());
    ActivitySample sample;
    for (const JsonNode& row : (*root)["gpus"].items()) {
        const auto cells = row.items();
        if (cells.size() != 1 + gpuFigureNames.size())
            return fail(FailureKind::Invalid,
                        QStringLiteral("a stored sample has a GPU of %1 figures instead of %2")
                            .arg(cells.size())
                            .arg(1 + gpuFigureNames.size()));
        GpuActivity gpu;
        gpu.index = cells[0].smallInteger().value_or(0);
        for (std::size_t i = 0; i < gpu.figures.size(); ++i)
            gpu.figures[i] = figureOf(cells[i + 1]);
        sample.gpus.push_back(gpu);
    }
    const auto cells = (*root)["system"].items();
    if (!cells.empty() && cells.size() != systemFigureNames.size())
        return fail(FailureKind::Invalid,
                    QStringLiteral("a stored sample has %1 figures of its machine instead of %2")
                        .arg(cells.size())
                        .arg(systemFigureNames.size()));
    if (!cells.empty()) {
        SystemActivity& system = sample.system.emplace();
        for (std::size_t i = 0; i < system.size(); ++i)
            system[i] = figureOf(cells[i]);
    }
    return sample;
}

} // namespace vigie
