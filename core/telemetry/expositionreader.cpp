#include "core/telemetry/expositionreader.h"

#include "core/telemetry/sampleline.h"
#include "core/telemetry/utf8.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace vigie {

namespace {

using Format = ExpositionFormat;
constexpr std::size_t maxWarnings = 20;

constexpr std::array<std::pair<std::string_view, MetricType>, 9> typeWords{{
    {"counter", MetricType::Counter},
    {"gauge", MetricType::Gauge},
    {"histogram", MetricType::Histogram},
    {"gaugehistogram", MetricType::GaugeHistogram},
    {"summary", MetricType::Summary},
    {"info", MetricType::Info},
    {"stateset", MetricType::StateSet},
    {"unknown", MetricType::Unknown},
    {"untyped", MetricType::Unknown},
}};

std::string_view takeWord(std::string_view& rest, bool anyBlank) {
    const char* blanks = anyBlank ? " \t" : " ";
    const std::size_t size = std::min(rest.find_first_of(blanks), rest.size());
    const std::string_view word = rest.substr(0, size);
    rest.remove_prefix(size);
    if (anyBlank)
        rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
    else if (!rest.empty())
        rest.remove_prefix(1);
    return word;
}

std::string unescapeHelp(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char next = i + 1 < text.size() ? text[i + 1] : '\0';
        if (text[i] == '\\' && (next == 'n' || next == '\\' || next == '"')) {
            out += next == 'n' ? '\n' : next;
            ++i;
        } else {
            out += text[i];
        }
    }
    return toValidUtf8(out);
}

bool isPlain(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return c == '\\' || (c & 0x80); });
}

} // namespace

ExpositionReader::ExpositionReader(Format format, const ExpositionLimits& limits,
                                   ExpositionHandler& handler)
    : m_format(format), m_limits(limits), m_handler(handler),
      m_parser(std::make_unique<SampleLineParser>(format, limits)) {}

ExpositionReader::~ExpositionReader() = default;

ExpositionReader::Progress ExpositionReader::feed(std::string_view bytes) {
    m_bytes += bytes.size();
    if (m_bytes > m_limits.maxBytes && m_problem.message.empty())
        fail("longer than " + std::to_string(m_limits.maxBytes) + " bytes", true);
    while (!bytes.empty() && m_problem.message.empty()) {
        const auto* end = static_cast<const char*>(std::memchr(bytes.data(), '\n', bytes.size()));
        const std::size_t size = end ? static_cast<std::size_t>(end - bytes.data()) : bytes.size();
        if (m_begun.size() + size > m_limits.maxLineBytes) {
            ++m_line;
            fail("the line is longer than " + std::to_string(m_limits.maxLineBytes) + " bytes",
                 true);
        } else if (!end) {
            m_begun += bytes;
        } else if (m_begun.empty()) {
            readLine(bytes.substr(0, size), false);
        } else {
            m_begun += bytes.substr(0, size);
            readLine(m_begun, false);
            m_begun.clear();
        }
        bytes.remove_prefix(end ? size + 1 : size);
    }
    return progress();
}

ExpositionReader::Progress ExpositionReader::finish() {
    if (m_problem.message.empty() && !m_begun.empty())
        readLine(std::exchange(m_begun, {}), true);
    if (m_problem.message.empty() && m_format == Format::OpenMetrics && !m_ended)
        fail("the closing # EOF is missing", false, true);
    return progress();
}

ExpositionReader::Progress ExpositionReader::progress() const {
    if (m_problem.message.empty())
        return {};
    return tl::unexpected(m_problem);
}

void ExpositionReader::readLine(std::string_view line, bool cut) {
    ++m_line;
    std::string_view text = line;
    if (m_format == Format::Text) {
        if (text.ends_with('\r'))
            text.remove_suffix(1);
        text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    } else if (m_ended) {
        return fail("something follows # EOF");
    } else if (line == "# EOF") {
        m_ended = true;
        return;
    }
    if (cut && !text.empty())
        return fail("the last line has no end", false, true);
    if (text.empty())
        return m_format == Format::OpenMetrics ? fail("an empty line") : void();
    if (m_line == 1 && text.front() == '<')
        return fail("this is HTML or XML, not metrics");
    if (text.front() == '#')
        readComment(text);
    else
        readSample(text);
}

