#include "core/telemetry/exposition.h"

#include "core/telemetry/sampleline.h"
#include "core/telemetry/utf8.h"

#include <algorithm>
#include <array>
#include <unordered_map>
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

/// Whether samples of a family of this type carry `suffix` after its name.
bool hasSuffix(MetricType type, std::string_view suffix) {
    const auto isOneOf = [suffix](std::initializer_list<std::string_view> suffixes) {
        return std::ranges::find(suffixes, suffix) != suffixes.end();
    };
    switch (type) {
    case MetricType::Counter:
        return isOneOf({"_total", "_created"});
    case MetricType::Histogram:
        return isOneOf({"_bucket", "_count", "_sum", "_created"});
    case MetricType::GaugeHistogram:
        return isOneOf({"_bucket", "_gcount", "_gsum"});
    case MetricType::Summary:
        return isOneOf({"_count", "_sum", "_created"});
    case MetricType::Info:
        return suffix == "_info";
    default:
        return false;
    }
}

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

/// Puts the lines of one exposition together.
class Reader {
public:
    Reader(Format format, const ExpositionLimits& limits) : m_format(format), m_limits(limits) {}

    tl::expected<Exposition, ExpositionError> read(std::string_view bytes) {
        if (bytes.size() > m_limits.maxBytes)
            return error("longer than " + std::to_string(m_limits.maxBytes) + " bytes", true);
        while (!bytes.empty() && m_problem.message.empty()) {
            ++m_line;
            const std::size_t end = bytes.find('\n');
            const bool cut = end == std::string_view::npos;
            std::string_view line = bytes.substr(0, end);
            bytes.remove_prefix(cut ? bytes.size() : end + 1);
            if (m_format == Format::Text && line.ends_with('\r'))
                line.remove_suffix(1);
            readLine(line, cut);
        }
        if (!m_problem.message.empty())
            return tl::unexpected(std::move(m_problem));
        if (m_format == Format::OpenMetrics && !m_ended)
            return error("the closing # EOF is missing", false, true);
        return std::move(m_out);
    }

private:
    void readLine(std::string_view line, bool cut) {
        if (m_ended)
            return fail("something follows # EOF");
        if (m_format == Format::OpenMetrics && line == "# EOF") {
            m_ended = true;
            return;
        }
        std::string_view text = line;
        if (m_format == Format::Text)
            text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
        if (cut && !text.empty())
            return fail("the last line has no end", false, true);
        if (text.empty())
            return m_format == Format::OpenMetrics ? fail("an empty line") : void();
        if (m_line == 1 && text.front() == '<')
            return fail("this is HTML or XML, not metrics");
        if (text.front() == '#')
            readComment(text);
        else
            readSample(line);
    }

