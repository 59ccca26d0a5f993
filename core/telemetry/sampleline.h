#pragma once

#include "core/telemetry/expositionreader.h"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace vigie {

/// Reads lines `name{label="value",...} value [timestamp] [# exemplar]`. What a line is made of is
/// shown in place; only values with escapes or foreign bytes are copied, into memory that the next
/// line uses again.
class SampleLineParser {
public:
    SampleLineParser(ExpositionFormat format, const ExpositionLimits& limits)
        : m_format(format), m_limits(limits) {}

    /// `line` without its newline. The sample lives as long as `line` and until the next call.
    tl::expected<SampleView, LineError> parse(std::string_view line);

    /// What was tolerated in the last line.
    const std::vector<std::string>& warnings() const { return m_warnings; }

private:
    using Step = tl::expected<void, LineError>;
    struct Line; // what is left of the line, and how to take from it

    tl::expected<std::string_view, LineError> parseQuoted(Line& line);
    tl::expected<std::string_view, LineError> parseEscaped(Line& line, std::string_view begin);
    Step parseLabels(Line& line, std::vector<LabelView>& labels, std::string_view* metricName);
    Step parseLabel(Line& line, std::vector<LabelView>& labels, std::string_view* metricName);
    Step parseNumbers(Line& line, SampleView& sample, bool spaced);
    Step parseExemplar(Line& line);
    std::optional<double> parseTimestamp(std::string_view word) const;

    ExpositionFormat m_format;
    const ExpositionLimits& m_limits;
    std::vector<LabelView> m_labels, m_exemplarLabels;
    std::deque<std::string> m_copies; ///< stays where it is when it grows
    std::size_t m_usedCopies = 0;
    std::vector<std::string> m_warnings;
};

/// A value as Prometheus reads it: decimal, NaN, Inf with or without sign; no hexadecimal.
std::optional<double> parseSampleValue(std::string_view word);

/// [a-zA-Z_:][a-zA-Z0-9_:]*
bool isMetricName(std::string_view name);
/// [a-zA-Z_][a-zA-Z0-9_]*
bool isLabelName(std::string_view name);

} // namespace vigie
