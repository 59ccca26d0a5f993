#pragma once

#include "core/telemetry/exposition.h"

#include <span>

namespace vigie {

class SampleLineParser;

/// A label of the sample that is shown right now.
struct LabelView {
    std::string_view name;
    std::string_view value; ///< valid UTF-8, unescaped
};

/// One sample, shown for the time of a call.
struct SampleView {
    std::string_view name; ///< with its suffix: x_bucket, x_total
    std::span<const LabelView> labels;
    double value = 0;
    std::optional<double> timestamp; ///< seconds since the epoch, in both formats
};

/// Something wrong with one line; the reader adds where.
struct LineError {
    std::string message;
    bool tooLarge = false;
};

/// Takes what an ExpositionReader reads, line by line; nothing it is shown outlives the call. An
/// error that it returns ends the reading.
class ExpositionHandler {
public:
    using Step = tl::expected<void, LineError>;
    enum class Text { Help, Unit };

    virtual ~ExpositionHandler() = default;
    virtual Step type(std::string_view name, MetricType type) = 0;
    virtual Step text(std::string_view name, Text kind, std::string_view value) = 0;
    virtual Step sample(const SampleView& sample) = 0;
};

/// Reads an exposition in whatever pieces it comes, one line at a time: its memory is bounded by
/// the longest line, and a line that came whole is read in place. It knows lines only; which
/// samples make a family is for the handler.
class ExpositionReader {
public:
    /// `handler` and `limits` outlive the reader.
    ExpositionReader(ExpositionFormat format, const ExpositionLimits& limits,
                     ExpositionHandler& handler);
    ~ExpositionReader();

    using Progress = tl::expected<void, ExpositionError>;
    /// Shows the handler all lines that end in this piece or before. An error is final: every later
    /// call gives it again.
    Progress feed(std::string_view bytes);
    /// Says that nothing follows: text that does not end with a newline, and OpenMetrics without
    /// its EOF, are truncated.
    Progress finish();

    std::size_t line() const { return m_line; }       ///< the newest one, from 1
    std::size_t samples() const { return m_samples; } ///< so far
    /// Notes something tolerable about the newest line; the first 20 are kept.
    void warn(const std::string& what);
    /// What a strict reader would refuse, each with its line.
    std::vector<std::string> takeWarnings() { return std::move(m_warnings); }

private:
    void readLine(std::string_view line, bool cut);
    void readComment(std::string_view rest);
    void readType(std::string_view name, std::string_view word);
    void readText(std::string_view name, bool isHelp, std::string_view value);
    void readSample(std::string_view line);
    std::string_view takeFamilyName(std::string_view& rest);
    void take(const ExpositionHandler::Step& step);
    void fail(const std::string& what, bool tooLarge = false, bool truncated = false);
    Progress progress() const;

    ExpositionFormat m_format;
    const ExpositionLimits& m_limits;
    ExpositionHandler& m_handler;
    std::unique_ptr<SampleLineParser> m_parser;
    std::string m_begun; ///< of a line whose end has not come yet
    std::string m_name, m_value;
    std::vector<std::string> m_warnings;
    ExpositionError m_problem;
    std::size_t m_bytes = 0;
    std::size_t m_line = 0;
    std::size_t m_samples = 0;
    bool m_ended = false;
};

} // namespace vigie
