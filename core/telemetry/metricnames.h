#pragma once

#include "core/telemetry/exposition.h"

#include <map>
#include <string>
#include <string_view>

namespace vigie {

/// The name with what a metric's name can't hold replaced by '_'.
std::string toMetricName(std::string_view name);

/// A help text of one line without backslash, which needs no escapes in any format; never empty.
std::string toHelpText(std::string_view help, const std::string& name);

/// Labels as prometheus-cpp takes them without throwing: valid names, none reserved, values in
/// UTF-8. Of labels with one name the last counts.
std::map<std::string, std::string> toLabelMap(const MetricLabels& labels);

} // namespace vigie
