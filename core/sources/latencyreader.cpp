#include "core/sources/latencyreader.h"

#include "core/telemetry/exposition.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

namespace vigie {

namespace {

/// What one of the metric's unit is in seconds, by the end of its name; nothing for what is not
/// time.
std::optional<double> secondsPerUnit(const MetricFamily& family) {
    static constexpr std::array<std::pair<std::string_view, double>, 7> units{{
        {"_milliseconds", 1e-3},
        {"_microseconds", 1e-6},
        {"_nanoseconds", 1e-9},
        {"_seconds", 1},
        {"_ms", 1e-3},
        {"_us", 1e-6},
        {"_ns", 1e-9},
    }};
    for (const auto& [suffix, factor] : units) {
        if (family.name.ends_with(suffix))
            return factor;
    }
    return family.unit == "seconds" ? std::optional(1.0) : std::nullopt;
}

int rank(const MetricFamily& family) {
    const std::string_view name = family.name;
    const auto has = [&](std::string_view word) { return name.find(word) != name.npos; };
    return has("request_duration") ? 0 : has("duration") || has("latency") ? 1 : 2;
}

std::shared_ptr<const ClassicHistogram> inSeconds(ClassicHistogram histogram, double factor) {
    for (ClassicHistogram::Bucket& bucket : histogram.buckets)
        bucket.upperBound *= factor;
    histogram.sum *= factor;
    return std::make_shared<const ClassicHistogram>(std::move(histogram));
}

QMap<QString, QString> words(const MetricLabels& labels) {
    QMap<QString, QString> map;
    for (const MetricLabel& label : labels)
        map.insert(QString::fromStdString(label.name), QString::fromStdString(label.value));
    return map;
}

Failure unreadable(const ExpositionError& error) {
    const auto kind = error.tooLarge ? FailureKind::TooLarge : FailureKind::Malformed;
    QString says = QString::fromStdString(error.message);
    if (error.truncated)
        says += QStringLiteral("; the body is cut off");
    return {kind, std::move(says), 0, {}, {}, {}};
}

} // namespace

Outcome<LatencyRead> readLatencies(const HttpReply& reply, const LatencyWish& wish) {
    const auto format = expositionFormat(reply.header("Content-Type").toStdString());
    const std::string prefix = wish.prefix.toStdString();
    // A big server's page is mostly counters, of which nothing is wanted.
    const auto isWanted = [&prefix](const MetricFamily& family) {
        return family.type == MetricType::Histogram && family.name.starts_with(prefix);
    };
    const auto exposition = parseExposition(
        std::string_view(reply.body.constData(), static_cast<size_t>(reply.body.size())), format,
        {}, isWanted);
    if (!exposition)
        return fail(unreadable(exposition.error()));

    LatencyRead read;
    read.samples = exposition->samples;
    std::vector<const MetricFamily*> families;
    int others = 0;
    for (const MetricFamily& family : exposition->families) {
        if (!isWanted(family))
            continue;
        if (secondsPerUnit(family))
            families.push_back(&family);
        else
            ++others;
    }
    std::ranges::stable_sort(families, [](const auto* a, const auto* b) {
        return std::pair(rank(*a), a->name) < std::pair(rank(*b), b->name);
    });
    size_t found = 0;
    for (const MetricFamily* family : families) {
        for (HistogramSeries& series : classicHistograms(*family)) {
            if (++found > wish.maxSeries)
                continue;
            read.series.push_back(
                {{},
                 QString::fromStdString(family->name),
                 words(series.labels),
                 nullptr,
                 inSeconds(std::move(series.histogram), *secondsPerUnit(*family))});
        }
    }
    if (found > wish.maxSeries)
        read.notices << QStringLiteral(
                            "%1 of %2 latency series are shown, request durations first.")
                            .arg(wish.maxSeries)
                            .arg(found);
    if (others > 0)
        read.notices
            << QStringLiteral("%1 histograms do not measure time and are not shown.").arg(others);
    if (found == 0 && wish.prefix.isEmpty())
        read.notices << QStringLiteral("There are no histograms of time among its %1 samples.")
                            .arg(read.samples);
    return read;
}

} // namespace vigie
