#include "core/telemetry/metricnames.h"

#include "core/telemetry/sampleline.h"
#include "core/telemetry/utf8.h"

#include <algorithm>

namespace vigie {

namespace {

std::string mended(std::string_view name, bool (*isGood)(std::string_view)) {
    std::string out(name.empty() ? "_" : name);
    if (isGood(out))
        return out;
    for (char& c : out) {
        const char asTail[] = {'a', c};
        c = isGood({asTail, 2}) ? c : '_';
    }
    return isGood(out) ? out : '_' + out; // it began with a digit
}

} // namespace

std::string toMetricName(std::string_view name) {
    return mended(name, isMetricName);
}

std::string toHelpText(std::string_view help, const std::string& name) {
    std::string text = toValidUtf8(help.empty() ? name : help);
    for (char& c : text) {
        if (c == '\\')
            c = '/';
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = ' ';
    }
    return text;
}

std::map<std::string, std::string> toLabelMap(const MetricLabels& labels) {
    std::map<std::string, std::string> map;
    for (const MetricLabel& label : labels) {
        std::string name = mended(label.name, isLabelName);
        if (name.starts_with("__") || name == "le" || name == "quantile")
            name = "label_" + name;
        map.insert_or_assign(std::move(name), toValidUtf8(label.value));
    }
    return map;
}

} // namespace vigie
