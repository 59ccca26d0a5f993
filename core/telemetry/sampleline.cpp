#include "core/telemetry/sampleline.h"

#include "core/telemetry/utf8.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace vigie {

namespace {

using Error = tl::unexpected<LineError>;
using Format = ExpositionFormat;

Error refuse(std::string message, bool tooLarge = false) {
    return Error(LineError{std::move(message), tooLarge});
}

bool isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool isNamePart(char c) {
    return isNameStart(c) || (c >= '0' && c <= '9');
}

/// A piece of the other side's text, fit for a message.
std::string quoted(std::string_view text) {
    std::string shown = toValidUtf8(text.substr(0, 40));
    std::ranges::replace_if(
        shown, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
    return '"' + shown + (text.size() > 40 ? "...\"" : "\"");
}

/// Reads one line from left to right.
class LineParser {
public:
    LineParser(std::string_view line, Format format, const ExpositionLimits& limits,
               std::vector<std::string>& warnings)
        : m_rest(line), m_format(format), m_limits(limits), m_warnings(warnings) {}

    tl::expected<MetricSample, LineError> parse() {
        MetricSample sample;
        if (m_format == Format::Text)
            skipBlanks();
        sample.name = takeName(true);
        const bool spaced = m_format == Format::Text && skipBlanks();
        if (sample.name.size() > m_limits.maxNameBytes)
            return refuse("the metric name is longer than " +
                              std::to_string(m_limits.maxNameBytes) + " bytes",
                          true);
        const bool labelled = take('{');
        if (labelled) {
            if (const auto labels = parseLabels(sample.labels, &sample.name, '}'); !labels)
                return Error(labels.error());
        }
        if (sample.name.empty())
            return refuse(quoted(m_rest) + " does not begin with a metric name");
        if (const auto end = parseNumbers(sample, spaced || (labelled && m_format == Format::Text));
            !end)
            return Error(end.error());
        return sample;
    }

private:
    using Step = tl::expected<void, LineError>;

    bool take(char c) {
        if (m_rest.empty() || m_rest.front() != c)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    bool skipBlanks() {
        const std::size_t count = std::min(m_rest.find_first_not_of(" \t"), m_rest.size());
        m_rest.remove_prefix(count);
        return count > 0;
    }
    std::string takeName(bool metric) {
        std::size_t size = 0;
        while (size < m_rest.size() &&
               ((size == 0 ? isNameStart(m_rest[size]) : isNamePart(m_rest[size])) ||
                (metric && m_rest[size] == ':')))
            ++size;
        std::string name(m_rest.substr(0, size));
        m_rest.remove_prefix(size);
        return name;
    }
    std::string_view takeWord() {
        const std::size_t size = std::min(m_rest.find_first_of(" \t"), m_rest.size());
        const std::string_view word = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return word;
    }

    /// The inside of quotes, the opening one taken already.
    tl::expected<std::string, LineError> parseQuoted() {
        std::string value;
        while (!m_rest.empty() && m_rest.front() != '"') {
            const char c = m_rest.front();
            m_rest.remove_prefix(1);
            if (c != '\\') {
                value += c;
            } else if (m_rest.empty()) {
                break;
            } else if (take('n')) {
                value += '\n';
            } else if (take('\\') || take('"')) {
                value += *(m_rest.data() - 1);
            } else {
                if (m_format == Format::Text)
                    m_warnings.push_back("unknown escape in a label value");
                value += '\\';
            }
            if (value.size() > m_limits.maxValueBytes)
                return refuse("a label value is longer than " +
                                  std::to_string(m_limits.maxValueBytes) + " bytes",
                              true);
        }
        if (!take('"'))
            return refuse("a label value has no closing quote");
        if (isValidUtf8(value))
            return value;
        m_warnings.push_back("a label value is not UTF-8");
        return toValidUtf8(value);
    }

    /// Up to and with the closing brace. A lone quoted word is the metric's name (Prometheus 3).
    Step parseLabels(MetricLabels& labels, std::string* metricName, char close) {
        bool first = true;
        for (;;) {
            blanksInText();
            if (take(close))
                return {};
            if (!first) {
                if (!take(','))
                    return refuse("the labels lack a comma or a closing brace at " +
                                  quoted(m_rest));
                blanksInText();
                if (take(close)) // a trailing comma is allowed
                    return {};
            }
            first = false;
            if (const Step label = parseLabel(labels, metricName); !label)
                return label;
        }
    }

    Step parseLabel(MetricLabels& labels, std::string* metricName) {
        MetricLabel label;
        const bool inQuotes = take('"');
        if (inQuotes) {
            auto name = parseQuoted();
            if (!name)
                return Error(name.error());
            label.name = std::move(*name);
        } else {
            label.name = takeName(false);
        }
        if (label.name.empty())
            return refuse(quoted(m_rest) + " is not a label name");
        if (label.name.size() > m_limits.maxNameBytes)
            return refuse("a label name is longer than " + std::to_string(m_limits.maxNameBytes) +
                              " bytes",
                          true);
        blanksInText();
        if (!take('=')) {
            if (!inQuotes || !metricName || !metricName->empty())
                return refuse("the label " + quoted(label.name) + " has no value");
            *metricName = std::move(label.name);
            return {};
        }
        blanksInText();
        if (!take('"'))
            return refuse("the value of the label " + quoted(label.name) + " is not in quotes");
        auto value = parseQuoted();
        if (!value)
            return Error(value.error());
        label.value = std::move(*value);
        if (label.name == "__name__")
            return refuse("the label name __name__ is reserved");
        if (std::ranges::find(labels, label.name, &MetricLabel::name) != labels.end())
            return refuse("the label " + quoted(label.name) + " is there twice");
        if (labels.size() == m_limits.maxLabels)
            return refuse("more than " + std::to_string(m_limits.maxLabels) + " labels", true);
        labels.push_back(std::move(label));
        return {};
    }

    /// Value, timestamp and exemplar; `spaced`: no further blank is needed before the value.
    Step parseNumbers(MetricSample& sample, bool spaced) {
        if (!m_rest.empty() && !gap() && !spaced)
            return refuse("a blank is missing before the value at " + quoted(m_rest));
        const std::string_view word = takeWord();
        if (word.empty())
            return refuse("the metric " + quoted(sample.name) + " has no value");
        const auto value = parseSampleValue(word);
        if (!value)
            return refuse(quoted(word) + " is not a number");
        sample.value = *value;
        if (m_rest.empty())
            return {};
        gap();
        if (!m_rest.empty() && m_rest.front() != '#') {
            const std::string_view stamp = takeWord();
            sample.timestamp = parseTimestamp(stamp);
            if (!sample.timestamp)
                return refuse(quoted(stamp) + " is not a timestamp");
            if (m_rest.empty())
                return {};
            gap();
        }
        if (m_format == Format::OpenMetrics && take('#'))
            return parseExemplar();
        if (m_rest.empty() && m_format == Format::Text)
            return {};
        return refuse(quoted(m_rest) + " follows where the line should end");
    }

    /// ` {labels} value [timestamp]`; checked, and not kept.
    Step parseExemplar() {
        MetricLabels labels;
        if (!take(' ') || !take('{'))
            return refuse("an exemplar without labels");
        if (const Step inside = parseLabels(labels, nullptr, '}'); !inside)
            return inside;
        if (!take(' ') || !parseSampleValue(takeWord()))
            return refuse("an exemplar without value");
        if (m_rest.empty())
            return {};
        if (!take(' ') || !parseTimestamp(takeWord()) || !m_rest.empty())
            return refuse("an exemplar with a wrong timestamp");
        return {};
    }

    /// Seconds; the text format counts whole milliseconds.
    std::optional<double> parseTimestamp(std::string_view word) const {
        if (m_format == Format::OpenMetrics) {
            const auto value = parseSampleValue(word);
            return value && std::isfinite(*value) ? value : std::nullopt;
        }
        long long ms = 0;
        const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), ms);
        if (problem != std::errc() || end != word.data() + word.size())
            return {};
        return static_cast<double>(ms) / 1000;
    }

    /// The separator before a number: one blank in OpenMetrics, any white space in text.
    bool gap() { return m_format == Format::OpenMetrics ? take(' ') : skipBlanks(); }
    void blanksInText() {
        if (m_format == Format::Text)
            skipBlanks();
    }

    std::string_view m_rest;
    Format m_format;
    const ExpositionLimits& m_limits;
    std::vector<std::string>& m_warnings;
};

} // namespace

tl::expected<MetricSample, LineError> parseSampleLine(std::string_view line, Format format,
                                                      const ExpositionLimits& limits,
                                                      std::vector<std::string>& warnings) {
    return LineParser(line, format, limits, warnings).parse();
}

std::optional<double> parseSampleValue(std::string_view word) {
    if (word.starts_with('+'))
        word.remove_prefix(1);
    if (word.empty() || word.front() == '+' || word.find('(') != std::string_view::npos)
        return {};
    double value = 0;
    const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (problem != std::errc() || end != word.data() + word.size())
        return {};
    return value;
}

bool isMetricName(std::string_view name) {
    return !name.empty() && (isNameStart(name.front()) || name.front() == ':') &&
           std::ranges::all_of(name, [](char c) { return isNamePart(c) || c == ':'; });
}

bool isLabelName(std::string_view name) {
    return !name.empty() && isNameStart(name.front()) && std::ranges::all_of(name, isNamePart);
}

} // namespace vigie
