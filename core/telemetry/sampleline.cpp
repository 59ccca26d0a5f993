#include "core/telemetry/sampleline.h"

#include "core/telemetry/utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace vigie {

namespace {

using Error = tl::unexpected<LineError>;
using Format = ExpositionFormat;

Error refuse(std::string message, bool tooLarge = false) {
    return Error(LineError{std::move(message), tooLarge});
}

Error tooLong(const char* what, std::size_t limit) {
    return refuse(std::string(what) + " is longer than " + std::to_string(limit) + " bytes", true);
}

enum : unsigned char { NameStart = 1, NamePart = 2, PlainInQuotes = 4 };

constexpr std::array<unsigned char, 256> classes = [] {
    std::array<unsigned char, 256> table{};
    for (int c = 0; c < 256; ++c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        const bool digit = c >= '0' && c <= '9';
        table[static_cast<std::size_t>(c)] =
            static_cast<unsigned char>((letter ? NameStart : 0) | (letter || digit ? NamePart : 0) |
                                       (c < 0x80 && c != '"' && c != '\\' ? PlainInQuotes : 0));
    }
    return table;
}();

bool is(char c, unsigned char kind) {
    return classes[static_cast<unsigned char>(c)] & kind;
}

/// A piece of the other side's text, fit for a message.
std::string quoted(std::string_view text) {
    std::string shown = toValidUtf8(text.substr(0, 40));
    std::ranges::replace_if(
        shown, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
    return '"' + shown + (text.size() > 40 ? "...\"" : "\"");
}

} // namespace

struct SampleLineParser::Line {
    std::string_view rest;
    bool text; ///< not OpenMetrics: white space is free

    bool take(char c) {
        if (rest.empty() || rest.front() != c)
            return false;
        rest.remove_prefix(1);
        return true;
    }
    bool skipBlanks() {
        std::size_t count = 0;
        while (count < rest.size() && (rest[count] == ' ' || rest[count] == '\t'))
            ++count;
        rest.remove_prefix(count);
        return count > 0;
    }
    void blanksInText() {
        if (text)
            skipBlanks();
    }
    /// The separator before a number: one blank in OpenMetrics, any white space in text.
    bool gap() { return text ? skipBlanks() : take(' '); }