void ExpositionReader::readComment(std::string_view rest) {
    const bool text = m_format == Format::Text;
    takeWord(rest, text); // the #
    const std::string_view keyword = takeWord(rest, text);
    const bool known = keyword == "HELP" || keyword == "TYPE" || keyword == "UNIT";
    if (!known)
        return text ? void() : fail("a comment that is not HELP, TYPE, UNIT or EOF");
    const bool hasValue = rest.find_first_of(text ? " \t" : " ") != std::string_view::npos;
    const std::string_view name = takeFamilyName(rest);
    if (text && keyword != "TYPE" && rest.empty())
        return; // a comment that only looks like one
    if (name.empty())
        return fail("no metric name after # " + std::string(keyword));
    if (name.size() > m_limits.maxNameBytes || rest.size() > m_limits.maxValueBytes)
        return fail("the # " + std::string(keyword) + " line is too long", true);
    if (!text && !hasValue)
        return fail("nothing after the name in # " + std::string(keyword));
    if (keyword == "TYPE")
        readType(name, rest);
    else
        readText(name, keyword == "HELP", rest);
}

/// Empty when there is none. In quotes it may hold anything (Prometheus 3).
std::string_view ExpositionReader::takeFamilyName(std::string_view& rest) {
    const std::size_t quote = rest.starts_with('"') ? rest.find('"', 1) : std::string_view::npos;
    if (quote != std::string_view::npos) {
        m_name = toValidUtf8(rest.substr(1, quote - 1));
        rest.remove_prefix(quote + 1);
        takeWord(rest, m_format == Format::Text);
        return m_name;
    }
    const std::string_view word = takeWord(rest, m_format == Format::Text);
    return isMetricName(word) ? word : std::string_view();
}

void ExpositionReader::readText(std::string_view name, bool isHelp, std::string_view value) {
    const bool foreignUnit = !isHelp && !value.empty() && !name.ends_with("_" + std::string(value));
    if (m_format == Format::OpenMetrics && foreignUnit)
        return fail("the unit " + toValidUtf8(value.substr(0, 40)) + " is not in the name " +
                    std::string(name));
    if (!isPlain(value)) {
        m_value = unescapeHelp(value);
        value = m_value;
    }
    take(m_handler.text(
        name, isHelp ? ExpositionHandler::Text::Help : ExpositionHandler::Text::Unit, value));
}

void ExpositionReader::readType(std::string_view name, std::string_view word) {
    if (m_format == Format::Text)
        word = word.substr(0, word.find_last_not_of(" \t") + 1);
    const auto found = std::ranges::find(typeWords, word, [](const auto& w) { return w.first; });
    const bool known =
        found != typeWords.end() && !(m_format == Format::OpenMetrics && word == "untyped");
    if (!known && m_format == Format::OpenMetrics)
        return fail("unknown type of " + std::string(name));
    if (!known)
        warn("unknown type of " + std::string(name));
    take(m_handler.type(name, known ? found->second : MetricType::Unknown));
}

void ExpositionReader::readSample(std::string_view line) {
    if (m_samples == m_limits.maxSamples)
        return fail("more than " + std::to_string(m_limits.maxSamples) + " samples", true);
    const auto sample = m_parser->parse(line);
    for (const std::string& each : m_parser->warnings())
        warn(each);
    if (!sample)
        return fail(sample.error().message, sample.error().tooLarge);
    ++m_samples;
    take(m_handler.sample(*sample));
}

void ExpositionReader::take(const ExpositionHandler::Step& step) {
    if (!step)
        fail(step.error().message, step.error().tooLarge);
}

void ExpositionReader::fail(const std::string& what, bool tooLarge, bool truncated) {
    const std::size_t line = std::max<std::size_t>(m_line, 1);
    m_problem = {line, "line " + std::to_string(line) + ": " + what, tooLarge, truncated};
}

void ExpositionReader::warn(const std::string& what) {
    if (m_warnings.size() < maxWarnings)
        m_warnings.push_back("line " + std::to_string(m_line) + ": " + what);
}

} // namespace vigie
