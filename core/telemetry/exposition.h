#pragma once

#include "core/telemetry/histogram.h"

#include <tl/expected.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigie {

/// What a Prometheus scrape brings: text format 0.0.4 or OpenMetrics 1.0.
enum class ExpositionFormat { Text, OpenMetrics };

enum class MetricType {
    Unknown, ///< "untyped", "unknown", or no TYPE line
    Counter,
    Gauge,
    Histogram,
    GaugeHistogram,
    Summary,
    Info,
    StateSet,
};

struct MetricLabel {
    std::string name;
    std::string value; ///< valid UTF-8, unescaped
    bool operator==(const MetricLabel&) const = default;
};
using MetricLabels = std::vector<MetricLabel>;

struct MetricSample {
    std::string name; ///< with its suffix: x_bucket, x_total
    MetricLabels labels;
    double value = 0;
    std::optional<double> timestamp; ///< seconds since the epoch, in both formats
};

/// All samples that belong together under one TYPE.
struct MetricFamily {
    std::string name;
    MetricType type = MetricType::Unknown;
    std::string help;
    std::string unit;
    std::vector<MetricSample> samples;
};

struct Exposition {
    std::vector<MetricFamily> families; ///< in the order they came
    std::size_t samples = 0;
    /// What a strict reader would refuse and Prometheus' own scraper takes; the first 20, each with
    /// its line.
    std::vector<std::string> warnings;

    /// Null when there is none of that name.
    const MetricFamily* find(std::string_view name) const;
};

struct ExpositionError {
    std::size_t line = 0;   ///< from 1
    std::string message;    ///< "line 7: the label le has no value"
    bool tooLarge = false;  ///< a limit was passed
    bool truncated = false; ///< it ends in the middle
};

/// Over any of these the whole exposition is refused.
struct ExpositionLimits {
    std::size_t maxBytes = 64 * 1024 * 1024;
    std::size_t maxSamples = 200'000;
    std::size_t maxLabels = 64;            ///< of one sample
    std::size_t maxNameBytes = 512;        ///< of a metric or label
    std::size_t maxValueBytes = 16 * 1024; ///< of a label or a help text
    std::size_t maxLineBytes = 2 * 1024 * 1024;
};

/// Whether the samples of a family are kept; asked once, with its name and type known.
using ExpositionFilter = std::function<bool(const MetricFamily&)>;

/// OpenMetrics when the Content-Type says so, else text.
ExpositionFormat expositionFormat(std::string_view contentType);

/// Reads a whole exposition. Any bytes are survived; what can't be understood is an error that
/// names the line. Text that does not end with a newline, and OpenMetrics without its EOF, are
/// truncated. Samples that are not `wanted` are read and counted, and not kept: they cost less than
/// half.
tl::expected<Exposition, ExpositionError> parseExposition(std::string_view bytes,
                                                          ExpositionFormat format,
                                                          const ExpositionLimits& limits = {},
                                                          const ExpositionFilter& wanted = {});

/// One histogram of a family: the labels that tell it from the others, `le` excluded.
struct HistogramSeries {
    MetricLabels labels; ///< sorted by name
    ClassicHistogram histogram;
};

/// The histograms of a family of type Histogram or GaugeHistogram, in the order they came; empty
/// for other types. Buckets whose `le` is no number are left out; a missing +Inf is made from the
/// count.
std::vector<HistogramSeries> classicHistograms(const MetricFamily& family);

} // namespace vigie
