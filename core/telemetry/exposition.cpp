#include "core/telemetry/exposition.h"

#include "core/telemetry/expositionreader.h"
#include "core/telemetry/sampleline.h"

#include <algorithm>
#include <unordered_map>

namespace vigie {

namespace {

using Format = ExpositionFormat;

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

struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const {
        return std::hash<std::string_view>()(name);
    }
};

/// Puts the samples of one exposition together to families.
class FamilyBuilder final : public ExpositionHandler {
public:
    FamilyBuilder(Format format, const ExpositionLimits& limits, const ExpositionFilter& wanted)
        : m_strict(format == Format::OpenMetrics), m_reader(format, limits, *this),
          m_wanted(wanted) {}

    tl::expected<Exposition, ExpositionError> read(std::string_view bytes) {
        auto progress = m_reader.feed(bytes);
        if (progress)
            progress = m_reader.finish();
        if (!progress)
            return tl::unexpected(std::move(progress).error());
        m_out.samples = m_reader.samples();
        m_out.warnings = m_reader.takeWarnings();
        return std::move(m_out);
    }

    Step type(std::string_view name, MetricType type) override {
        const std::size_t at = indexOf(name);
        State& state = m_states[at];
        const bool repeated = std::exchange(state.typed, true);
        if (repeated || state.sampled)
            return remark("TYPE of " + std::string(name) +
                          (repeated ? " for the second time" : " after its samples"));
        m_out.families[at].type = type;
        return {};
    }

    Step text(std::string_view name, Text kind, std::string_view value) override {
        const std::size_t at = indexOf(name);
        MetricFamily& family = m_out.families[at];
        std::string& field = kind == Text::Help ? family.help : family.unit;
        if (m_strict && m_states[at].sampled)
            return refuse("metadata of " + family.name + " after its samples");
        if (!field.empty())
            return m_strict ? refuse("a second HELP or UNIT for " + family.name)
                            : remark("a second HELP for " + family.name);
        field = value;
        return {};
    }

    Step sample(const SampleView& sample) override {
        const std::size_t at = familyOf(sample.name);
        MetricFamily& family = m_out.families[at];
        State& state = m_states[at];
        if (!state.sampled) {
            state.sampled = true;
            state.wanted = !m_wanted || m_wanted(family);
        }
        if (!state.wanted)
            return {};
        checkBoundary(family.type, sample);
        MetricSample& kept = family.samples.emplace_back();
        kept.name = sample.name;
        kept.labels.reserve(sample.labels.size());
        for (const LabelView& label : sample.labels)
            kept.labels.push_back({std::string(label.name), std::string(label.value)});
        kept.value = sample.value;
        kept.timestamp = sample.timestamp;
        return {};
    }

private:
    struct State {
        bool typed = false, sampled = false, wanted = true;
    };

    void checkBoundary(MetricType type, const SampleView& sample) {
        if (type != MetricType::Summary && type != MetricType::Histogram)
            return;
        const char* name = type == MetricType::Summary ? "quantile" : "le";
        const auto label = std::ranges::find(sample.labels, name, &LabelView::name);
        if (label != sample.labels.end() && !parseSampleValue(label->value))
            m_reader.warn(std::string("the label ") + name + " of " + std::string(sample.name) +
                          " is not a number");
    }

    /// The family of that name, made when it is new.
    std::size_t indexOf(std::string_view name) {
        if (const auto known = m_index.find(name); known != m_index.end())
            return known->second;
        const std::size_t at = m_out.families.size();
        m_index.emplace(std::string(name), at);
        m_out.families.push_back({std::string(name), MetricType::Unknown, {}, {}, {}});
        m_states.emplace_back();
        return at;
    }

    /// The family a sample belongs to: its own name's, or that of the name without a suffix which
    /// the type of that family has.
    std::size_t familyOf(std::string_view sample) {
        if (m_last < m_out.families.size() && m_lastSample == sample)
            return m_last;
        m_lastSample = sample;
        if (const auto own = m_index.find(sample); own != m_index.end())
            return m_last = own->second;
        const std::size_t cut = sample.rfind('_');
        if (cut != std::string_view::npos) {
            const auto base = m_index.find(sample.substr(0, cut));
            if (base != m_index.end() &&
                hasSuffix(m_out.families[base->second].type, sample.substr(cut)))
                return m_last = base->second;
        }
        return m_last = indexOf(sample);
    }

    static Step refuse(std::string what) {
        return tl::unexpected(LineError{std::move(what), false});
    }
    /// An error in OpenMetrics, a warning in text.
    Step remark(std::string what) {
        if (m_strict)
            return refuse(std::move(what));
        m_reader.warn(what);
        return {};
    }

    const bool m_strict;
    ExpositionReader m_reader;
    const ExpositionFilter& m_wanted;
    Exposition m_out;
    std::vector<State> m_states; ///< of the families
    std::unordered_map<std::string, std::size_t, NameHash, std::equal_to<>> m_index;
    std::string m_lastSample; ///< most lines name the metric of the line before
    std::size_t m_last = static_cast<std::size_t>(-1);
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
                                                          const ExpositionLimits& limits,
                                                          const ExpositionFilter& wanted) {
    return FamilyBuilder(format, limits, wanted).read(bytes);
}

} // namespace vigie