    void readComment(std::string_view rest) {
        const bool text = m_format == Format::Text;
        takeWord(rest, text); // the #
        const std::string_view keyword = takeWord(rest, text);
        const bool known = keyword == "HELP" || keyword == "TYPE" || keyword == "UNIT";
        if (!known)
            return text ? void() : fail("a comment that is not HELP, TYPE, UNIT or EOF");
        const bool hasValue = rest.find_first_of(text ? " \t" : " ") != std::string_view::npos;
        const std::string name = takeFamilyName(rest);
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
    std::string takeFamilyName(std::string_view& rest) const {
        const std::size_t quote =
            rest.starts_with('"') ? rest.find('"', 1) : std::string_view::npos;
        if (quote != std::string_view::npos) {
            const std::string name = toValidUtf8(rest.substr(1, quote - 1));
            rest.remove_prefix(quote + 1);
            takeWord(rest, m_format == Format::Text);
            return name;
        }
        const std::string_view word = takeWord(rest, m_format == Format::Text);
        return isMetricName(word) ? std::string(word) : std::string();
    }

    void readText(const std::string& name, bool isHelp, std::string_view value) {
        MetricFamily& family = familyNamed(name);
        std::string& field = isHelp ? family.help : family.unit;
        if (m_format == Format::OpenMetrics && !family.samples.empty())
            return fail("metadata of " + name + " after its samples");
        if (!field.empty()) {
            if (m_format == Format::OpenMetrics)
                return fail("a second HELP or UNIT for " + name);
            return warn("a second HELP for " + name);
        }
        const bool ofAnotherUnit =
            !isHelp && !value.empty() && !name.ends_with("_" + std::string(value));
        if (m_format == Format::OpenMetrics && ofAnotherUnit)
            return fail("the unit " + toValidUtf8(value.substr(0, 40)) + " is not in the name " +
                        name);
        field = unescapeHelp(value);
    }

    void readType(const std::string& name, std::string_view word) {
        if (m_format == Format::Text)
            word = word.substr(0, word.find_last_not_of(" \t") + 1);
        const auto found =
            std::ranges::find(typeWords, word, [](const auto& w) { return w.first; });
        const bool known =
            found != typeWords.end() && !(m_format == Format::OpenMetrics && word == "untyped");
        if (!known && m_format == Format::OpenMetrics)
            return fail("unknown type of " + name);
        if (!known)
            warn("unknown type of " + name);
        MetricFamily& family = familyNamed(name);
        const bool repeated = !m_typed.emplace(name, m_line).second;
        if (m_format == Format::OpenMetrics && (repeated || !family.samples.empty()))
            return fail("TYPE of " + name +
                        (repeated ? " for the second time" : " after its samples"));
        if (repeated || !family.samples.empty())
            return warn("TYPE of " + name +
                        (repeated ? " for the second time" : " after its samples"));
        family.type = known ? found->second : MetricType::Unknown;
    }

    void readSample(std::string_view line) {
        if (m_out.samples == m_limits.maxSamples)
            return fail("more than " + std::to_string(m_limits.maxSamples) + " samples", true);
        m_lineWarnings.clear();
        auto sample = parseSampleLine(line, m_format, m_limits, m_lineWarnings);
        for (const std::string& each : m_lineWarnings)
            warn(each);
        if (!sample)
            return fail(sample.error().message, sample.error().tooLarge);
        MetricFamily& family = familyOf(sample->name);
        checkBoundary(family.type, *sample);
        family.samples.push_back(std::move(*sample));
        ++m_out.samples;
    }

    void checkBoundary(MetricType type, const MetricSample& sample) {
        const char* name = type == MetricType::Summary ? "quantile" : "le";
        if (type != MetricType::Summary && type != MetricType::Histogram)
            return;
        const auto label = std::ranges::find(sample.labels, name, &MetricLabel::name);
        if (label != sample.labels.end() && !parseSampleValue(label->value))
            warn(std::string("the label ") + name + " of " + sample.name + " is not a number");
    }

    MetricFamily& familyNamed(const std::string& name) {
        const auto [entry, isNew] = m_index.emplace(name, m_out.families.size());
        if (isNew)
            m_out.families.push_back({name, MetricType::Unknown, {}, {}, {}});
        return m_out.families[entry->second];
    }

    /// The family a sample belongs to: its own name's, or that of the name without a suffix which
    /// the type of that family has.
    MetricFamily& familyOf(const std::string& sample) {
        if (m_last < m_out.families.size() && m_lastSample == sample)
            return m_out.families[m_last];
        std::size_t found = m_out.families.size();
        if (const auto own = m_index.find(sample); own != m_index.end())
            found = own->second;
        const std::size_t cut = sample.rfind('_');
        if (found == m_out.families.size() && cut != std::string::npos) {
            const auto base = m_index.find(sample.substr(0, cut));
            const std::string_view suffix = std::string_view(sample).substr(cut);
            if (base != m_index.end() && hasSuffix(m_out.families[base->second].type, suffix))
                found = base->second;
        }
        MetricFamily& family =
            found < m_out.families.size() ? m_out.families[found] : familyNamed(sample);
        m_last = static_cast<std::size_t>(&family - m_out.families.data());
        m_lastSample = sample;
        return family;
    }

    tl::unexpected<ExpositionError> error(const std::string& what, bool tooLarge = false,
                                          bool truncated = false) {
        fail(what, tooLarge, truncated);
        return tl::unexpected(m_problem);
    }
    void fail(const std::string& what, bool tooLarge = false, bool truncated = false) {
        const std::size_t line = std::max<std::size_t>(m_line, 1);
        m_problem = {line, "line " + std::to_string(line) + ": " + what, tooLarge, truncated};
    }
    void warn(const std::string& what) {
        if (m_out.warnings.size() < maxWarnings)
            m_out.warnings.push_back("line " + std::to_string(m_line) + ": " + what);
    }

    Format m_format;
    const ExpositionLimits& m_limits;
    Exposition m_out;
    ExpositionError m_problem;
    std::unordered_map<std::string, std::size_t> m_index; ///< family by name
    std::unordered_map<std::string, std::size_t> m_typed; ///< line of the TYPE by name
    std::vector<std::string> m_lineWarnings;
    std::string m_lastSample; ///< most lines name the metric of the line before
    std::size_t m_last = static_cast<std::size_t>(-1);
    std::size_t m_line = 0;
    bool m_ended = false;
};

} // namespace

const MetricFamily* Exposition::find(std::string_view name) const {
    const auto found = std::ranges::find(families, name, &MetricFamily::name);
    return found == families.end() ? nullptr : &*found;
}

ExpositionFormat expositionFormat(std::string_view contentType) {
    std::string lower(contentType.substr(0, contentType.find(';')));
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    });
    return lower.find("application/openmetrics-text") != std::string::npos ? Format::OpenMetrics
                                                                           : Format::Text;
}

tl::expected<Exposition, ExpositionError> parseExposition(std::string_view bytes, Format format,
                                                          const ExpositionLimits& limits) {
    return Reader(format, limits).read(bytes);
}

} // namespace vigie
