#pragma once

#include "core/telemetry/exposition.h"
#include "core/telemetry/histogram.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vigie {

class CounterSet;
class GaugeSet;
class HistogramSet;

/// How much a registry may hold, so that a label which somebody else chooses can't fill the memory
/// of who scrapes.
struct MetricLimits {
    /// Of one family. Further labels are counted under the value "other"; a gauge of theirs is not
    /// shown at all.
    std::size_t maxSeries = 1000;
    /// Counts by family what found no room; shown once there is something to count.
    std::string overflowMetric = "vigie_metrics_overflow_total";
    /// Told once for each family that is full, on the thread that met it.
    std::function<void(const std::string& family)> onFull;
};

/// What a histogram held in its last minutes.
struct LatencyWindowReading {
    const char* name; ///< "1m"
    std::uint64_t count;
    LatencyPercentiles percentiles;
};

/// One series as it stands now.
struct MetricReading {
    MetricLabels labels;
    double value = 0;
    std::optional<Histogram> histogram;        ///< in place of the value
    std::vector<LatencyWindowReading> windows; ///< of histograms that are observed here
};

/// One family as it stands now.
struct MetricFamilyReading {
    std::string name, help;
    MetricType type = MetricType::Unknown;
    std::vector<MetricReading> series;
};

/// Everything a program tells about itself at /metrics. Any thread.
///
/// Names follow Prometheus' rules (counters end in _total, times are in _seconds). What a page
/// can't hold is mended, never passed on: a name with other characters, a help text with line ends
/// or backslashes, a label value that is not UTF-8. Asking again for a name gives the same set;
/// asking for it as another kind is a mistake in the program (asserted; the release gives a set
/// nobody sees).
class MetricRegistry {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit MetricRegistry(MetricLimits limits = {});
    ~MetricRegistry();
    MetricRegistry(const MetricRegistry&) = delete;
    MetricRegistry& operator=(const MetricRegistry&) = delete;

    /// The sets live as long as the registry.
    CounterSet& counters(const std::string& name, const std::string& help);
    GaugeSet& gauges(const std::string& name, const std::string& help);
    /// Of durations; `name` ends in _seconds.
    HistogramSet& histograms(const std::string& name, const std::string& help);

    /// The page, in text format 0.0.4: families by name; sets without a series are left out.
    std::string serialize() const;
    static constexpr const char* contentType = "text/plain; version=0.0.4; charset=utf-8";

    /// The same figures as values, with the views of the last minutes before `now`.
    std::vector<MetricFamilyReading> read(Time now) const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

/// Numbers that only grow, one for each set of labels.
class CounterSet {
public:
    /// Negative and NaN add nothing.
    void add(const MetricLabels& labels = {}, double by = 1);
    /// For a count kept elsewhere: raises the counter to `total`, never lowers it.
    void raiseTo(const MetricLabels& labels, double total);

private:
    friend class MetricRegistry;
    class Private;
    explicit CounterSet(std::shared_ptr<Private> p) : d(std::move(p)) {}
    std::shared_ptr<Private> d;
};

/// Numbers that come and go, one for each set of labels.
class GaugeSet {
public:
    void set(const MetricLabels& labels, double value);
    void set(double value) { set({}, value); }
    /// These and no others: series that are not named are gone from the page.
    void replace(const std::vector<std::pair<MetricLabels, double>>& all);

private:
    friend class MetricRegistry;
    class Private;
    explicit GaugeSet(std::shared_ptr<Private> p) : d(std::move(p)) {}
    std::shared_ptr<Private> d;
};

/// Distributions of durations, shown as classic buckets in seconds from 1 ms to 1 h. A value up to
/// 1.6 % above a bound may count as below it (the width of Histogram's buckets).
class HistogramSet {
public:
    /// The lock is held to find the series only. `now` places it in the views of last minutes.
    void observe(const MetricLabels& labels, std::chrono::nanoseconds duration,
                 MetricRegistry::Time now);
    /// Of each series what was observed in the `length` before `now` (WindowedLatency::window()).
    std::vector<std::pair<MetricLabels, Histogram>> recent(std::chrono::nanoseconds length,
                                                           MetricRegistry::Time now) const;
    /// For a histogram kept elsewhere: shows it in place of what was there.
    void set(const MetricLabels& labels, const Histogram& histogram);

private:
    friend class MetricRegistry;
    class Private;
    explicit HistogramSet(std::shared_ptr<Private> p) : d(std::move(p)) {}
    std::shared_ptr<Private> d;
};

} // namespace vigie
