#pragma once

#include "core/telemetry/exposition.h"

namespace vigie {

/// Something wrong with one line; the caller adds where.
struct LineError {
    std::string message;
    bool tooLarge = false;
};

/// Reads one line `name{label="value",...} value [timestamp] [# exemplar]`, without its newline.
/// What is tolerated is added to `warnings`.
tl::expected<MetricSample, LineError> parseSampleLine(std::string_view line,
                                                      ExpositionFormat format,
                                                      const ExpositionLimits& limits,
                                                      std::vector<std::string>& warnings);

/// A value as Prometheus reads it: decimal, NaN, Inf with or without sign; no hexadecimal.
std::optional<double> parseSampleValue(std::string_view word);

/// [a-zA-Z_:][a-zA-Z0-9_:]*
bool isMetricName(std::string_view name);
/// [a-zA-Z_][a-zA-Z0-9_]*
bool isLabelName(std::string_view name);

} // namespace vigie