    std::string_view takeSome(std::size_t count) {
        const std::string_view taken = rest.substr(0, count);
        rest.remove_prefix(count);
        return taken;
    }
    std::string_view takeName(bool metric) {
        std::size_t size = 0;
        while (size < rest.size() &&
               (is(rest[size], size == 0 ? NameStart : NamePart) || (metric && rest[size] == ':')))
            ++size;
        return takeSome(size);
    }
    std::string_view takeWord() {
        std::size_t size = 0;
        while (size < rest.size() && rest[size] != ' ' && rest[size] != '\t')
            ++size;
        return takeSome(size);
    }
};

tl::expected<SampleView, LineError> SampleLineParser::parse(std::string_view bytes) {
    m_warnings.clear();
    m_labels.clear();
    m_usedCopies = 0;
    Line line{bytes, m_format == Format::Text};
    SampleView sample;
    line.blanksInText();
    sample.name = line.takeName(true);
    const bool spaced = line.text && line.skipBlanks();
    const bool labelled = line.take('{');
    if (labelled) {
        if (const Step labels = parseLabels(line, m_labels, &sample.name); !labels)
            return Error(labels.error());
    }
    if (sample.name.size() > m_limits.maxNameBytes)
        return tooLong("the metric name", m_limits.maxNameBytes);
    if (sample.name.empty())
        return refuse(quoted(line.rest) + " does not begin with a metric name");
    sample.labels = m_labels;
    if (const Step end = parseNumbers(line, sample, spaced || (labelled && line.text)); !end)
        return Error(end.error());
    return sample;
}

/// The inside of quotes, the opening one taken already.
tl::expected<std::string_view, LineError> SampleLineParser::parseQuoted(Line& line) {
    std::size_t size = 0;
    while (size < line.rest.size() && is(line.rest[size], PlainInQuotes))
        ++size;
    const std::string_view begin = line.takeSome(size);
    if (!line.take('"'))
        return parseEscaped(line, begin);
    if (begin.size() > m_limits.maxValueBytes)
        return tooLong("a label value", m_limits.maxValueBytes);
    return begin;
}

/// The same from the first byte on that may need a change; `begin` came before.
tl::expected<std::string_view, LineError> SampleLineParser::parseEscaped(Line& line,
                                                                         std::string_view begin) {
    if (m_usedCopies == m_copies.size())
        m_copies.emplace_back();
    std::string& value = m_copies[m_usedCopies++];
    value = begin;
    while (!line.rest.empty() && line.rest.front() != '"') {
        const char c = line.rest.front();
        line.rest.remove_prefix(1);
        if (c != '\\') {
            value += c;
        } else if (line.rest.empty()) {
            break;
        } else if (line.take('n')) {
            value += '\n';
        } else if (line.take('\\') || line.take('"')) {
            value += *(line.rest.data() - 1);
        } else {
            if (line.text)
                m_warnings.push_back("unknown escape in a label value");
            value += '\\';
        }
    }
    if (!line.take('"'))
        return refuse("a label value has no closing quote");
    if (!isValidUtf8(value)) {
        m_warnings.push_back("a label value is not UTF-8");
        value = toValidUtf8(value);
    }
    if (value.size() > m_limits.maxValueBytes)
        return tooLong("a label value", m_limits.maxValueBytes);
    return value;
}

/// Up to and with the closing brace. A lone quoted word is the metric's name (Prometheus 3).
SampleLineParser::Step SampleLineParser::parseLabels(Line& line, std::vector<LabelView>& labels,
                                                     std::string_view* metricName) {
    for (bool first = true;; first = false) {
        line.blanksInText();
        if (line.take('}'))
            return {};
        if (!first) {
            if (!line.take(','))
                return refuse("the labels lack a comma or a closing brace at " + quoted(line.rest));
            line.blanksInText();
            if (line.take('}')) // a trailing comma is allowed
                return {};
        }
        if (const Step label = parseLabel(line, labels, metricName); !label)
            return label;
    }
}

SampleLineParser::Step SampleLineParser::parseLabel(Line& line, std::vector<LabelView>& labels,
                                                    std::string_view* metricName) {
    LabelView label;
    const bool inQuotes = line.take('"');
    if (inQuotes) {
        const auto name = parseQuoted(line);
        if (!name)
            return Error(name.error());
        label.name = *name;
    } else {
        label.name = line.takeName(false);
    }
    if (label.name.empty())
        return refuse(quoted(line.rest) + " is not a label name");
    if (label.name.size() > m_limits.maxNameBytes)
        return tooLong("a label name", m_limits.maxNameBytes);
    line.blanksInText();
    if (!line.take('=')) {
        if (!inQuotes || !metricName || !metricName->empty())
            return refuse("the label " + quoted(label.name) + " has no value");
        *metricName = label.name;
        return {};
    }
    line.blanksInText();
    if (!line.take('"'))
        return refuse("the value of the label " + quoted(label.name) + " is not in quotes");
    const auto value = parseQuoted(line);
    if (!value)
        return Error(value.error());
    label.value = *value;
    if (label.name == "__name__")
        return refuse("the label name __name__ is reserved");
    for (const LabelView& other : labels) {
        if (other.name == label.name)
            return refuse("the label " + quoted(label.name) + " is there twice");
    }
    if (labels.size() == m_limits.maxLabels)
        return refuse("more than " + std::to_string(m_limits.maxLabels) + " labels", true);
    labels.push_back(label);
    return {};
}

/// Value, timestamp and exemplar; `spaced`: no further blank is needed before the value.
SampleLineParser::Step SampleLineParser::parseNumbers(Line& line, SampleView& sample, bool spaced) {
    if (!line.rest.empty() && !line.gap() && !spaced)
        return refuse("a blank is missing before the value at " + quoted(line.rest));
    const std::string_view word = line.takeWord();
    if (word.empty())
        return refuse("the metric " + quoted(sample.name) + " has no value");
    const auto value = parseSampleValue(word);
    if (!value)
        return refuse(quoted(word) + " is not a number");
    sample.value = *value;
    if (line.rest.empty())
        return {};
    line.gap();
    if (!line.rest.empty() && line.rest.front() != '#') {
        const std::string_view stamp = line.takeWord();
        sample.timestamp = parseTimestamp(stamp);
        if (!sample.timestamp)
            return refuse(quoted(stamp) + " is not a timestamp");
        if (line.rest.empty())
            return {};
        line.gap();
    }
    if (!line.text && line.take('#'))
        return parseExemplar(line);
    if (line.rest.empty() && line.text)
        return {};
    return refuse(quoted(line.rest) + " follows where the line should end");
}

/// ` {labels} value [timestamp]`; checked, and not kept.
SampleLineParser::Step SampleLineParser::parseExemplar(Line& line) {
    if (!line.take(' ') || !line.take('{'))
        return refuse("an exemplar without labels");
    m_exemplarLabels.clear();
    if (const Step inside = parseLabels(line, m_exemplarLabels, nullptr); !inside)
        return inside;
    if (!line.take(' ') || !parseSampleValue(line.takeWord()))
        return refuse("an exemplar without value");
    if (line.rest.empty())
        return {};
    if (!line.take(' ') || !parseTimestamp(line.takeWord()) || !line.rest.empty())
        return refuse("an exemplar with a wrong timestamp");
    return {};
}

/// Seconds; the text format counts whole milliseconds.
std::optional<double> SampleLineParser::parseTimestamp(std::string_view word) const {
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

std::optional<double> parseSampleValue(std::string_view word) {
    // Most values are small whole numbers, and a double holds 15 digits of those exactly.
    if (!word.empty() && word.size() <= 15) {
        std::int64_t whole = 0;
        std::size_t i = 0;
        for (; i < word.size() && word[i] >= '0' && word[i] <= '9'; ++i)
            whole = whole * 10 + (word[i] - '0');
        if (i == word.size())
            return static_cast<double>(whole);
    }
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
    return !name.empty() && (is(name.front(), NameStart) || name.front() == ':') &&
           std::ranges::all_of(name, [](char c) { return is(c, NamePart) || c == ':'; });
}

bool isLabelName(std::string_view name) {
    return !name.empty() && is(name.front(), NameStart) &&
           std::ranges::all_of(name, [](char c) { return is(c, NamePart); });
}

} // namespace vigie
